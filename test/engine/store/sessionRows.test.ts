import fc from "fast-check";
import { expect, test } from "vitest";
import { addRow, emptyRowSet } from "../../../src/contract/rowSet.ts";
import { SessionRows } from "../../../src/engine/store/sessionRows.ts";

test("rows stand in their session by time, however they came, and neighbours outside of a set are passed over", () => {
  const row = fc.record({
    session: fc.integer({ min: 0, max: 3 }),
    time: fc.integer({ min: 0, max: 9 }),
    in: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 3 }), (given, reach) => {
      const sessions = Uint32Array.from([0, ...given.map(({ session }) => session)]);
      const times = Float64Array.from([0, ...given.map(({ time }) => time)]);
      const within = emptyRowSet(given.length + 1);
      for (const [index, one] of given.entries()) if (one.in) addRow(within, index + 1);
      const rows = new SessionRows();
      for (let limit = 1; limit <= given.length + 1; limit += 3) rows.upTo(limit, sessions, times);
      rows.upTo(given.length + 1, sessions, times);
      for (let asked = 1; asked <= given.length; asked++) {
        const all = given
          .map((one, index) => ({ ...one, row: index + 1 }))
          .filter(
            ({ session, row: other, in: is }) =>
              session !== 0 && session === sessions[asked] && (is || other === asked),
          )
          .sort((a, b) => a.time - b.time || a.row - b.row)
          .map(({ row: other }) => other);
        const place = all.indexOf(asked);
        expect(rows.beside(asked, reach, within)).toEqual({
          before: place === -1 ? [] : all.slice(Math.max(0, place - reach), place).reverse(),
          after: place === -1 ? [] : all.slice(place + 1, place + 1 + reach),
        });
      }
    }),
  );
});
