import { beforeAll, describe, expect, test } from "vitest";
import type { JournalEvent, RecordedEvent } from "../../../src/contract/events.ts";
import type { Projection } from "../../../src/engine/seams.ts";
import { openProjection } from "../../../src/engine/store/openProjection.ts";
import { loadSql, type SqlEngine } from "../../../src/engine/store/sqlEngine.ts";
import { captured, memory, provenance, recorded, view } from "./memoryFixture.ts";

let sql: SqlEngine;
beforeAll(async () => {
  sql = await loadSql();
});

const projected = (...events: readonly JournalEvent[]): Projection => {
  const projection = openProjection(sql);
  projection.apply(recorded(events));
  return projection;
};

const merged = (id: string, changes: Partial<Extract<JournalEvent, { type: "merged" }>> = {}): JournalEvent => ({
  type: "merged",
  id,
  provenance: provenance({ at: 2 }),
  tags: [],
  metadata: {},
  anchors: [],
  ...changes,
});

const forgotten = (ids: readonly string[], undoToken = "undo", at = 50): JournalEvent => ({
  type: "forgotten",
  ids,
  undoToken,
  at,
});

/** All that a projection answers about its memories. */
const stateOf = (projection: Projection): unknown => ({
  memories: [...projection.memories()],
  counts: projection.counts(),
  rows: [...projection.livingRows(0)],
  signatures: [...projection.signatures()],
  commits: [...projection.memoryCommits()].sort(),
  pending: projection.pending(),
  undoable: projection.undoable("undo"),
  oldest: projection.oldestForgotten(),
});

describe("captured", () => {
  test("gives back the memory as it was recorded, and reports it as added", () => {
    const whole = memory("a", {
      title: "Title \0 with NUL and 🧠",
      tags: ["x", "ü"],
      metadata: { list: [1, "two", null, { lat: 3, lon: 4 }], "a.b": { c: true } },
      anchors: [{ path: "src/a.ts", symbol: "a" }],
      sessionId: "s",
      expiresAt: 5000,
      ttlSeconds: 4,
      mergedFrom: [provenance({ commit: "c0" })],
      parts: [
        { start: 0, end: 3, tokens: 1, headings: ["H"] },
        { start: 3, end: 9, tokens: 2, headings: [] },
      ],
      flags: ["redacted"],
    });
    const projection = openProjection(sql);
    const delta = projection.apply([{ seq: 7, event: { type: "captured", memory: whole } }]);
    expect(delta).toEqual({ added: [{ row: 7, memory: whole }], changed: [], removed: [] });
    expect(projection.memory(7)).toEqual(whole);
    expect(projection.rowOf("a")).toBe(7);
    expect(projection.rowLimit).toBe(8);
    expect(projection.lastSeq).toBe(7);
  });

  test("is skipped at or below lastSeq, and when the id is known", () => {
    const projection = projected(captured("a"), captured("a", { content: "again" }));
    expect(projection.memory(1)?.content).toBe("content of a");
    expect(projection.memory(2)).toBeUndefined();
    const version = projection.version;
    expect(projection.apply(recorded([captured("late")], 2)).added).toEqual([]);
    expect(projection.version).toBe(version);
    expect(projection.rowOf("late")).toBeUndefined();
  });

  test("of an id that was forgotten takes its place", () => {
    const projection = projected(captured("a"), forgotten(["a"]), captured("a", { content: "anew" }));
    expect(projection.rowOf("a")).toBe(3);
    expect(projection.undoable("undo")).toEqual([]);
    expect(projection.counts().memories).toBe(1);
  });
});

