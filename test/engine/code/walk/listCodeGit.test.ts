import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listCode, type ListCodeOptions } from "../../../../src/engine/code/walk/listCode.ts";
import { createNodeGit } from "../../../../src/serve/nodeGit.ts";
import { temporaryFolder, TestRepository } from "../../../support/repository.ts";

const git = createNodeGit();
let folder: string;
let remove: () => void;
let repository: TestRepository;
beforeEach(() => {
  ({ folder, remove } = temporaryFolder("walk"));
  repository = TestRepository.init(join(folder, "repo"));
});
afterEach(() => remove());

const list = (options: ListCodeOptions = {}, root = repository.root) => listCode(root, { git, ...options });
async function paths(options: ListCodeOptions = {}, root = repository.root): Promise<readonly string[]> {
  return (await list(options, root)).files.map(({ path }) => path).sort();
}
async function reasons(options: ListCodeOptions = {}): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries((await list(options)).leftOut.map(({ path, leftOut }) => [path, leftOut]));
}
const blobOf = async (path: string) => (await list()).files.find((file) => file.path === path)?.blob;

describe("what git ignores", () => {
  test("nested .gitignore files with negation, info/exclude and untracked files are as git has them", async () => {
    repository.write(".gitignore", "*.log\n/out/\n");
    repository.write("src/.gitignore", "!kept.log\ntmp*\n");
    repository.write(".git/info/exclude", "private.ts\n");
    for (const path of ["a.log", "src/kept.log", "src/b.log", "src/tmp.ts", "out/x.ts", "private.ts", "src/new.ts"])
      repository.write(path, `${path}\n`);
    const wanted = ["src/kept.log", "src/new.ts"];
    expect((await paths()).filter((path) => !path.endsWith(".gitignore"))).toEqual(wanted);
    expect(await reasons({ ignored: true })).toMatchObject({
      "out/": "ignored",
      "a.log": "ignored",
      "private.ts": "ignored",
      "src/tmp.ts": "ignored",
    });
    expect(await reasons()).toEqual({});
  });

  test("a tracked file is listed though a rule ignores it", async () => {
    repository.commit("made.ts");
    repository.commit(".gitignore", "*.ts\n");
    repository.write("other.ts", "");
    expect(await paths()).toEqual([".gitignore", "made.ts"]);
  });

  test("a .heirloomignore in any folder leaves tracked files out too, also one that git ignores itself", async () => {
    repository.write("docs/.heirloomignore", "*\n!keep.md\n");
    repository.write("docs/keep.md", "a");
    repository.write("docs/drop.md", "a");
    repository.commit("src/a.ts");
    repository.write(".git/info/exclude", "/.heirloomignore\n");
    repository.write(".heirloomignore", "src/\n");
    expect(await paths()).toEqual(["docs/keep.md"]);
    expect(await reasons()).toEqual({
      "src/a.ts": "ignored",
      "docs/drop.md": "ignored",
      "docs/.heirloomignore": "ignored",
    });
  });

  test("a setting's globs leave out as VS Code's files.exclude does", async () => {
    for (const path of ["a.snap.ts", "deep/b.snap.ts", "gen/x.ts", "deep/gen/x.ts", "c.tsx", "keep.ts"])
      repository.write(path, "x");
    const exclude = ["*.snap.ts", "**/gen", "**/*.{tsx,jsx}"];
    expect(await paths({ exclude })).toEqual(["deep/b.snap.ts", "keep.ts"]);
    expect(await reasons({ exclude })).toMatchObject({ "gen/x.ts": "excluded", "c.tsx": "excluded" });
  });
});

