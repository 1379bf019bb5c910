import { beforeAll, expect, test } from "vitest";
import type { CommitMapping, JournalEvent } from "../../../src/contract/events.ts";
import { openProjection } from "../../../src/engine/store/openProjection.ts";
import { loadSql, type SqlEngine } from "../../../src/engine/store/sqlEngine.ts";
import { recorded } from "./memoryFixture.ts";

let sql: SqlEngine;
beforeAll(async () => {
  sql = await loadSql();
});

const observed = (commit: string, carries: readonly string[]): JournalEvent => ({
  type: "observed",
  facts: { commit, parents: [], branchPatchId: `patch of ${commit}`, carries },
});
const mapped = (from: string, to: string, more: Partial<CommitMapping> = {}): JournalEvent => ({
  type: "mapped",
  mapping: { from, to, how: "content", sureness: 0.7, state: "offered", at: 1, ...more },
});

test("the commits whose branch held another one are known, as they were observed last", () => {
  const projection = openProjection(sql);
  projection.apply(recorded([observed("t1", ["a", "b"]), observed("t2", ["b"]), observed("t1", ["a"])]));
  const carriers = (commit: string): readonly string[] => projection.carriersOf(commit).map((facts) => facts.commit);
  expect([carriers("a"), carriers("b"), carriers("c")]).toEqual([["t1"], ["t2"], []]);
});

test("what was said last of a pair of commits stands, and all of it is in the image and in a snapshot", () => {
  const projection = openProjection(sql);
  projection.apply(recorded([mapped("a", "b"), observed("t", ["a"]), mapped("a", "c")]));
  const before = projection.mappings();
  expect(projection.mappings()).toBe(before);
  projection.apply(recorded([mapped("a", "b", { state: "refused", at: 2 })], 4));
  const pairs = [
    ["c", "offered"],
    ["b", "refused"],
  ];
  const fromSnapshot = openProjection(sql);
  fromSnapshot.apply([...projection.living(0)]);
  for (const one of [projection, openProjection(sql, projection.image(0)), fromSnapshot]) {
    expect(one.mappings().map(({ to, state }) => [to, state])).toEqual(pairs);
    expect(one.carriersOf("a").map(({ commit }) => commit)).toEqual(["t"]);
  }
});
