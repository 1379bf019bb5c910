import { rmSync as removeFile, writeFileSync as writeBytes } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type CommitCandidate,
  commitCandidates,
  type CommitOptions,
} from "../../../src/engine/capture/commitCandidates.ts";
import type { GitRunner } from "../../../src/engine/ports.ts";
import { createNodeGit } from "../../../src/serve/nodeGit.ts";
import { temporaryFolder, TestRepository } from "../../support/repository.ts";

let folder: string;
let remove: () => void;
let repository: TestRepository;

beforeEach(() => {
  ({ folder, remove } = temporaryFolder("commits"));
  repository = TestRepository.init(join(folder, "repo"));
});
afterEach(() => remove());

async function capture(options?: CommitOptions, git: GitRunner = createNodeGit()): Promise<CommitCandidate[]> {
  const all: CommitCandidate[] = [];
  for await (const one of commitCandidates(git, repository.root, options)) all.push(one);
  return all;
}

/** A commit object written byte for byte, as no git command would, and made HEAD's branch. */
function craft(text: string, encoding: BufferEncoding = "utf8"): string {
  repository.write("../object", "");
  const tree = repository.git("write-tree");
  const bytes = Buffer.from(text.replace("TREE", tree), encoding);
  repository.write("../object", "");
  writeBytes(join(folder, "object"), bytes);
  const id = repository.git("hash-object", "-t", "commit", "-w", "--literally", join(folder, "object"));
  repository.git("update-ref", "refs/heads/main", id);
  return id;
}

