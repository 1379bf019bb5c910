import fc from "fast-check";
import { expect, test } from "vitest";
import { openProjection } from "../../../src/engine/store/openProjection.ts";
import { loadSql } from "../../../src/engine/store/sqlEngine.ts";
import { captured, provenance, recorded } from "./memoryFixture.ts";

const sql = await loadSql();
const FILES = ["a.ts", "b.ts", "c.ts"];

test("the newest memories of a file are known through every change, as they are when all is read anew", () => {
  const change = fc.record({
    what: fc.constantFrom("capture" as const, "forget" as const, "revise" as const),
    row: fc.nat(30),
    paths: fc.subarray(FILES),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), fc.nat(20), (changes, readAt) => {
      const projection = openProjection(sql);
      const ids: string[] = [];
      for (const [at, { what, row, paths }] of changes.entries()) {
        if (at === readAt) projection.anchorsOf(1);
        const anchors = paths.map((path) => ({ path }));
        const id = ids[row % Math.max(1, ids.length)];
        if (what === "capture" || id === undefined) {
          ids.push(`m${at}`);
          projection.apply(recorded([captured(`m${at}`, { anchors })], at + 1));
        } else if (what === "forget") {
          projection.apply(recorded([{ type: "forgotten", ids: [id], undoToken: "u", at }], at + 1));
        } else {
          const revised = {
            type: "revised",
            id,
            revision: at + 2,
            changes: { anchors },
            provenance: provenance(),
          } as const;
          projection.apply(recorded([revised], at + 1));
        }
      }
      const anew = openProjection(sql, projection.image(-1));
      for (let row = 1; row < projection.rowLimit; row++)
        expect([...projection.anchorsOf(row)].sort()).toEqual([...anew.anchorsOf(row)].sort());
      const codes = new Set(Array.from({ length: projection.rowLimit }, (_, row) => [...anew.anchorsOf(row)]).flat());
      for (const code of codes) {
        const all = anew.newestAnchored(code, 100);
        expect(all).toEqual([...all].sort((a, b) => b - a));
        expect(projection.newestAnchored(code, 100)).toEqual(all);
        expect(projection.newestAnchored(code, 2)).toEqual(all.slice(0, 2));
        expect(projection.newestAnchored(code, 100, 5)).toEqual(all.filter((row) => row < 5));
      }
    }),
  );
});
