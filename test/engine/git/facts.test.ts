import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withoutCredentials } from "../../../src/engine/git/remoteUrl.ts";
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
  ({ folder, remove } = temporaryFolder("facts"));
  repository = TestRepository.init(join(folder, "repo"));
  calls = [];
  const environment = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  lineage = createGitLineage(countingGit(createNodeGit({ environment }), calls));
});
afterEach(() => {
  lineage.close();
  remove();
});

async function facts(commit: string) {
  return await lineage.facts(await lineage.place(repository.root), commit);
}

describe("what is known of a commit", () => {
  test("its patch-id is git's own, and survives a rebase", async () => {
    repository.commit("base.txt", "one\ntwo\nthree\n");
    repository.git("switch", "-qc", "topic");
    const original = repository.commit("topic.txt", "größe\n");
    const shown = repository.git("diff-tree", "-p", "--full-index", original);
    const expected = execFileSync("git", ["patch-id", "--stable"], { input: `${shown}\n`, encoding: "utf8" }).split(
      " ",
    )[0];
    expect(await facts(original)).toMatchObject({ commit: original, patchId: expected, branch: "topic" });
    repository.git("switch", "-q", "main");
    repository.commit("other.txt");
    repository.git("rebase", "-q", "main", "topic");
    const rebased = repository.head();
    expect(rebased).not.toBe(original);
    expect((await facts(rebased))?.patchId).toBe(expected);
    expect((await facts(original))?.branch).toBeUndefined();
  });

  test("the branch's patch-id is that of its squash, and the base is where it left the default branch", async () => {
    const base = repository.commit("a");
    repository.git("switch", "-qc", "topic");
    repository.commit("b");
    const tip = repository.commit("c");
    const known = await facts(tip);
    expect(known).toMatchObject({ base, branch: "topic" });
    expect(known?.branchPatchId).not.toBe(known?.patchId);
    repository.git("switch", "-q", "main");
    const meanwhile = repository.commit("d");
    repository.git("merge", "-q", "--squash", "topic");
    repository.git("commit", "-q", "-m", "squashed");
    const squashed = await facts(repository.head());
    expect(squashed?.patchId).toBe(known?.branchPatchId);
    expect(squashed?.parents).toEqual([meanwhile]);
  });

  test("what the work tree's configuration says of differences changes nothing", async () => {
    repository.commit("a.txt", "1\n2\n3\n4\n5\n6\n7\n");
    const commit = repository.commit("a.txt", "1\n2\n3\nx\n5\n6\n7\n");
    const plain = (await facts(commit))?.patchId;
    for (const setting of [
      "diff.noprefix",
      "diff.mnemonicPrefix",
      "diff.renames",
      "color.ui",
      "diff.indentHeuristic",
      "diff.suppressBlankEmpty",
    ]) {
      repository.git("config", setting, "true");
    }
    repository.git("config", "color.ui", "always");
    repository.git("config", "diff.context", "9");
    repository.git("config", "diff.algorithm", "patience");
    lineage.close();
    lineage = createGitLineage(createNodeGit());
    expect((await facts(commit))?.patchId).toBe(plain);
  });

  test("bytes that are no UTF-8 and binary files tell patches apart", async () => {
    repository.commit("base");
    const ids = new Set<string | undefined>();
    for (const [name, bytes] of [
      ["text", [0xe4, 0x0a]],
      ["text", [0xf6, 0x0a]],
      ["text", [0, 1, 2]],
      ["text", [0, 1, 3]],
    ] as const) {
      repository.git("switch", "-q", "--detach", "main");
      writeFileSync(join(repository.root, name), Uint8Array.from(bytes));
      repository.git("add", "-A");
      repository.git("commit", "-q", "-m", "bytes");
      ids.add((await facts(repository.head()))?.patchId);
    }
    expect(ids.size).toBe(4);
    expect(ids.has(undefined)).toBe(false);
  });

  test("a merge and an empty commit have no patch-id, a root commit has one, and no commit has no facts", async () => {
    const root = repository.commit("a");
    expect(await facts(root)).toMatchObject({
      parents: [],
      base: root,
      patchId: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
    });
    expect((await facts(root))?.branchPatchId).toBeUndefined();
    repository.git("commit", "-q", "--allow-empty", "-m", "empty");
    expect((await facts(repository.head()))?.patchId).toBeUndefined();
    repository.git("switch", "-qc", "side", root);
    const side = repository.commit("b");
    repository.git("switch", "-q", "main");
    const main = repository.head();
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "side");
    const merge = await facts(repository.head());
    expect(merge?.parents).toEqual([main, side]);
    expect(merge?.patchId).toBeUndefined();
    expect(await facts("0123456789012345678901234567890123456789")).toBeUndefined();
    expect(await facts("HEAD")).toBeUndefined();
    expect(await facts(repository.git("rev-parse", "HEAD^{tree}"))).toBeUndefined();
  });

  test("the default branch is the remote's, or the one that git is configured to make, or unknown", async () => {
    const base = repository.commit("a");
    repository.git("branch", "-m", "main", "trunk");
    repository.git("switch", "-qc", "topic");
    const commit = repository.commit("b");
    expect((await facts(commit))?.base).toBeUndefined();
    repository.git("config", "init.defaultBranch", "trunk");
    const next = repository.commit("c");
    expect((await facts(next))?.base).toBe(base);
    repository.git("config", "--unset", "init.defaultBranch");
    repository.git("branch", "-m", "trunk", "x");
    repository.git("update-ref", "refs/remotes/origin/develop", commit);
    repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop");
    const last = repository.commit("d");
    expect((await facts(last))?.base).toBe(commit);
  });

  test("is asked once", async () => {
    const commit = repository.commit("a");
    await Promise.all([facts(commit), facts(commit)]);
    const asked = calls.length;
    await facts(commit);
    expect(calls.length).toBe(asked);
    expect(calls.filter((command) => command === "patch-id").length).toBe(1);
  });
});

