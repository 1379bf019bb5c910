import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { join } from "node:path";
import { createGitLineage } from "../../../src/engine/git/lineage.ts";
import type { GitLineage } from "../../../src/engine/seams.ts";
import { createNodeGit } from "../../../src/serve/nodeGit.ts";
import { countingGit, temporaryFolder, TestRepository } from "../../support/repository.ts";

let folder: string;
let remove: () => void;
let repository: TestRepository;
let lineage: GitLineage;
let calls: string[];

beforeEach(() => {
  ({ folder, remove } = temporaryFolder("visible"));
  repository = TestRepository.init(join(folder, "repo"));
  calls = [];
  lineage = createGitLineage(countingGit(createNodeGit(), calls));
});
afterEach(() => {
  lineage.close();
  remove();
});

async function seen(commits: readonly string[], workspace = repository.root): Promise<readonly string[]> {
  return [...(await lineage.visibleCommits(await lineage.place(workspace), commits))];
}

const missing = "0123456789012345678901234567890123456789";

describe("what HEAD inherits", () => {
  test("a merge, a fast-forward, a reset and a checkout move the set with HEAD", async () => {
    const first = repository.commit("a");
    repository.git("switch", "-qc", "feature");
    const feature = repository.commit("b");
    const all = [first, feature];
    expect(await seen(all)).toEqual(all);
    repository.git("switch", "-q", "main");
    expect(await seen(all)).toEqual([first]);
    const second = repository.commit("c");
    all.push(second);
    expect(await seen([...all])).toEqual([first, second]);
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "feature");
    const merge = repository.head();
    expect(await seen([...all, merge])).toEqual([...all, merge]);
    repository.git("switch", "-q", "feature");
    expect(await seen([...all, merge])).toEqual([first, feature]);
    repository.git("merge", "-q", "--ff-only", "main");
    expect(await seen([...all, merge])).toEqual([...all, merge]);
    repository.git("reset", "-q", "--hard", first);
    expect(await seen([...all, merge])).toEqual([first]);
    repository.git("checkout", "-q", "--detach", second);
    expect(await seen([...all, merge])).toEqual([first, second]);
  });

  test("an unborn branch, and a folder without git, inherit nothing", async () => {
    expect(await seen([missing])).toEqual([]);
    const first = repository.commit("a");
    repository.git("checkout", "-q", "--orphan", "empty");
    expect(await seen([first])).toEqual([]);
    expect(await seen([first], folder)).toEqual([]);
  });

  test("a missing object, and what is no full commit id, is hidden without hiding the rest", async () => {
    const first = repository.commit("a");
    const tree = repository.git("rev-parse", "HEAD^{tree}");
    repository.git("tag", "-a", "-m", "tag", "v1");
    const tag = repository.git("rev-parse", "v1");
    const head = repository.commit("b");
    expect(
      await seen([missing, tree, tag, "HEAD", "--all", `${first}\n${head}`, first.slice(0, 8), first, head]),
    ).toEqual([first, head]);
  });
});
