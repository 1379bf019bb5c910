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