describe("the state of a repository", () => {
  test("tells branch, upstream, distance and remotes without credentials", async () => {
    repository.commit("a");
    const clone = repository.at(join(folder, "clone"));
    repository.git("clone", "-q", repository.root, clone.root);
    clone.git("remote", "add", "secret", "https://person:hunter2@example.com/x.git?token=abc");
    clone.commit("b");
    repository.commit("c");
    repository.commit("d");
    clone.git("fetch", "-q");
    expect(await lineage.state(clone.root)).toEqual({
      repository: true,
      root: clone.root,
      branch: "main",
      head: clone.head(),
      detached: false,
      dirty: false,
      upstream: "origin/main",
      ahead: 1,
      behind: 2,
      remotes: [
        { name: "origin", url: repository.root },
        { name: "secret", url: "https://example.com/x.git" },
      ],
      shallow: false,
    });
    clone.git("switch", "-q", "--detach", "HEAD");
    clone.write("new", "");
    expect(await lineage.state(clone.root)).toMatchObject({ detached: true, dirty: true });
    clone.git("switch", "-q", "main");
    clone.git("update-ref", "-d", "refs/remotes/origin/main");
    const state = await lineage.state(clone.root);
    expect([state.upstream, state.ahead]).toEqual(["origin/main", undefined]);
  });

  test("of a folder without git, and of an unborn branch", async () => {
    expect(await lineage.state(folder)).toEqual({ repository: false, detached: false, dirty: false, remotes: [] });
    const state = await lineage.state(repository.root);
    expect(state).toMatchObject({ repository: true, branch: "main", detached: false, dirty: false, shallow: false });
    expect(state.head).toBeUndefined();
  });

  test.each([
    ["https://token@github.com/a/b", "https://github.com/a/b"],
    ["https://user:p@ss@host:8443/a", "https://host:8443/a"],
    ["https://user:pa/ss@host/a", "https://host/a"],
    ["ssh://git:secret@host:22/a", "ssh://git@host:22/a"],
    ["git@github.com:a/b.git", "git@github.com:a/b.git"],
    ["user:secret@host:a/b", "user@host:a/b"],
    ["https://[::1]:80/a#f", "https://[::1]:80/a"],
    ["https://host/a@b/c", "https://host/a@b/c"],
    ["file:///srv/a@b?c", "file:///srv/a@b"],
    ["/srv/git/a", "/srv/git/a"],
    ["../sibling", "../sibling"],
    ["ext::sh -c secret", "ext::…"],
    ["codecommit::https://u:p@host/a", "codecommit::https://host/a"],
  ])("%s is shown as %s", (address, shown) => {
    expect(withoutCredentials(address)).toBe(shown);
  });
});

test("the author is the person that git is configured with, and a change of it is seen", async () => {
  const author = async () => await lineage.author(await lineage.place(repository.root));
  expect(await author()).toBeUndefined();
  repository.git("config", "user.email", "ada@example.com");
  expect(await author()).toBe("ada@example.com");
  repository.git("config", "user.name", "Ada Ünal");
  expect(await author()).toBe("Ada Ünal <ada@example.com>");
  const asked = calls.length;
  await author();
  expect(calls.length).toBe(asked);
  expect(await lineage.author({ workspace: folder })).toBeUndefined();
});
