import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { JournalEvent } from "../../../src/contract/events.ts";
import { SCOPES } from "../../../src/contract/kinds.ts";
import type { Memory } from "../../../src/contract/memory.ts";
import { hasRow } from "../../../src/contract/rowSet.ts";
import type { LineageView, Projection } from "../../../src/engine/seams.ts";
import { openProjection } from "../../../src/engine/store/openProjection.ts";
import { loadSql, type SqlEngine } from "../../../src/engine/store/sqlEngine.ts";
import { captured, provenance, recorded, view } from "./memoryFixture.ts";

let sql: SqlEngine;
beforeAll(async () => {
  sql = await loadSql();
});

const projected = (...events: readonly JournalEvent[]): Projection => {
  const projection = openProjection(sql);
  projection.apply(recorded(events));
  return projection;
};

const visible = (projection: Projection, seen: LineageView, now = 0): readonly number[] => {
  const set = projection.visibleRows(seen, now);
  return Array.from({ length: projection.rowLimit }, (_, row) => row).filter((row) => hasRow(set, row));
};

const on = (commit: string, branch?: string): Partial<Memory> => ({
  scope: "lineage",
  provenance: provenance({ commit, ...(branch === undefined ? {} : { branch }) }),
});
const sees = (...commits: readonly string[]): LineageView => view({ head: "head", visibleCommits: new Set(commits) });

describe("a memory is visible", () => {
  test("in scope user and repo wherever its commit is", () => {
    const projection = projected(
      captured("a", { ...on("c"), scope: "user" }),
      captured("b", { ...on("c"), scope: "repo" }),
      captured("c", on("c")),
    );
    expect(visible(projection, sees())).toEqual([1, 2]);
  });

  test("in scope session to its own session only", () => {
    const projection = projected(
      captured("a", { scope: "session", sessionId: "s" }),
      captured("b", { scope: "session" }),
    );
    expect(visible(projection, view({ sessionId: "s" }))).toEqual([1]);
    expect(visible(projection, view({ sessionId: "t" }))).toEqual([]);
    expect(visible(projection, view())).toEqual([]);
    expect(projection.hiddenBecause(1, view({ sessionId: "t" }), 0)).toBe("belongs to another session");
  });

  test("in scope lineage where its commit is inherited, or where it never had one", () => {
    const projection = projected(
      captured("a", on("1a2b3c4d5e", "feature")),
      captured("b", { scope: "lineage" }),
      captured("c", on("c2")),
    );
    expect(visible(projection, sees("1a2b3c4d5e"))).toEqual([1, 2]);
    expect(visible(projection, view())).toEqual([2]);
    expect(projection.hiddenBecause(1, sees(), 0)).toBe(
      "learned on branch feature at 1a2b3c4d, which this HEAD does not inherit",
    );
    expect(projection.hiddenBecause(3, sees(), 0)).toBe("learned at c2, which this HEAD does not inherit");
    expect(projection.hiddenBecause(2, sees(), 0)).toBeUndefined();
    expect(projection.hiddenBecause(99, sees(), 0)).toBeUndefined();
  });

  test("while it waits, on its worktree, branch and HEAD only", () => {
    const waits = {
      scope: "lineage" as const,
      provenance: provenance({ pending: true, commit: "h", branch: "wip", worktree: "w" }),
    };
    const detached = {
      scope: "lineage" as const,
      provenance: provenance({ pending: true, commit: "h", worktree: "w" }),
    };
    const unborn = {
      scope: "lineage" as const,
      provenance: provenance({ pending: true, branch: "main", worktree: "w" }),
    };
    const projection = projected(captured("a", waits), captured("b", detached), captured("c", unborn));
    const here = { head: "h", branch: "wip", worktree: "w", visibleCommits: new Set(["h"]) };
    expect(visible(projection, here)).toEqual([1]);
    expect(visible(projection, { ...here, worktree: "v" })).toEqual([]);
    expect(visible(projection, { ...here, branch: "main" })).toEqual([]);
    expect(visible(projection, { ...here, head: "g" })).toEqual([]);
    expect(visible(projection, view({ head: "h", worktree: "w" }))).toEqual([2]);
    expect(visible(projection, view({ branch: "main", worktree: "w" }))).toEqual([3]);
    expect(projection.hiddenBecause(1, { ...here, branch: "main" }, 0)).toBe("waits for a commit on branch wip");
    expect(projection.hiddenBecause(1, { ...here, worktree: "v" }, 0)).toBe(
      "waits for a commit on branch wip in another worktree",
    );
    expect(projection.hiddenBecause(2, here, 0)).toBe("waits for a commit on the detached HEAD h");
  });

  test("where any of its provenances is", () => {
    const projection = projected(captured("a", on("c1")), {
      type: "merged",
      id: "a",
      provenance: provenance({ at: 2, commit: "c2" }),
      tags: [],
      metadata: {},
      anchors: [],
    });
    expect(visible(projection, sees("c1"))).toEqual([1]);
    expect(visible(projection, sees("c2"))).toEqual([1]);
    expect(visible(projection, sees("c3"))).toEqual([]);
    expect([...projection.memoryCommits()].sort()).toEqual(["c1", "c2"]);
  });

  test("until it expires, whichever way the clock jumps", () => {
    const projection = projected(captured("a", { expiresAt: 10 }), captured("b", { expiresAt: 20 }), captured("c"));
    const seen = view();
    const at = (now: number): readonly number[] => visible(projection, seen, now);
    expect([at(5), at(10), at(9), at(19), at(25), at(20), at(0)]).toEqual([
      [1, 2, 3],
      [2, 3],
      [1, 2, 3],
      [2, 3],
      [3],
      [3],
      [1, 2, 3],
    ]);
    expect(projection.hiddenBecause(1, seen, 10)).toBe("expired");
    expect(projection.hiddenBecause(1, seen, 9)).toBeUndefined();
  });
});