describe("what git knows of a file", () => {
  test("an unchanged file has git's own blob id, its size and its time without being read", async () => {
    repository.commit("a.ts", "hello\n");
    const untouchable = { list: fail, stat: fail, read: async () => ({ leftOut: "missing" as const }) };
    const [file] = (await list({ folder: untouchable })).files;
    expect(file).toMatchObject({ path: "a.ts", size: 6, blob: repository.git("rev-parse", "HEAD:a.ts") });
    expect(Math.abs((file?.modifiedMs ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  test("a changed, an untracked, an intended and a conflicting file have none, and are listed once", async () => {
    repository.commit("a.ts", "one\n");
    repository.commit("b.ts", "base\n");
    repository.git("checkout", "-q", "-b", "side");
    repository.commit("b.ts", "side\n");
    repository.git("checkout", "-q", "main");
    repository.commit("b.ts", "main\n");
    expect(() => repository.git("merge", "side")).toThrow();
    repository.write("a.ts", "other\n");
    repository.write("new.ts", "new\n");
    repository.write("intended.ts", "soon\n");
    repository.git("add", "-N", "intended.ts");
    const { files } = await list();
    expect(files.map(({ path, blob }) => [path, blob]).sort()).toEqual([
      ["a.ts", undefined],
      ["b.ts", undefined],
      ["intended.ts", undefined],
      ["new.ts", undefined],
    ]);
  });

  test("a file that git is told to assume unchanged is looked at all the same", async () => {
    repository.commit("a.ts", "one\n");
    repository.git("update-index", "--assume-unchanged", "a.ts");
    repository.write("a.ts", "another\n");
    expect((await list()).files).toMatchObject([{ path: "a.ts", size: 8 }]);
    expect(await blobOf("a.ts")).toBeUndefined();
  });

  test("deleted, renamed and sparse files are what the folder holds", async () => {
    for (const path of ["gone.ts", "old.ts", "kept/a.ts", "sparse/b.ts"]) repository.write(path, path);
    repository.commit("run.sh", "x\n");
    rmSync(join(repository.root, "gone.ts"));
    renameSync(join(repository.root, "old.ts"), join(repository.root, "new.ts"));
    repository.git("update-index", "--skip-worktree", "sparse/b.ts");
    rmSync(join(repository.root, "sparse/b.ts"));
    expect(await paths()).toEqual(["kept/a.ts", "new.ts", "run.sh"]);
  });

  test("another mode alone changes nothing that matters: the file is listed", async () => {
    repository.commit("run.sh", "x\n");
    chmodSync(join(repository.root, "run.sh"), 0o755);
    expect(await paths()).toEqual(["run.sh"]);
  });

  test("in a repository of SHA-256 ids are as long as there", async () => {
    const other = TestRepository.init(join(folder, "sha256"), "--object-format=sha256");
    const head = other.commit("a.ts", "hello\n");
    expect(head).toHaveLength(64);
    const listing = await list({}, other.root);
    expect(listing).toMatchObject({ objectFormat: "sha256", by: "git" });
    expect(listing.files[0]?.blob).toBe(other.git("rev-parse", "HEAD:a.ts"));
  });
});

describe("places", () => {
  test("a subfolder, a linked worktree and an unborn branch are listed relative to themselves", async () => {
    repository.write("top.ts", "x");
    expect(await paths()).toEqual(["top.ts"]);
    repository.commit("sub/deep/a.ts", "a\n");
    repository.write("sub/new.ts", "n\n");
    expect(await paths({}, join(repository.root, "sub"))).toEqual(["deep/a.ts", "new.ts"]);
    repository.git("worktree", "add", "-q", "../tree");
    const worktree = await list({}, join(folder, "tree"));
    expect(worktree.by).toBe("git");
    expect(worktree.files.map(({ path }) => path)).toEqual(["sub/deep/a.ts", "top.ts"]);
  });

  test("a bare repository and a git directory are refused with what to do", async () => {
    repository.commit("a.ts");
    repository.git("clone", "-q", "--bare", ".", "../bare.git");
    for (const root of [join(folder, "bare.git"), join(repository.root, ".git")])
      await expect(list({}, root)).rejects.toMatchObject({
        code: "INVALID_INPUT",
        message: expect.stringContaining("open a work tree") as string,
      });
  });

  test("a submodule and a repository inside are left out as what they are", async () => {
    const library = TestRepository.init(join(folder, "library"));
    library.commit("lib.ts");
    repository.commit("a.ts");
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", library.root, "lib");
    TestRepository.init(join(repository.root, "nested")).commit("n.ts");
    expect(await reasons()).toEqual({ "lib/": "submodule", "nested/": "nested repository" });
    expect(await paths()).toEqual([".gitmodules", "a.ts"]);
    expect(await paths({}, join(repository.root, "lib"))).toEqual(["lib.ts"]);
  });

  test("a work tree that the repository claims to have elsewhere is not listed", async () => {
    repository.commit("a.ts");
    mkdirSync(join(folder, "elsewhere"));
    writeFileSync(join(folder, "elsewhere", "secret.ts"), "");
    repository.git("config", "core.worktree", join(folder, "elsewhere"));
    repository.write("new.ts", "");
    expect(await list()).toMatchObject({ by: "git", files: [{ path: "a.ts" }, { path: "new.ts" }] });
  });

  test("a broken index leaves the walk that needs no git", async () => {
    repository.commit("a.ts");
    writeFileSync(join(repository.root, ".git/index"), "no index");
    expect(await list()).toMatchObject({ by: "walk", files: [{ path: "a.ts" }] });
  });
});

describe("hostile trees", () => {
  test("odd names pass unchanged, and one that is no UTF-8 is left out", async () => {
    const names = [
      "new\nline.ts",
      "tab\there.ts",
      ' "quoted".ts',
      "C:\\like\\windows.ts",
      "ünï-日本.ts",
      "aux.ts ",
      "-s",
    ];
    for (const name of names) repository.write(name, "x");
    const latin1 = Buffer.concat([Buffer.from(`${repository.root}/na`), Buffer.from([0xef]), Buffer.from("ve.ts")]);
    writeFileSync(latin1, "x");
    expect(await paths()).toEqual([...names].sort());
    expect(await reasons()).toEqual({ "na\ufffdve.ts": "name not UTF-8" });
    repository.git("add", "-A");
    repository.git("commit", "-q", "-m", "odd");
    expect(await paths()).toEqual([...names].sort());
    expect(await reasons()).toEqual({ "na\ufffdve.ts": "name not UTF-8" });
  });

  test("links are not followed: out of the root, into themselves, or where a tracked folder was", async () => {
    mkdirSync(join(folder, "outside"));
    writeFileSync(join(folder, "outside", "a.ts"), "secret");
    repository.commit("inner/a.ts", "mine");
    symlinkSync("..", join(repository.root, "loop"));
    symlinkSync(join(folder, "outside"), join(repository.root, "out"));
    repository.git("add", "-A");
    rmSync(join(repository.root, "inner"), { recursive: true });
    symlinkSync(join(folder, "outside"), join(repository.root, "inner"));
    expect(await paths()).toEqual([]);
    expect(await reasons()).toEqual({ inner: "symbolic link", loop: "symbolic link", out: "symbolic link" });
  });

  test("a pipe in the place of a tracked file does not block", async () => {
    repository.commit("a.ts");
    rmSync(join(repository.root, "a.ts"));
    execFileSync("mkfifo", [join(repository.root, "a.ts"), join(repository.root, "b.ts")]);
    expect(await paths()).toEqual([]);
    expect(await reasons()).toEqual({ "a.ts": "no regular file" });
  });

  test("a sparse file of 3 GB and one past the limit are left out without being read", async () => {
    repository.write("huge.ts", "");
    truncateSync(join(repository.root, "huge.ts"), 3 * 2 ** 30);
    repository.write("edge.ts", "x".repeat(100));
    repository.write("over.ts", "x".repeat(101));
    expect(await reasons({ maxBytes: 100 })).toEqual({ "huge.ts": "too large", "over.ts": "too large" });
    expect(await paths({ maxBytes: 100 })).toEqual(["edge.ts"]);
  });

  test("a file that was touched without being changed keeps its place", async () => {
    repository.commit("a.ts", "same\n");
    utimesSync(join(repository.root, "a.ts"), new Date(), new Date(Date.now() + 60_000));
    expect(await paths()).toEqual(["a.ts"]);
  });

  test("is given up when its caller gives up", async () => {
    repository.commit("a.ts");
    const stop = new AbortController();
    stop.abort(new Error("enough"));
    await expect(list({ signal: stop.signal })).rejects.toThrow("enough");
  });
});

function fail(): never {
  throw new Error("the disk was asked");
}