describe("merged", () => {
  test("adds provenance, new tags, new metadata keys and new anchors, and keeps what was there", () => {
    const projection = projected(
      captured("a", { tags: ["x"], metadata: { kept: 1 }, anchors: [{ path: "p" }] }),
      merged("a", {
        tags: ["x", "y"],
        metadata: { kept: 2, fresh: 3 },
        anchors: [{ path: "p" }, { path: "q", symbol: "s" }],
      }),
    );
    expect(projection.memory(1)).toEqual(
      memory("a", {
        tags: ["x", "y"],
        metadata: { kept: 1, fresh: 3 },
        anchors: [{ path: "p" }, { path: "q", symbol: "s" }],
        mergedFrom: [provenance({ at: 2 })],
      }),
    );
    const fresh = projection.rowsWhere({ op: "eq", ref: { field: "metadata", path: ["fresh"] }, value: 3 });
    expect([...fresh]).toEqual([2]);
  });

  test("stops at 64 tags", () => {
    const tags = Array.from({ length: 60 }, (_, at) => `t${at}`);
    const projection = projected(captured("a", { tags }), merged("a", { tags: ["u1", "u2", "u3", "u4", "u5"] }));
    expect(projection.memory(1)?.tags).toEqual([...tags, "u1", "u2", "u3", "u4"]);
  });

  test("keeps a repeated provenance once, and a bounded number that say nothing new", () => {
    const many = Array.from({ length: 400 }, (_, at) => merged("a", { provenance: provenance({ at, commit: "c" }) }));
    const projection = projected(captured("a", { scope: "lineage" }), merged("a"), merged("a"), ...many);
    expect(projection.memory(1)?.mergedFrom).toHaveLength(255);
    projection.apply(recorded([merged("a", { provenance: provenance({ at: 999, commit: "new" }) })], 900));
    expect(projection.memory(1)?.mergedFrom.at(-1)?.commit).toBe("new");
  });
});

describe("revised", () => {
  test("changes what it names, moves the row between filters, and sets the expiry", () => {
    const projection = projected(captured("a", { tags: ["old"], metadata: { n: 1 } }));
    const delta = projection.apply(
      recorded(
        [
          {
            type: "revised",
            id: "a",
            revision: 2,
            changes: {
              content: "new",
              kind: "rule",
              tags: ["new"],
              metadata: { n: 2 },
              expiresAt: 100,
              signature: "m1:BBBB",
            },
            provenance: provenance(),
          },
        ],
        2,
      ),
    );
    expect(delta.changed.map(({ row, memory: after }) => [row, after.revision, after.content])).toEqual([
      [1, 2, "new"],
    ]);
    const rows = (path: string, value: number): readonly number[] => [
      ...projection.rowsWhere({ op: "eq", ref: { field: "metadata", path: [path] }, value }),
    ];
    expect(rows("n", 1)).toEqual([0]);
    expect(rows("n", 2)).toEqual([2]);
    expect([...projection.rowsWhere({ op: "eq", ref: { field: "tags" }, value: "old" })]).toEqual([0]);
    expect([...projection.rowsWhere({ op: "eq", ref: { field: "kind" }, value: "rule" })]).toEqual([2]);
    expect([...projection.livingRows(99)]).toEqual([2]);
    expect([...projection.livingRows(100)]).toEqual([0]);
    expect([...projection.signatures()]).toEqual([{ row: 1, signature: "m1:BBBB" }]);
  });
});

test("a row's timestamp and whether it has anchors are known without reading it, through every change", () => {
  const anchors = [{ path: "src/a.ts" }];
  const projection = projected(captured("a", { anchors }), captured("b", { timestamp: 7 }));
  const anchored = (): boolean[] => [1, 2, 3].map((row) => projection.isAnchored(row));
  expect(anchored()).toEqual([true, false, false]);
  expect([1, 2, 3].map((row) => projection.timestamp(row))).toEqual([1000, 7, undefined]);
  projection.apply(recorded([captured("c", { anchors }), forgotten(["a"])], 3));
  expect(anchored().slice(1)).toEqual([false, true]);
  expect(projection.timestamp(1)).toBeUndefined();
});