test("the set is kept until something changes, and shared by views that see the same", () => {
  const projection = projected(captured("a"), captured("b", on("c")));
  const seen = sees("c");
  const first = projection.visibleRows(seen, 0);
  expect(projection.visibleRows(seen, 1)).toBe(first);
  expect(projection.visibleRows({ ...seen }, 1)).toBe(first);
  expect(projection.visibleRows({ ...seen, sessionId: "another" }, 1)).toBe(first);
  expect(projection.visibleRows({ ...seen, visibleCommits: new Set() }, 1)).not.toBe(first);
  projection.apply(recorded([{ type: "forgotten", ids: ["a"], undoToken: "u", at: 1 }], 3));
  expect(visible(projection, seen)).toEqual([2]);
});

test("any state and view: the set is what the rules say of each memory, and every hidden one has its reason", () => {
  const name = fc.constantFrom("p", "q", undefined);
  const anyProvenance = fc
    .record({ commit: name, branch: name, worktree: name, pending: fc.boolean(), at: fc.nat(3) })
    .map(({ commit, branch, worktree, pending, at }) =>
      provenance({
        at,
        pending,
        ...(commit === undefined ? {} : { commit }),
        ...(branch === undefined ? {} : { branch }),
        ...(worktree === undefined ? {} : { worktree }),
      }),
    );
  const anyMemory = fc.record({
    scope: fc.constantFrom(...SCOPES),
    sessionId: name,
    expiresAt: fc.constantFrom(5, undefined),
    provenance: anyProvenance,
    mergedFrom: fc.array(anyProvenance, { maxLength: 3 }),
    later: fc.array(anyProvenance, { maxLength: 2 }),
    bound: fc.boolean(),
    forgotten: fc.boolean(),
  });
  const anyView = fc
    .record({ head: name, branch: name, worktree: name, sessionId: name, commits: fc.subarray(["p", "q", "z"]) })
    .map(({ commits, ...rest }) => ({
      ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
      visibleCommits: new Set(commits),
    }));
  fc.assert(
    fc.property(
      fc.array(anyMemory, { minLength: 1, maxLength: 8 }),
      anyView,
      fc.constantFrom(4, 5),
      (list, seen: LineageView, now) => {
        const events = list.flatMap((one, at): readonly JournalEvent[] => {
          const { sessionId, expiresAt, later, bound, forgotten, ...rest } = one;
          const id = `m${at}`;
          return [
            captured(id, {
              ...rest,
              ...(sessionId === undefined ? {} : { sessionId }),
              ...(expiresAt === undefined ? {} : { expiresAt }),
            }),
            ...later.map((joined): JournalEvent => ({
              type: "merged",
              id,
              provenance: joined,
              tags: [],
              metadata: {},
              anchors: [],
            })),
            ...(bound ? [{ type: "bound" as const, ids: [id], worktree: "p", commit: "z" }] : []),
            ...(forgotten ? [{ type: "forgotten" as const, ids: [id], undoToken: "u", at: 1 }] : []),
          ];
        });
        const projection = projected(...events);
        const opened = openProjection(sql, projection.image(0));
        const shown: number[] = [];
        list.forEach((one, at) => {
          const row = events.findIndex((event) => event.type === "captured" && event.memory.id === `m${at}`) + 1;
          const provenances = [one.provenance, ...one.mergedFrom, ...one.later].map((p) =>
            p.pending && one.bound && p.worktree === "p" ? { ...p, pending: false, commit: "z" } : p,
          );
          const inherited = provenances.some((p) =>
            p.pending
              ? p.worktree === seen.worktree && p.branch === seen.branch && p.commit === seen.head
              : p.commit === undefined || seen.visibleCommits.has(p.commit),
          );
          const inScope =
            one.scope === "session"
              ? one.sessionId !== undefined && one.sessionId === seen.sessionId
              : one.scope !== "lineage" || inherited;
          const isVisible = !one.forgotten && (one.expiresAt ?? 9) > now && inScope;
          if (isVisible) shown.push(row);
          expect(projection.hiddenBecause(row, seen, now) === undefined).toBe(isVisible);
        });
        expect(visible(projection, seen, now)).toEqual(shown);
        expect(visible(opened, seen, now)).toEqual(shown);
        projection.close();
        opened.close();
      },
    ),
    { numRuns: 300 },
  );
});

test("newest gives pages by timestamp, then row, of the rows asked for", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ timestamp: fc.nat(5), asked: fc.boolean() }), { maxLength: 80 }),
      fc.integer({ min: 1, max: 9 }),
      (list, limit) => {
        const projection = projected(...list.map(({ timestamp }, at) => captured(`m${at}`, { timestamp })));
        const rows = projection.livingRows(0).slice();
        list.forEach(({ asked }, at) => {
          if (!asked) rows[(at + 1) >> 5] = (rows[(at + 1) >> 5] ?? 0) & ~(1 << ((at + 1) & 31));
        });
        const expected = list
          .map(({ timestamp, asked }, at) => ({ row: at + 1, timestamp, asked }))
          .filter(({ asked }) => asked)
          .map(({ row, timestamp }) => ({ row, timestamp }))
          .sort((a, b) => b.timestamp - a.timestamp || b.row - a.row);
        const found: { row: number; timestamp: number }[] = [];
        for (
          let page = projection.newest(rows, limit);
          page.length > 0;
          page = projection.newest(rows, limit, page.at(-1))
        ) {
          expect(page.length).toBeLessThanOrEqual(limit);
          found.push(...page);
        }
        expect(found).toEqual(expected);
        projection.close();
      },
    ),
    { numRuns: 100 },
  );
});