describe("the history of HEAD", () => {
  test("is one event a commit, oldest first, with subject, body and touched paths", async () => {
    const first = repository.commit("a.ts", "1", "Add the first file");
    const second = repository.commit("src/b c.ts", "2", "Move the parser\nto its own file\n\nIt grew.\n\n- one\n- two");
    const [one, two, ...others] = await capture();
    expect(others).toEqual([]);
    expect(one).toEqual({
      candidate: {
        content: "Add the first file\n\nFiles: a.ts",
        eventType: "commit",
        kind: "event",
        scope: "lineage",
        title: "Add the first file",
        metadata: { commit: first, paths: 1 },
        anchors: [{ path: "a.ts" }],
      },
      gitCommit: first,
      timestamp: Number(repository.git("log", "-1", "--format=%at", first)) * 1000,
      author: "Ada <ada@example.com>",
      idempotencyKey: `commit:${first}`,
    });
    expect(two?.gitCommit).toBe(second);
    expect(two?.candidate.title).toBe("Move the parser to its own file");
    expect(two?.candidate.content).toBe(
      "Move the parser to its own file\n\nIt grew.\n\n- one\n- two\n\nFiles: src/b c.ts",
    );
  });

  test("reads every commit of many pages once, in order, with bounded calls", async () => {
    const ids = repository.grow("main", 1203);
    const outputs: number[] = [];
    const git = createNodeGit();
    const measuring: GitRunner = {
      run: async (args, options) => {
        const output = await git.run(args, options);
        outputs.push(output.length);
        return output;
      },
    };
    const all = await capture({}, measuring);
    expect(all.map(({ gitCommit }) => gitCommit)).toEqual(ids);
    expect(all.map(({ candidate }) => candidate.title)).toEqual(ids.map((_, index) => `import ${index + 1}`));
    // HEAD, the list, and three pages.
    expect(outputs).toHaveLength(5);
  });

  test("keeps the newest when limited, and what came after a known head", async () => {
    const ids = repository.grow("main", 6);
    expect((await capture({ limit: 2 })).map(({ gitCommit }) => gitCommit)).toEqual(ids.slice(4));
    const since = ids[2] ?? "";
    expect((await capture({ since })).map(({ gitCommit }) => gitCommit)).toEqual(ids.slice(3));
    expect(await capture({ since: "0".repeat(40) })).toHaveLength(6);
    await expect(capture({ since: "--all" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  test("is nothing on an unborn branch, and a failure where there is no repository", async () => {
    expect(await capture()).toEqual([]);
    repository = repository.at(folder);
    await expect(capture()).rejects.toThrow();
  });

  test("holds a merge only if it says something itself", async () => {
    repository.commit("a");
    const branch = (name: string, message: string): void => {
      repository.git("switch", "-qc", name);
      repository.commit(`${name}.txt`);
      repository.git("switch", "-q", "main");
      repository.git("merge", "-q", "--no-ff", "-m", message, name);
    };
    branch("x", "Merge branch 'x'");
    branch("y", "Merge branch 'y'\n\nConflicts:\n\tsrc/a.ts\n\tsrc/b.ts");
    branch("z", "Merge pull request #7 from ada/z\n\nRetry failed uploads");
    branch("w", "Speak HTTP/3 to the mirrors");
    const titles = (await capture()).map(({ candidate }) => candidate.title);
    expect(titles.filter((title) => !title?.startsWith("change "))).toEqual([
      "Merge pull request #7 from ada/z",
      "Speak HTTP/3 to the mirrors",
    ]);
  });

  test("shows at most twenty paths and anchors to none when a commit touches many", async () => {
    for (let n = 0; n < 30; n++) repository.write(`f${String(n).padStart(2, "0")}`, "x");
    repository.commit("g", "x", "Add many");
    const [one] = await capture();
    expect(one?.candidate.content).toMatch(/f19, and 11 more$/u);
    expect(one?.candidate.anchors).toEqual([]);
    expect(one?.candidate.metadata).toMatchObject({ paths: 31 });
  });

  test("does not depend on the user's or the repository's settings for logs", async () => {
    repository.commit("a", "1", "One");
    for (const [key, value] of [
      ["log.showSignature", "true"],
      ["log.showRoot", "false"],
      ["log.decorate", "full"],
      ["diff.renames", "copies"],
      ["diff.noprefix", "true"],
      ["core.quotePath", "true"],
      ["color.ui", "always"],
      ["format.pretty", "oneline"],
      ["i18n.logOutputEncoding", "latin1"],
      ["log.diffMerges", "first-parent"],
    ] as const) {
      repository.git("config", key, value);
    }
    repository.commit("ä.txt", "1", "Zwei für dich");
    expect((await capture()).map(({ candidate }) => candidate.content)).toEqual([
      "One\n\nFiles: a",
      "Zwei für dich\n\nFiles: ä.txt",
    ]);
  });
});

describe("hostile commits survive", () => {
  test("without message, without names, with impossible dates", async () => {
    const id = craft("tree TREE\nauthor  <> 99999999999999999999 +0000\ncommitter x <x> -5 +9999\n\n");
    const [one] = await capture();
    expect(one?.gitCommit).toBe(id);
    expect(one?.candidate.content).toBe("(no commit message)");
    expect(one?.candidate.title).toBeUndefined();
    expect(() => new Date(one?.timestamp ?? Number.NaN).toISOString()).not.toThrow();
  });

  test("with control characters, NUL, and bytes that are no UTF-8", async () => {
    craft(
      "tree TREE\nauthor A\u0007 <a@b> 1 +0000\ncommitter x <x> 1 +0000\n\nsub\u001b[31mject\u0007 h\u00e9\n\nbo\u0000dy\n",
      "latin1",
    );
    const [one] = await capture();
    expect(one?.candidate.title).toMatch(/^sub\[31mject h/u);
    expect(one?.candidate.content).not.toMatch(/[^\P{Cc}\n\t]/u);
    expect(one?.author).toBe("A <a@b>");
  });

  test("in another encoding that is declared", async () => {
    craft("tree TREE\nauthor A <a@b> 1 +0000\ncommitter x <x> 1 +0000\nencoding ISO-8859-1\n\nCaf\u00e9\n", "latin1");
    expect((await capture())[0]?.candidate.title).toBe("Café");
  });

  test("with a message of megabytes", async () => {
    craft(
      `tree TREE\nauthor A <a@b> 1 +0000\ncommitter x <x> 1 +0000\n\n${"word ".repeat(100)}\n\n${"line of text\n".repeat(300_000)}`,
    );
    const [one] = await capture();
    expect(one?.candidate.title?.length).toBeLessThanOrEqual(300);
    expect(one?.candidate.content.length).toBeLessThan(20_000);
    expect(one?.candidate.content).toMatch(/line of text\n\[…\]$/u);
  });

  test("with a message that imitates the output of git", async () => {
    repository.commit("a", "1", "fake\n\n\n\ncommit 0000\n\nFiles: none");
    repository.commit("b", "1", "real");
    expect((await capture()).map(({ candidate }) => candidate.title)).toEqual(["fake", "real"]);
  });

  test("with names of files that are no clean text, which are shown but not anchored to", async () => {
    repository.write("line\nend", "x");
    repository.write("back\\slash", "x");
    repository.write(" spaced ", "x");
    repository.commit("plain", "x", "Names");
    const [one] = await capture();
    expect(one?.candidate.content).toContain("line end");
    expect(one?.candidate.anchors?.map(({ path }) => path).sort()).toEqual([" spaced ", "plain"]);
  });

  test("when trees are missing, as in a partial clone: then without paths", async () => {
    repository.commit("a", "1", "Has no tree");
    const tree = repository.git("rev-parse", "HEAD^{tree}");
    removeFile(join(repository.root, ".git/objects", tree.slice(0, 2), tree.slice(2)));
    const [one] = await capture();
    expect(one?.candidate.content).toBe("Has no tree");
  });
});
