import { renameSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

  test("a worktree sees its own HEAD", async () => {
    const first = repository.commit("a");
    const tree = repository.at(join(folder, "tree"));
    repository.git("worktree", "add", "-q", "-b", "tree", tree.root);
    const inTree = tree.commit("b");
    const inMain = repository.commit("c");
    const all = [first, inTree, inMain];
    expect(await seen(all)).toEqual([first, inMain]);
    expect(await seen(all, tree.root)).toEqual([first, inTree]);
  });

  test("a commit beyond the boundary of a shallow clone is hidden until the clone is deepened", async () => {
    const commits = repository.grow("main", 10);
    const clone = repository.at(join(folder, "clone"));
    repository.git("clone", "-q", "--depth", "2", `file://${repository.root}`, clone.root);
    expect(await seen(commits, clone.root)).toEqual(commits.slice(-2));
    expect((await lineage.state(clone.root)).shallow).toBe(true);
    clone.git("fetch", "-q", "--depth", "5");
    expect(await seen(commits, clone.root)).toEqual(commits.slice(-5));
    clone.git("fetch", "-q", "--unshallow");
    expect(await seen(commits, clone.root)).toEqual(commits);
  });

  test("the facts of a commit at the boundary of a shallow clone name its parents and no patch", async () => {
    const commits = repository.grow("main", 3);
    const clone = repository.at(join(folder, "clone"));
    repository.git("clone", "-q", "--depth", "1", `file://${repository.root}`, clone.root);
    const facts = await lineage.facts(await lineage.place(clone.root), commits[2] ?? "");
    expect(facts?.parents).toEqual([commits[1]]);
    expect(facts?.patchId).toBeUndefined();
  });

  test("a commit that a fetch brings is seen from then on, in a pack or loose, or through another repository's objects", async () => {
    repository.commit("a");
    const clone = repository.at(join(folder, "clone"));
    repository.git("clone", "-q", repository.root, clone.root);
    const loose = repository.commit("b");
    expect(await seen([loose], clone.root)).toEqual([]);
    clone.git("pull", "-q", "--ff-only");
    expect(await seen([loose], clone.root)).toEqual([loose]);
    clone.git("checkout", "-q", "--detach", "HEAD");
    const packed = repository.grow("main", 150).at(-1) ?? "";
    expect(await seen([loose, packed], clone.root)).toEqual([loose]);
    clone.git("fetch", "-q");
    expect(await seen([loose, packed], clone.root)).toEqual([loose]);
    clone.git("reset", "-q", "--hard", "origin/main");
    expect(await seen([loose, packed], clone.root)).toEqual([loose, packed]);

    const borrower = repository.at(join(folder, "borrower"));
    repository.git("clone", "-q", "--shared", repository.root, borrower.root);
    repository.git("switch", "-qc", "later", "main");
    const borrowed = repository.commit("c");
    expect(await seen([borrowed, "0".repeat(40)], borrower.root)).toEqual([]);
    borrower.git("fetch", "-q", "origin", "later");
    borrower.git("merge", "-q", "--ff-only", "FETCH_HEAD");
    expect(await seen([borrowed, "0".repeat(40)], borrower.root)).toEqual([borrowed]);
  });

  test("a commit that arrives under an unchanged HEAD is asked for again", async () => {
    const first = repository.commit("a");
    repository.git("switch", "-qc", "other");
    const other = repository.commit("b");
    const file = join(repository.root, ".git/objects", first.slice(0, 2), first.slice(2));
    renameSync(file, `${file}.away`);
    expect(await seen([first, other])).toEqual([other]);
    renameSync(`${file}.away`, file);
    expect(await seen([first, other])).toEqual([first, other]);
  });

  test("a deleted branch that git has collected stays hidden, and what is merged stays visible", async () => {
    const first = repository.commit("a");
    repository.git("switch", "-qc", "dropped");
    const dropped = repository.commit("b");
    const all = [first, dropped];
    expect(await seen(all)).toEqual(all);
    repository.git("switch", "-q", "main");
    expect(await seen(all)).toEqual([first]);
    repository.git("branch", "-qD", "dropped");
    repository.git("reflog", "expire", "--expire=now", "--all");
    repository.git("gc", "-q", "--prune=now");
    expect(await seen(all)).toEqual([first]);
    const second = repository.commit("c");
    all.push(second);
    expect(await seen([...all])).toEqual([first, second]);
    lineage.close();
    lineage = createGitLineage(createNodeGit());
    expect(await seen(all)).toEqual([first, second]);
  });

  test("a commit that was known and has been collected is hidden under a HEAD that has not been asked about it", async () => {
    const first = repository.commit("a");
    repository.git("switch", "-q", "--detach", "main");
    const lost = repository.commit("b");
    repository.commit("on top");
    expect(await seen([lost])).toEqual([lost]);
    expect(calls.splice(0).sort()).toEqual(["cat-file", "rev-list"]);
    repository.git("switch", "-q", "main");
    // The difference to the HEAD before cannot be told any more, so everything is asked, and one is gone.
    repository.git("reflog", "expire", "--expire=now", "--all");
    repository.git("prune", "--expire=now");
    const second = repository.commit("c");
    expect(await seen([lost, first, second])).toEqual([first, second]);
  });

  test("the HEAD that was asked last may be gone when the next one is asked", async () => {
    const first = repository.commit("a");
    repository.git("switch", "-q", "--detach", "main");
    const lost = repository.commit("b");
    expect(await seen([first, lost])).toEqual([first, lost]);
    repository.git("switch", "-q", "main");
    repository.git("reflog", "expire", "--expire=now", "--all");
    repository.git("gc", "-q", "--prune=now");
    expect(await seen([first, lost])).toEqual([first]);
  });
});

