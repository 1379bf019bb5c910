import fc from "fast-check";
import { expect, test } from "vitest";
import { RowsByTime } from "../../../src/engine/store/rowsByTime.ts";

test("rows stand by time and then by row, however they came in and however often one asks in between", () => {
  const arrival = fc.record({ time: fc.integer({ min: -5, max: 5 }), ask: fc.boolean(), restored: fc.boolean() });
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 60 }), (arrivals) => {
      const order = new RowsByTime();
      const times = new Float64Array(arrivals.length + 1);
      arrivals.forEach(({ time, ask, restored }, index) => {
        const row = index + 1;
        times[row] = time;
        if (ask) order.upTo(row + 1, times);
        if (!restored) return;
        const back = Math.ceil(row / 2);
        times[back] = time + 1;
        order.moved(back);
      });
      const rows = Array.from({ length: arrivals.length }, (_, index) => index + 1);
      const expected = rows.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
      expect([...order.upTo(arrivals.length + 1, times)]).toEqual(expected);
    }),
  );
});
