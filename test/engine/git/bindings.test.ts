import { join } from "node:path";
import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createGitLineage } from "../../../src/engine/git/lineage.ts";
import type { GitLineage, PendingMemory } from "../../../src/engine/seams.ts";
import { createNodeGit } from "../../../src/serve/nodeGit.ts";
import { countingGit, temporaryFolder, TestRepository } from "../../support/repository.ts";

let folder: string;
let remove: () => void;
let repository: TestRepository;
let lineage: GitLineage;
let row: number;

beforeEach(() => {
  ({ folder, remove } = temporaryFolder("bindings"));
  repository = TestRepository.init(join(folder, "repo"));
  lineage = createGitLineage(createNodeGit());
  row = 0;
});
afterEach(() => {
  lineage.close();
  remove();
});

/** A memory captured now, where HEAD is; asking whether the tree is dirty is what a capture does before. */
async function capture(at = repository): Promise<PendingMemory> {
  const place = await lineage.place(at.root);
  await lineage.dirty(place);
  const { head, branch, gitDir } = place.repository ?? {};
  row++;
  return {
    id: String(row),
    row,
    at: Date.now(),
    ...(head === undefined ? {} : { commit: head }),
    ...(branch === undefined ? {} : { branch }),
    ...(gitDir === undefined ? {} : { worktree: gitDir }),
  };
}

async function bound(memory: PendingMemory, at = repository): Promise<{ commit: string; branch?: string } | undefined> {
  return (await lineage.bindings(await lineage.place(at.root), [memory])).get(memory.id);
}