describe("the cost of knowing what HEAD inherits", () => {
  test("5,000 commits take one look, then nothing until HEAD moves, and then one run of git", async () => {
    const commits = [...repository.grow("main", 5_000)];
    repository.git("switch", "-q", "-c", "side", "main~4000");
    const side = repository.head();
    const ask = async (list: readonly string[]) => {
      calls.length = 0;
      const visible = new Set(await seen(list));
      return { visible, calls: [...calls].sort() };
    };
    const first = await ask(commits);
    expect(first.calls).toEqual(["cat-file", "rev-list"]);
    expect([...first.visible]).toEqual(commits.slice(0, 1_000));
    expect((await ask(commits)).calls).toEqual([]);
    expect((await ask([...commits])).calls).toEqual([]);
    const next = repository.commit("a");
    expect(await ask([...commits, next])).toMatchObject({ calls: ["rev-list"] });
    expect((await seen([...commits, next])).length).toBe(1_001);
    repository.git("switch", "-q", "main");
    const back = await ask([...commits, next]);
    expect(back.calls).toEqual(["rev-list"]);
    expect([...back.visible]).toEqual(commits);
    repository.git("switch", "-q", "--detach", side);
    expect((await ask([...commits])).calls).toEqual([]);
  });

  test("calls that overlap ask once", async () => {
    const commits = repository.grow("main", 20);
    const place = await lineage.place(repository.root);
    await Promise.all(Array.from({ length: 10 }, () => lineage.visibleCommits(place, [...commits])));
    expect([...calls].sort()).toEqual(["cat-file", "rev-list"]);
  });

  test("any history and any walk of HEAD over it give what git's own ancestry says", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { minLength: 3, maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        async (shape, walk) => {
          const inner = temporaryFolder("history");
          try {
            const history = TestRepository.init(join(inner.folder, "repo"));
            const tree = history.gitWith("", "mktree");
            const commits: string[] = [];
            const ancestors = new Map<string, ReadonlySet<string>>();
            for (const [index, [a, b, isMerge]] of shape.entries()) {
              const parents = [a, ...(isMerge ? [b] : [])]
                .map((pick) => commits[pick % (commits.length + 1)])
                .filter((id) => id !== undefined);
              const distinct = [...new Set(parents)];
              const commit = history.git(
                "commit-tree",
                "-m",
                String(index),
                ...distinct.flatMap((id) => ["-p", id]),
                tree,
              );
              commits.push(commit);
              ancestors.set(commit, new Set([commit, ...distinct.flatMap((id) => [...(ancestors.get(id) ?? [])])]));
            }
            const own = createGitLineage(createNodeGit());
            for (const step of [...walk.take(6)]) {
              const head = commits[step % commits.length] ?? "";
              history.git("update-ref", "--no-deref", "HEAD", head);
              const asked = commits.filter((_, index) => (step >> (index % 8)) % 3 !== 0);
              const visible = await own.visibleCommits(await own.place(history.root), asked);
              expect([...visible]).toEqual(asked.filter((commit) => ancestors.get(head)?.has(commit)));
            }
            own.close();
          } finally {
            inner.remove();
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});
