import { beforeAll, describe, expect, test } from "vitest";
import type { JournalEvent } from "../../../src/contract/events.ts";
import type { Projection } from "../../../src/engine/seams.ts";
import { openProjection } from "../../../src/engine/store/openProjection.ts";
import { loadSql, type SqlEngine } from "../../../src/engine/store/sqlEngine.ts";
import { captured, memory, recorded } from "./memoryFixture.ts";

let sql: SqlEngine;
beforeAll(async () => {
  sql = await loadSql();
});

const projected = (...events: readonly JournalEvent[]): Projection => {
  const projection = openProjection(sql);
  projection.apply(recorded(events));
  return projection;
};
const forgotten = (ids: readonly string[], undoToken: string, at: number): JournalEvent => ({
  type: "forgotten",
  ids,
  undoToken,
  at,
});

describe("what was learned and forgotten", () => {
  const section = (id: string, hash: string) =>
    captured(id, {
      eventType: "document",
      metadata: { document: { hash, section: "s", path: "p" } },
      signature: "sig",
    });
  const commit = {
    type: "captured",
    memory: memory("c", { eventType: "commit" }),
    idempotencyKey: "commit:abc",
  } as const;
  const unlearned = (projection: Projection) => [projection.unlearned("commit"), projection.unlearned("section")];
  const both = [["abc"], ["h s sig"]];

  test("is known until it is brought back or captured again", () => {
    const projection = projected(section("a", "h"), commit, captured("x"), forgotten(["a", "c", "x"], "undo", 50));
    expect(unlearned(projection)).toEqual(both);
    projection.apply(recorded([{ type: "restored", undoToken: "undo", at: 60 }], 5));
    expect(unlearned(projection)).toEqual([[], []]);
    projection.apply(recorded([forgotten(["a", "c"], "", 70)], 6));
    expect(unlearned(projection)).toEqual(both);
    projection.apply(recorded([section("b", "h"), { ...commit, memory: memory("d", { eventType: "commit" }) }], 7));
    expect(unlearned(projection)).toEqual([[], []]);
  });

  test("stays known when the text is gone: in the image, and from one snapshot to the next", () => {
    const projection = projected(section("a", "h"), commit, forgotten(["a", "c"], "undo", 50));
    projection.apply(recorded([forgotten(["c"], "", 60)], 4));
    let snapshot = [...projection.living(55)];
    expect(openProjection(sql, projection.image(55)).unlearned("section")).toEqual(["h s sig"]);
    for (let round = 0; round < 2; round++) {
      expect(snapshot.map(({ seq, event }) => [seq, event.type])).toEqual([
        [3, "unlearned"],
        [4, "unlearned"],
      ]);
      const again = openProjection(sql);
      again.apply(snapshot);
      expect(unlearned(again)).toEqual(both);
      snapshot = [...again.living(99)];
    }
  });

  test("can still be brought back from a snapshot", () => {
    const projection = projected(section("a", "h"), commit, forgotten(["a", "c"], "undo", 50));
    const again = openProjection(sql);
    again.apply([...projection.living(20)]);
    expect(unlearned(again)).toEqual(both);
    again.apply(recorded([{ type: "restored", undoToken: "undo", at: 60 }], 4));
    expect(unlearned(again)).toEqual([[], []]);
  });
});
