import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createGitLineage } from "../../../src/engine/git/lineage.ts";
import type { GitLineage, GitPlace } from "../../../src/engine/seams.ts";
import { createNodeGit } from "../../../src/serve/nodeGit.ts";
import { countingGit, temporaryFolder, TestRepository } from "../../support/repository.ts";

let folder: string;
let remove: () => void;
let repository: TestRepository;
let lineage: GitLineage;
let calls: string[];

beforeEach(() => {
  ({ folder, remove } = temporaryFolder("place"));
  repository = TestRepository.init(join(folder, "repo"));
  calls = [];
  lineage = createGitLineage(countingGit(createNodeGit(), calls));
});
afterEach(() => {
  lineage.close();
  remove();
});

async function stands(workspace = repository.root): Promise<GitPlace["repository"]> {
  return (await lineage.place(workspace)).repository;
}

/** What git itself says, for comparison. */
function said(at: TestRepository): { readonly branch?: string; readonly head?: string } {
  const line = (...args: readonly string[]) => {
    try {
      return at.git(...args);
    } catch {
      return undefined;
    }
  };
  const branch = line("symbolic-ref", "-q", "--short", "HEAD");
  const head = line("rev-parse", "-q", "--verify", "HEAD^{commit}");
  return { ...(branch === undefined ? {} : { branch }), ...(head === undefined ? {} : { head }) };
}

async function agrees(at = repository): Promise<void> {
  const place = await stands(at.root);
  const { branch, head } = place ?? {};
  expect({ ...(branch === undefined ? {} : { branch }), ...(head === undefined ? {} : { head }) }).toEqual(said(at));
  expect(place?.root).toBe(at.root);
}

describe("where HEAD is", () => {
  test("agrees with git after every kind of move, without running it", async () => {
    await agrees();
    const first = repository.commit("a");
    await agrees();
    repository.commit("b");
    await agrees();
    for (const branch of ["feature/with/slashes", "größe-分支", "a.b"]) {
      repository.git("switch", "-qc", branch);
      await agrees();
      repository.commit(`in ${branch}`);
      await agrees();
    }
    repository.git("pack-refs", "--all");
    await agrees();
    repository.commit("after packing");
    await agrees();
    repository.git("gc", "-q", "--prune=now");
    await agrees();
    repository.git("reset", "-q", "--hard", first);
    await agrees();
    repository.git("checkout", "-q", "--detach", "main");
    await agrees();
    repository.git("switch", "-q", "main");
    repository.git("pack-refs", "--all");
    await agrees();
    repository.git("branch", "-m", "main", "trunk");
    await agrees();
    repository.git("symbolic-ref", "refs/heads/alias", "refs/heads/trunk");
    repository.git("symbolic-ref", "HEAD", "refs/heads/alias");
    expect(await stands()).toMatchObject({ branch: "trunk", head: repository.head() });
    repository.git("checkout", "-q", "--orphan", "empty");
    await agrees();
    repository.git("branch", "-D", "alias", "trunk");
    await agrees();
    expect(calls).toEqual([]);
  });

  test("a ref that is written many times within one tick of the clock is never read stale", async () => {
    const commits = [repository.commit("a"), repository.commit("b")];
    const stale: number[] = [];
    const ref = join(repository.root, ".git/refs/heads/main");
    for (let round = 0; round < 500; round++) {
      const commit = commits[round % 2] ?? "";
      // Written in place half of the time: on some file systems a rename gives the inode number of the file before the last one.
      const target = round % 4 < 2 ? ref : `${ref}.lock`;
      writeFileSync(target, `${commit}\n`);
      if (target !== ref) renameSync(target, ref);
      if ((await stands())?.head !== commit) stale.push(round);
    }
    expect(stale).toEqual([]);
  });

  test("a ref that another process moves is seen at the next call", async () => {
    const commits = [repository.commit("a"), repository.commit("b")];
    for (let round = 0; round < 20; round++) {
      repository.git("update-ref", "refs/heads/main", commits[round % 2] ?? "");
      expect((await stands())?.head).toBe(commits[round % 2]);
      repository.git("pack-refs", "--all");
      expect((await stands())?.head).toBe(commits[round % 2]);
    }
  });

  test("a HEAD that is a link, and one that is damaged, are left to git", async () => {
    repository.commit("a");
    const head = join(repository.root, ".git/HEAD");
    unlinkSync(head);
    symlinkSync("refs/heads/main", head);
    expect(await stands()).toMatchObject({ branch: "main", head: repository.head() });
    expect(calls).toContain("symbolic-ref");
    unlinkSync(head);
    writeFileSync(head, "ref: refs/heads/../../../../outside\n");
    await expect(lineage.place(repository.root)).rejects.toMatchObject({ code: "INTERNAL" });
  });
});