describe("forgotten and restored", () => {
  test("hides, keeps for undo, and brings back", () => {
    const projection = projected(captured("a"), captured("b"), captured("c"));
    expect(projection.apply(recorded([forgotten(["a", "c", "unknown"])], 4)).removed).toEqual([1, 3]);
    expect(projection.memory(1)).toBeUndefined();
    expect(projection.rowOf("a")).toBeUndefined();
    expect([...projection.livingRows(0)]).toEqual([4]);
    expect(projection.hiddenBecause(1, view(), 0)).toBe("forgotten");
    expect(projection.undoable("undo")).toEqual(["a", "c"]);
    expect(projection.oldestForgotten()).toBe(50);
    expect(projection.keepWhere({ op: "exists", ref: { field: "id" }, value: true }, [3, 2, 1])).toEqual([2]);
    expect([...projection.rowsWhere({ op: "exists", ref: { field: "id" }, value: true })]).toEqual([4]);
    const back = projection.apply(recorded([{ type: "restored", undoToken: "undo", at: 60 }], 5));
    expect(back.added).toEqual([
      { row: 1, memory: memory("a") },
      { row: 3, memory: memory("c") },
    ]);
    expect(projection.undoable("undo")).toEqual([]);
    expect(projection.oldestForgotten()).toBeUndefined();
  });

  test("for good takes the way back from what was forgotten before, and the next compaction its text", () => {
    const projection = projected(captured("a"), captured("b"), forgotten(["a", "b"]));
    expect([projection.isForgotten("a"), projection.isForgotten("unknown")]).toEqual([true, false]);
    const delta = projection.apply(recorded([forgotten(["a"], "", 60)], 4));
    expect(delta).toEqual({ added: [], changed: [], removed: [] });
    expect(projection.undoable("undo")).toEqual(["b"]);
    expect(projection.oldestForgotten()).toBe(0);
    expect(JSON.stringify([...projection.living(10)])).not.toContain("content of a");
    projection.apply(recorded([{ type: "restored", undoToken: "undo", at: 70 }], 5));
    expect([projection.rowOf("a"), projection.rowOf("b")]).toEqual([undefined, 2]);
    projection.image(10);
    expect(projection.isForgotten("a")).toBe(false);
  });

  test("again with a way back changes nothing", () => {
    const projection = projected(captured("a"), forgotten(["a"]), forgotten(["a"], "other", 60));
    expect([projection.undoable("undo"), projection.undoable("other")]).toEqual([["a"], []]);
  });

  test("in one batch come to nothing", () => {
    const projection = openProjection(sql);
    const delta = projection.apply(recorded([captured("a"), forgotten(["a"])]));
    expect(delta).toEqual({ added: [], changed: [], removed: [] });
  });

  test("a revision meanwhile is part of what comes back", () => {
    const revised: JournalEvent = {
      type: "revised",
      id: "a",
      revision: 2,
      changes: { content: "new" },
      provenance: provenance(),
    };
    const projection = projected(captured("a"), forgotten(["a"]), revised, {
      type: "restored",
      undoToken: "undo",
      at: 60,
    });
    expect(projection.memory(1)?.content).toBe("new");
  });
});

describe("bound", () => {
  test("gives the pending provenances their commit and leaves the others", () => {
    const waiting = provenance({ pending: true, commit: "head", branch: "wip", worktree: "w" });
    const projection = projected(
      captured("a", { scope: "lineage", provenance: waiting, mergedFrom: [provenance({ commit: "c1" })] }),
      captured("b", { scope: "lineage", provenance: waiting }),
    );
    expect(projection.pending()).toEqual([
      { id: "a", row: 1, at: 1, commit: "head", branch: "wip", worktree: "w" },
      { id: "b", row: 2, at: 1, commit: "head", branch: "wip", worktree: "w" },
    ]);
    expect(projection.memoryCommits()).toEqual(["c1"]);
    projection.apply(recorded([{ type: "bound", ids: ["a"], worktree: "w", commit: "c2", branch: "main" }], 3));
    expect(projection.memory(1)?.provenance).toEqual({ ...waiting, pending: false, commit: "c2", branch: "main" });
    expect(projection.memory(1)?.mergedFrom).toEqual([provenance({ commit: "c1" })]);
    expect(projection.pending().map(({ id }) => id)).toEqual(["b"]);
    expect([...projection.memoryCommits()].sort()).toEqual(["c1", "c2"]);
    expect([...projection.rowsWhere({ op: "eq", ref: { field: "gitCommit" }, value: "c2" })]).toEqual([2]);
  });
});