describe("the commit that takes a pending memory", () => {
  test("is the next one made from its HEAD, also the first of all and an amended one", async () => {
    const unborn = await capture();
    expect(await bound(unborn)).toBeUndefined();
    const first = repository.commit("a");
    expect(await bound(unborn)).toEqual({ commit: first, branch: "main" });
    const onFirst = await capture();
    expect(await bound(onFirst)).toBeUndefined();
    const second = repository.commit("b");
    repository.commit("c");
    expect(await bound(onFirst)).toEqual({ commit: second, branch: "main" });
    const amended = await capture();
    repository.write("d", "");
    repository.git("add", "-A");
    repository.git("commit", "-q", "--amend", "-m", "amended");
    expect(await bound(amended)).toEqual({ commit: repository.head(), branch: "main" });
  });

  test("concludes a merge with conflicts", async () => {
    repository.commit("a", "1\n");
    repository.git("switch", "-qc", "other");
    repository.commit("a", "2\n");
    repository.git("switch", "-q", "main");
    repository.commit("a", "3\n");
    expect(() => repository.git("merge", "-q", "other")).toThrow();
    const memory = await capture();
    repository.commit("a", "4\n");
    expect(await bound(memory)).toEqual({ commit: repository.head(), branch: "main" });
  });

  test("is on the branch of the memory: commits elsewhere do not take it, whenever one asks", async () => {
    const base = repository.commit("a");
    repository.git("switch", "-qc", "größe/分支");
    const memory = await capture();
    const taken = repository.commit("b");
    repository.git("switch", "-q", "main");
    repository.commit("c");
    repository.git("switch", "-q", "--detach", base);
    repository.commit("d");
    expect(await bound(memory)).toEqual({ commit: taken, branch: "größe/分支" });
  });

  test("may be made on a branch that was begun for the changes", async () => {
    repository.commit("a");
    const memory = await capture();
    repository.git("switch", "-qc", "topic");
    expect(await bound(memory)).toBeUndefined();
    const taken = repository.commit("b");
    expect(await bound(memory)).toEqual({ commit: taken, branch: "topic" });
  });

  test("may be made on a detached HEAD", async () => {
    repository.commit("a");
    repository.git("switch", "-q", "--detach", "main");
    const memory = await capture();
    const taken = repository.commit("b");
    expect(await bound(memory)).toEqual({ commit: taken });
    repository.git("switch", "-q", "main");
    expect(await bound(memory)).toEqual({ commit: taken });
  });

  test("is not one that was made before a reset back to the same HEAD, although the dates in the log are all wrong", async () => {
    const base = repository.commit("a");
    const early = await capture();
    const first = repository.commit("b");
    repository.git("reset", "-q", "--hard", base);
    const late = await capture();
    expect(await bound(late)).toBeUndefined();
    const second = repository.commit("c");
    expect(await bound(late)).toEqual({ commit: second, branch: "main" });
    expect(await bound(early)).toEqual({ commit: first, branch: "main" });
  });

  test("is told by the time where the process did not see the log at the capture", async () => {
    const base = repository.commit("a");
    const before = Number(repository.git("log", "-1", "--format=%ct"));
    const first = repository.commit("b");
    repository.git("reset", "-q", "--hard", base);
    const between = Number(repository.git("var", "GIT_COMMITTER_IDENT").split(" ").at(-2));
    const second = repository.commit("c");
    const { gitDir = "" } = (await lineage.place(repository.root)).repository ?? {};
    const memory = { row: 1, commit: base, branch: "main", worktree: gitDir };
    const early = { ...memory, id: "early", at: (before + 1) * 1000 };
    const late = { ...memory, id: "late", at: between * 1000 };
    expect((await bound(late))?.commit).toBe(second);
    expect((await bound(early))?.commit).toBe(first);
  });

  test("comes after what a fast-forward, a merge or a cherry-pick brought in under the changed work tree", async () => {
    repository.commit("a");
    repository.git("switch", "-qc", "other");
    const picked = repository.commit("b");
    repository.git("switch", "-qc", "third", "main");
    repository.commit("c");
    repository.git("switch", "-q", "main");
    const memory = await capture();
    repository.git("merge", "-q", "--ff-only", "third");
    repository.git("cherry-pick", picked);
    expect(await bound(memory)).toBeUndefined();
    const taken = repository.commit("d");
    expect(await bound(memory)).toEqual({ commit: taken, branch: "main" });
  });

  test("belongs to the worktree of the memory", async () => {
    repository.commit("a");
    const tree = repository.at(join(folder, "tree"));
    repository.git("worktree", "add", "-q", "-b", "tree", tree.root);
    const memory = await capture(tree);
    repository.commit("b");
    expect(await bound(memory)).toBeUndefined();
    expect(await bound(memory, tree)).toBeUndefined();
    const taken = tree.commit("c");
    expect(await bound(memory)).toBeUndefined();
    expect(await bound(memory, tree)).toEqual({ commit: taken, branch: "tree" });
  });

  test("is the child on the first-parent path where there is no log", async () => {
    repository.git("config", "core.logAllRefUpdates", "false");
    rmSync(join(repository.root, ".git/logs"), { recursive: true, force: true });
    const unborn = await capture();
    const first = repository.commit("a");
    const memory = await capture();
    expect(await bound(memory)).toBeUndefined();
    repository.git("switch", "-qc", "side");
    repository.commit("side");
    expect(await bound(memory)).toBeUndefined();
    repository.git("switch", "-q", "main");
    const taken = repository.commit("b");
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "side");
    repository.commit("c");
    expect(await bound(memory)).toEqual({ commit: taken, branch: "main" });
    expect(await bound(unborn)).toEqual({ commit: first, branch: "main" });
    expect(await bound({ ...memory, commit: "--all" })).toBeUndefined();
    expect(await bound({ ...memory, commit: "0123456789012345678901234567890123456789" })).toBeUndefined();
  });

  test("is found for an orphan branch", async () => {
    repository.commit("a");
    repository.git("checkout", "-q", "--orphan", "orphan");
    const memory = await capture();
    const taken = repository.commit("b");
    expect(await bound(memory)).toEqual({ commit: taken, branch: "orphan" });
  });
});

describe("asking again about the same pending memories", () => {
  test("runs no git and reads no log while HEAD stays, and sees every move", async () => {
    const calls: string[] = [];
    lineage.close();
    lineage = createGitLineage(countingGit(createNodeGit(), calls));
    repository.commit("a");
    const place = await lineage.place(repository.root);
    const memory = { ...(await capture()), commit: "0123456789012345678901234567890123456789" };
    calls.length = 0;
    const first = await lineage.bindings(place, [memory]);
    expect(first.size).toBe(0);
    expect(calls).not.toEqual([]);
    calls.length = 0;
    expect(await lineage.bindings(place, [memory])).toBe(first);
    expect(calls).toEqual([]);
    const known = await capture();
    const both = await lineage.bindings(place, [memory, known]);
    expect(await lineage.bindings(place, [memory, known])).toBe(both);
    expect(await lineage.bindings(place, [memory])).toBe(first);
    const taken = repository.commit("b");
    repository.git("reset", "-q", "--hard", "HEAD~1");
    const after = await lineage.bindings(await lineage.place(repository.root), [memory, known]);
    expect([...after]).toEqual([[known.id, { commit: taken, branch: "main" }]]);
  });
});