describe("which repository a folder belongs to", () => {
  test("a folder below the root, and a link to one, belong to the repository above", async () => {
    repository.commit("src/deep/a");
    expect(await stands(join(repository.root, "src/deep"))).toMatchObject({ root: repository.root, branch: "main" });
    symlinkSync(join(repository.root, "src"), join(folder, "link"));
    expect(await stands(join(folder, "link/deep"))).toMatchObject({ root: repository.root });
  });

  test("none, then one that is made, then none again", async () => {
    const bare = join(folder, "plain");
    mkdirSync(join(bare, "sub"), { recursive: true });
    expect(await stands(join(bare, "sub"))).toBeUndefined();
    TestRepository.init(bare).commit("a");
    expect(await stands(join(bare, "sub"))).toMatchObject({ root: bare });
    const nearer = TestRepository.init(join(bare, "sub"));
    expect(await stands(join(bare, "sub"))).toMatchObject({ root: nearer.root });
    rmSync(join(bare, "sub/.git"), { recursive: true });
    rmSync(join(bare, ".git"), { recursive: true });
    expect(await stands(join(bare, "sub"))).toBeUndefined();
    expect(await stands(join(folder, "nowhere"))).toBeUndefined();
  });

  test("a worktree has its own HEAD and git directory, and shares the common one", async () => {
    repository.commit("a");
    const tree = repository.at(join(folder, "tree"));
    repository.git("worktree", "add", "-q", "-b", "tree", tree.root);
    tree.commit("b");
    await agrees(tree);
    await agrees();
    const [here, there] = [await stands(), await stands(tree.root)];
    expect(there?.commonDir).toBe(here?.commonDir);
    expect(there?.gitDir).not.toBe(here?.gitDir);
    expect(there?.gitDir).toBe(tree.git("rev-parse", "--absolute-git-dir"));
    expect(await lineage.dirty(await lineage.place(tree.root))).toBe(false);
  });

  test("a submodule is a repository of its own", async () => {
    const library = TestRepository.init(join(folder, "library"));
    library.commit("a");
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", library.root, "lib");
    repository.git("commit", "-qm", "add");
    const submodule = repository.at(join(repository.root, "lib"));
    await agrees(submodule);
    expect((await stands(submodule.root))?.commonDir).toBe(join(repository.root, ".git/modules/lib"));
    expect(await lineage.dirty(await lineage.place(submodule.root))).toBe(false);
  });

  test("a bare repository is none, also inside of a work tree, and a .git file that leads nowhere is none", async () => {
    TestRepository.init(join(folder, "bare.git"), "--bare");
    expect(await stands(join(folder, "bare.git"))).toBeUndefined();
    repository.commit("a");
    TestRepository.init(join(repository.root, "vendor/bare"), "--bare");
    expect(await stands(join(repository.root, "vendor/bare"))).toMatchObject({ root: repository.root });
    mkdirSync(join(repository.root, "lost"));
    writeFileSync(join(repository.root, "lost/.git"), "gitdir: ../nowhere\n");
    expect(await stands(join(repository.root, "lost"))).toBeUndefined();
  });

  test("no file outside of the git directories is read for a ref", async () => {
    const id = repository.commit("a");
    writeFileSync(join(folder, "secret"), `${id}\n`);
    writeFileSync(join(repository.root, ".git/HEAD"), "ref: refs/../../../secret\n");
    await expect(lineage.place(repository.root)).rejects.toMatchObject({ code: "INTERNAL" });
    expect(readFileSync(join(folder, "secret"), "utf8")).toBe(`${id}\n`);
  });
});