test("an event about an unknown id changes nothing", () => {
  const projection = projected(captured("a"));
  const before = stateOf(projection);
  const revised: JournalEvent = {
    type: "revised",
    id: "x",
    revision: 2,
    changes: { content: "y" },
    provenance: provenance(),
  };
  const events = [
    merged("x", { idempotencyKey: "k" }),
    revised,
    forgotten(["x"]),
    { type: "bound" as const, ids: ["x"], worktree: "w", commit: "c" },
  ];
  const delta = projection.apply(recorded([...events, { type: "restored", undoToken: "none", at: 1 }], 2));
  expect(delta).toEqual({ added: [], changed: [], removed: [] });
  expect(stateOf(projection)).toEqual(before);
  expect(projection.keyed("k")).toBeUndefined();
});

test("observed facts are found by commit, the last ones seen", () => {
  const projection = projected(
    { type: "observed", facts: { commit: "c", parents: ["p"] } },
    { type: "observed", facts: { commit: "c", parents: ["p"], patchId: "q" } },
  );
  expect(projection.commitFacts("c")).toEqual({ commit: "c", parents: ["p"], patchId: "q" });
  expect(projection.commitFacts("d")).toBeUndefined();
});

test("an idempotency key names the memory that it made or was merged into, while that lives", () => {
  const projection = projected(
    { type: "captured", memory: memory("a"), idempotencyKey: "k1" },
    merged("a", { idempotencyKey: "k2" }),
  );
  expect([projection.keyed("k1"), projection.keyed("k2"), projection.keyed("k3")]).toEqual(["a", "a", undefined]);
  projection.apply(recorded([forgotten(["a"])], 3));
  expect(projection.keyed("k1")).toBeUndefined();
});

test("a failure in the middle of a batch leaves everything as it was", () => {
  const projection = projected(captured("a", { tags: ["x"] }));
  const before = stateOf(projection);
  const broken = { type: "captured", memory: { ...memory("broken"), timestamp: {} } } as unknown as JournalEvent;
  expect(() => projection.apply(recorded([captured("b", { tags: ["y"], kind: "rule" }), broken], 2))).toThrow();
  expect(projection.lastSeq).toBe(1);
  expect(stateOf(projection)).toEqual(before);
  expect(projection.apply(recorded([captured("b", { tags: ["y"], kind: "rule" })], 2)).added).toHaveLength(1);
  expect([...projection.rowsWhere({ op: "eq", ref: { field: "tags" }, value: "y" })]).toEqual([4]);
});

describe("living", () => {
  const history = recorded([
    { type: "captured", memory: memory("a", { tags: ["x"] }), idempotencyKey: "k1" },
    { type: "observed", facts: { commit: "c", parents: [] } },
    captured("b"),
    merged("a", { idempotencyKey: "k2", tags: ["y"] }),
    captured("c", { scope: "lineage", provenance: provenance({ pending: true, commit: "h" }) }),
    forgotten(["b"], "undo", 50),
    { type: "bound", ids: ["c"], worktree: "w", commit: "d" },
    captured("d"),
    forgotten(["d"], "older", 20),
  ]);

  test("makes the same state again, with what can still be restored", () => {
    const projection = openProjection(sql);
    projection.apply(history);
    const snapshot = [...projection.living(20)];
    expect(snapshot.map(({ seq, event }) => [seq, event.type])).toEqual([
      [1, "captured"],
      [2, "observed"],
      [3, "captured"],
      [4, "merged"],
      [5, "captured"],
      [6, "forgotten"],
    ]);
    const again = openProjection(sql);
    again.apply(snapshot);
    expect(stateOf(again)).toEqual({ ...(stateOf(projection) as object), oldest: 50 });
    expect([again.keyed("k1"), again.keyed("k2")]).toEqual(["a", "a"]);
    expect(again.commitFacts("c")).toEqual({ commit: "c", parents: [] });
    again.apply(recorded([{ type: "restored", undoToken: "undo", at: 60 }], 10));
    expect(again.rowOf("b")).toBe(3);
    expect(JSON.stringify(snapshot)).not.toContain("content of d");
  });

  test("can be read while events are applied and images are taken", () => {
    const projection = openProjection(sql);
    projection.apply(history);
    const seen: RecordedEvent[] = [];
    for (const event of projection.living(Infinity)) {
      seen.push(event);
      projection.image(0);
      projection.apply(recorded([captured(`new${seen.length}`)], 100 + seen.length));
      if (seen.length > 5) break;
    }
    expect(seen.slice(0, 4).map(({ seq }) => seq)).toEqual([1, 2, 4, 5]);
  });
});
