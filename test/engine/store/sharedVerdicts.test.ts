import { beforeAll, expect, test } from "vitest";
import type { JournalEvent } from "../../../src/contract/events.ts";
import type { SharedVerdict } from "../../../src/contract/share.ts";
import { openProjection } from "../../../src/engine/store/openProjection.ts";
import { loadSql, type SqlEngine } from "../../../src/engine/store/sqlEngine.ts";
import { recorded } from "./memoryFixture.ts";

let sql: SqlEngine;
beforeAll(async () => {
  sql = await loadSql();
});

const said = (id: string, hash: string, state: SharedVerdict["state"]): SharedVerdict => ({
  ...{ id, hash, state },
  path: `.heirloom/memories/rule/${id}.md`,
});
const shared = (...verdicts: readonly SharedVerdict[]): JournalEvent => ({ type: "shared", verdicts });

test("what was said last of each text stands, in the image and in a snapshot", () => {
  const projection = openProjection(sql);
  expect(projection.shared()).toEqual({ trusted: false, verdicts: [] });
  projection.apply(recorded([shared(said("a", "1", "refused"), said("b", "1", "accepted"))]));
  projection.apply(recorded([shared(said("a", "1", "accepted")), { type: "shared", trusted: true }], 2));
  const fromSnapshot = openProjection(sql);
  fromSnapshot.apply([...projection.living(0)]);
  const expected = { trusted: true, verdicts: [said("b", "1", "accepted"), said("a", "1", "accepted")] };
  for (const one of [projection, openProjection(sql, projection.image(0)), fromSnapshot])
    expect(one.shared()).toEqual(expected);
  projection.apply(recorded([{ type: "shared", trusted: false }], 4));
  expect(projection.shared().trusted).toBe(false);
});
