import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CodeFolder, openCodeFolder } from "../../../../src/engine/code/walk/codeFolder.ts";
import { listCode, type ListCodeOptions } from "../../../../src/engine/code/walk/listCode.ts";
import { createNodeGit } from "../../../../src/serve/nodeGit.ts";
import { temporaryFolder, TestRepository } from "../../../support/repository.ts";

let root: string;
let remove: () => void;
beforeEach(() => {
  ({ folder: root, remove } = temporaryFolder("walk"));
});
afterEach(() => remove());

function write(path: string, text = "x"): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
async function paths(options: ListCodeOptions = {}): Promise<readonly string[]> {
  return (await listCode(root, options)).files.map(({ path }) => path).sort();
}
async function reasons(options: ListCodeOptions = {}): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries((await listCode(root, options)).leftOut.map(({ path, leftOut }) => [path, leftOut]));
}

test("a folder that is no repository is walked, with git at hand and without", async () => {
  write("a.ts", "four");
  for (const options of [{}, { git: createNodeGit() }, { git: createNodeGit({ binary: "no-such-git" }) }])
    expect(await listCode(root, options)).toMatchObject({
      by: "walk",
      files: [{ path: "a.ts", size: 4 }],
      leftOut: [],
    });
});

test("ignore files are obeyed as git obeys them, those of repositories inside too", async () => {
  write(".gitignore", "*.log\nbuilt/\n/only-here.ts\n");
  write("src/.gitignore", "!kept.log\n!built/\n");
  write(".heirloomignore", "notes/\n");
  for (const path of [
    "a.log",
    "src/kept.log",
    "src/b.log",
    "built/x.ts",
    "src/built/y.ts",
    "only-here.ts",
    "src/only-here.ts",
  ])
    write(path);
  write("notes/a.md");
  write("inner/.git/config", "");
  write("inner/.gitignore", "*.tmp\n");
  write("inner/a.ts");
  write("inner/a.tmp");
  const wanted = ["inner/a.ts", "src/built/y.ts", "src/kept.log", "src/only-here.ts"];
  expect((await paths()).filter((path) => !path.endsWith("ignore"))).toEqual(wanted);
  expect(await reasons()).toMatchObject({ "built/": "ignored", "notes/": "ignored", "a.log": "ignored" });
});

test("the same tree is listed with git and without, with every rule but the index", async () => {
  const repository = TestRepository.init(root);
  const rules = [
    "*.log\n!keep.log\n",
    "/a/\n!b\n",
    "**/x\n",
    "a/**\n!a/y/\n",
    "d*\n!dd\n\\!odd\n",
    "*\n!*/\n!*.ts\n",
    "x y \nfoo[ab]\n",
  ];
  const names = [
    "a/x",
    "a/y/z.ts",
    "b/a/q",
    "keep.log",
    "d",
    "dd",
    "!odd",
    "x y",
    "fooa",
    "fooc",
    "c/x/n.ts",
    "c/m.ts",
  ];
  for (const name of names) write(name);
  for (const rule of rules) {
    write(".gitignore", rule);
    write("c/.gitignore", "!m.ts\nn.ts\n");
    expect(await paths(), rule).toEqual(await paths({ git: createNodeGit() }));
  }
  expect(repository.git("status", "--porcelain")).not.toBe("");
});

test("what is no file of its own is left out and never followed or opened", async () => {
  write("real/a.ts");
  symlinkSync("..", join(root, "real/loop"));
  symlinkSync("/etc", join(root, "etc"));
  symlinkSync("nowhere", join(root, "dangling"));
  execFileSync("mkfifo", [join(root, "pipe")]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(root, "socket"), resolve));
  expect(await reasons()).toEqual({
    "real/loop": "symbolic link",
    etc: "symbolic link",
    dangling: "symbolic link",
    pipe: "no regular file",
    socket: "no regular file",
  });
  expect(await paths()).toEqual(["real/a.ts"]);
  await new Promise((resolve) => server.close(resolve));
});

test("a folder that cannot be read is left out, and what vanishes meanwhile is simply not there", async () => {
  write("open/a.ts");
  write("closed/b.ts");
  write("vanishing/c.ts");
  write("gone.ts");
  const disk = openCodeFolder(root);
  const faulty: CodeFolder = {
    ...disk,
    list(path) {
      if (path === "closed") throw Object.assign(new Error("EACCES"), { code: "EACCES" });
      if (path === "vanishing") throw Object.assign(new Error("ENOENT"), { code: "ENOENT" });
      return disk.list(path);
    },
    stat: (path) => (path === "gone.ts" ? undefined : disk.stat(path)),
  };
  expect(await paths({ folder: faulty })).toEqual(["open/a.ts"]);
  expect(await reasons({ folder: faulty })).toEqual({ "closed/": "unreadable" });
});

test("a folder nested without end comes to one", async () => {
  const endless: CodeFolder = {
    list: () => [{ name: "d", kind: "folder" }],
    stat: () => undefined,
    read: async () => ({ leftOut: "missing" }),
  };
  const { leftOut } = await listCode(root, { folder: endless });
  expect(leftOut.map(({ leftOut: reason }) => reason)).toEqual(["unreadable"]);
});

test("odd names, an endless file and a root that is missing do no harm", async () => {
  write("new\nline.ts");
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe])]), "x");
  write("huge.ts", "");
  truncateSync(join(root, "huge.ts"), 3 * 2 ** 30);
  expect(await paths()).toEqual(["new\nline.ts"]);
  expect(await reasons()).toEqual({ "\ufffd\ufffd": "name not UTF-8", "huge.ts": "too large" });
  expect(await listCode(join(root, "missing"))).toMatchObject({ files: [], leftOut: [] });
});

test("vendored and generated folders are one entry, and vendored code is listed with a mark where it is wanted", async () => {
  for (const path of [
    "node_modules/x/index.js",
    "vendor/lib.go",
    "src/__generated__/q.ts",
    "src/a.ts",
    "web/jquery-3.7.1.js",
  ])
    write(path);
  expect(await reasons()).toEqual({
    "node_modules/": "vendored",
    "vendor/": "vendored",
    "src/__generated__/": "generated",
    "web/jquery-3.7.1.js": "vendored",
  });
  const { files } = await listCode(root, { vendored: true });
  expect(Object.fromEntries(files.map(({ path, vendored }) => [path, vendored]))).toEqual({
    "node_modules/x/index.js": true,
    "vendor/lib.go": true,
    "web/jquery-3.7.1.js": true,
    "src/a.ts": undefined,
  });
});
