import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createGitLineage } from "../../../src/engine/git/lineage.ts";
import type { GitLineage, LostCommit } from "../../../src/engine/seams.ts";
import { createNodeGit } from "../../../src/serve/nodeGit.ts";
import { countingGit, temporaryFolder, TestRepository } from "../../support/repository.ts";

let folder: string;
let remove: () => void;
let repository: TestRepository;
let lineage: GitLineage;
let calls: string[];

beforeEach(() => {
  ({ folder, remove } = temporaryFolder("rewrites"));
  repository = TestRepository.init(join(folder, "repo"));
  repository.commit("README.md");
  calls = [];
  lineage = createGitLineage(countingGit(createNodeGit(), calls));
});
afterEach(() => {
  lineage.close();
  remove();
});

const found = async (commits: readonly string[], more: Partial<LostCommit> = {}) =>
  await lineage.rewrites(
    await lineage.place(repository.root),
    commits.map((commit) => ({ commits: [commit], carriers: [], ...more })),
  );
const lines = (name: string, count: number): string =>
  Array.from({ length: count }, (_, at) => `export const ${name}${at} = "value of ${name} ${at}";\n`).join("");

test("a cherry-pick is known by its patch-id, wherever its lines stand", async () => {
  repository.commit("a.ts", lines("a", 20));
  repository.git("switch", "-qc", "topic", "HEAD~1");
  const from = repository.commit("b.ts", lines("b", 20));
  repository.git("switch", "-q", "main");
  repository.git("cherry-pick", from);
  expect(await found([from])).toEqual([
    { from, to: repository.head(), how: "patch-id", sureness: 1, state: "applied" },
  ]);
});

test("the share of lines says how sure it is, and what is doubtful is only offered", async () => {
  repository.git("switch", "-qc", "topic");
  const from = repository.commit("b.ts", lines("b", 40));
  repository.git("switch", "-q", "main");
  const shares = new Map<string, number>();
  for (const [kept, state] of [
    [38, "applied"],
    [28, "offered"],
    [20, undefined],
  ] as const) {
    repository.commit("b.ts", lines("b", kept) + lines("other", 40 - kept));
    const [rewrite] = await found([from]);
    expect([rewrite?.state, rewrite?.how, rewrite?.to]).toEqual(
      state === undefined ? [undefined, undefined, undefined] : [state, "content", repository.head()],
    );
    if (rewrite !== undefined) expect(rewrite.sureness).toBeCloseTo(kept / 40, 5);
    shares.set(String(state), rewrite?.sureness ?? 0);
    repository.git("reset", "-q", "--hard", "HEAD~1");
  }
});

test("a few equal lines are offered at the most, as many small commits have them", async () => {
  repository.git("switch", "-qc", "topic");
  const from = repository.commit("b.ts", lines("b", 3));
  repository.git("switch", "-q", "main");
  repository.commit("c.ts", lines("b", 3) + lines("c", 30));
  expect((await found([from])).map(({ state }) => state)).toEqual(["offered"]);
});

/** A branch of two commits, and another with a squash of them, which is what `squash` gives; HEAD is on the first. */
function squashOfBranch(): { readonly squash: string; readonly last: string } {
  repository.git("switch", "-qc", "topic");
  repository.commit("a.ts", lines("a", 20));
  repository.commit("other.ts", lines("other", 20));
  const last = repository.commit("b.ts", lines("b", 20) + "x\n");
  repository.git("switch", "-qc", "squashed", "main");
  repository.commit("unrelated.ts", lines("unrelated", 20));
  repository.write("a.ts", lines("a", 20));
  const squash = repository.commit("b.ts", lines("b", 20) + "x\n");
  repository.git("switch", "-q", "topic");
  return { squash, last };
}

test("a squash is known by the commits that it was made of, and stands where the last of them is", async () => {
  const { squash, last } = squashOfBranch();
  repository.commit("later.ts", lines("later", 20));
  expect(await found([squash])).toEqual([{ from: squash, to: last, how: "parts", sureness: 1, state: "applied" }]);
  repository.git("reset", "-q", "--hard", `${last}~1`);
  expect(await found([squash])).toEqual([]);
});

