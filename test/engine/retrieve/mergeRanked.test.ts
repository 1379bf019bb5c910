import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeRanked } from "../../../src/engine/retrieve/mergeRanked.ts";

test("streams are joined by key, of equals the earlier stream first and each in its own order", () => {
  const stream = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 8 }).map((keys) => keys.sort((a, b) => b - a));
  fc.assert(
    fc.property(fc.array(stream, { maxLength: 4 }), (streams) => {
      const entries = streams.map((keys, from) => keys.map((key, at) => ({ key, from, at })));
      const sorted = entries.flat().sort((a, b) => b.key - a.key || a.from - b.from || a.at - b.at);
      expect([...mergeRanked(entries)]).toEqual(sorted);
    }),
  );
});

test("no more is taken from a stream than is needed", () => {
  let taken = 0;
  const endless = (function* () {
    for (let key = 100; ; key--) {
      taken++;
      yield { key };
    }
  })();
  const merged = mergeRanked([endless, [{ key: 99.5 }]]);
  expect([merged.next().value, merged.next().value]).toEqual([{ key: 100 }, { key: 99.5 }]);
  expect(taken).toBeLessThanOrEqual(2);
});