test("commits of two branches that were merged are known as parts where both are inherited", async () => {
  repository.git("switch", "-qc", "one");
  repository.commit("a.ts", lines("a", 20));
  repository.git("switch", "-qc", "two", "main");
  repository.commit("b.ts", lines("b", 20));
  repository.git("merge", "-q", "-m", "both", "one");
  const both = repository.head();
  repository.git("switch", "-qc", "squashed", "main");
  repository.write("a.ts", lines("a", 20));
  const squash = repository.commit("b.ts", lines("b", 20));
  repository.git("switch", "-q", "two");
  expect(await found([squash])).toEqual([{ from: squash, to: both, how: "parts", sureness: 1, state: "applied" }]);
});

test("a squash whose objects are gone is known by what was noted of it", async () => {
  const { squash, last } = squashOfBranch();
  const facts = await lineage.facts(await lineage.place(repository.root), squash);
  repository.git("branch", "-qD", "squashed");
  repository.git("reflog", "expire", "--expire=now", "--all");
  repository.git("gc", "-q", "--prune=now");
  expect(await found([squash], facts === undefined ? {} : { facts })).toEqual([
    { from: squash, to: last, how: "parts", sureness: 1, state: "applied" },
  ]);
});

test("the same lines in several commits that change something else as well are offered, and few are not", async () => {
  const { squash } = squashOfBranch();
  repository.git("reset", "-q", "--hard", "main");
  repository.commit("a.ts", lines("a", 20) + lines("more", 5));
  repository.commit("b.ts", lines("b", 16));
  expect(await found([squash])).toEqual([
    { from: squash, to: repository.head(), how: "parts", sureness: 0.9, state: "offered" },
  ]);
  repository.git("switch", "-q", "squashed");
  repository.write("c.ts", lines("c", 4));
  const small = repository.commit("d.ts", lines("d", 4));
  repository.git("switch", "-q", "topic");
  repository.commit("c.ts", lines("c", 4) + lines("e", 30));
  repository.commit("d.ts", lines("d", 4) + lines("f", 30));
  expect(await found([small])).toEqual([]);
});

test("a commit that a rebase left out is known by parts that were written differently", async () => {
  repository.git("switch", "-qc", "squashed");
  repository.write("a.ts", lines("a", 20));
  const squash = repository.commit("b.ts", lines("b", 20));
  repository.git("switch", "-qc", "topic", "main");
  repository.commit("a.ts", lines("a", 20));
  repository.commit("b.ts", lines("b", 19) + lines("c", 1));
  const [offered] = await found([squash]);
  expect(offered).toMatchObject({ how: "parts", state: "offered" });
  repository.git("switch", "-q", "squashed");
  repository.git("rebase", "-q", "-X", "ours", "topic");
  expect(repository.head()).toBe(repository.git("rev-parse", "topic"));
  expect(await found([squash])).toEqual([{ ...offered, state: "applied" }]);
});

test("a commit that is ahead of HEAD is not looked for: HEAD only went back", async () => {
  const ahead = [...repository.grow("main", 50)];
  repository.git("reset", "-q", "--hard", `${ahead[0]}`);
  calls.length = 0;
  expect(await found(ahead.slice(1))).toEqual([]);
  expect(calls).not.toContain("diff-tree");
});

test("the patches of HEAD are read once, and the next move of HEAD reads what it brought", async () => {
  repository.git("switch", "-qc", "topic");
  const from = repository.commit("b.ts", lines("b", 20));
  repository.git("switch", "-q", "main");
  repository.grow("main", 30);
  repository.git("reset", "-q", "--hard");
  await found([from]);
  calls.length = 0;
  await found([from]);
  expect(calls).not.toContain("diff-tree");
  repository.commit("c.ts", lines("c", 20));
  await found([from]);
  expect(calls.filter((call) => call === "diff-tree")).toHaveLength(1);
});

test("a repository without a commit, and ids that are none, have no rewrites", async () => {
  const empty = TestRepository.init(join(folder, "empty"));
  const lost = [{ commits: ["0".repeat(40)], carriers: [] }];
  expect(await lineage.rewrites(await lineage.place(empty.root), lost)).toEqual([]);
  expect(await found(["--all", "0".repeat(40), "f".repeat(40)])).toEqual([]);
});
