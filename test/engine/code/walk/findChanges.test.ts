import { chmodSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCodeFolder } from "../../../../src/engine/code/walk/codeFolder.ts";
import { type CodeState, findChanges } from "../../../../src/engine/code/walk/findChanges.ts";
import { listCode } from "../../../../src/engine/code/walk/listCode.ts";
import { createNodeGit } from "../../../../src/serve/nodeGit.ts";
import { temporaryFolder, TestRepository } from "../../../support/repository.ts";

const git = createNodeGit();
let root: string;
let remove: () => void;
beforeEach(() => {
  ({ folder: root, remove } = temporaryFolder("changes"));
});
afterEach(() => remove());

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
/** As if it had been written a minute ago. */
function age(path: string, minutes = 1): void {
  const then = new Date(Date.now() - minutes * 60_000);
  utimesSync(join(root, path), then, then);
}
async function look(former?: CodeState, withGit = false) {
  const listing = await listCode(root, withGit ? { git } : {});
  const { state, hashed, ...changes } = await findChanges(root, former, listing);
  const paths = (files: readonly { readonly path: string }[]) => files.map(({ path }) => path).sort();
  return { state, hashed, added: paths(changes.added), changed: paths(changes.changed), removed: changes.removed };
}

test("without git only what has another size or time is read, and only another content counts as changed", async () => {
  for (const path of ["same.ts", "touched.ts", "edited.ts", "gone.ts", "moved.ts"]) {
    write(path, `${path} one\n`);
    age(path);
  }
  const first = await look();
  expect(first).toMatchObject({ added: ["edited.ts", "gone.ts", "moved.ts", "same.ts", "touched.ts"], hashed: 5 });
  expect(await look(first.state)).toMatchObject({ added: [], changed: [], removed: [], hashed: 0 });
  age("touched.ts", 2);
  write("edited.ts", "edited.ts two\n");
  rmSync(join(root, "gone.ts"));
  renameSync(join(root, "moved.ts"), join(root, "there.ts"));
  chmodSync(join(root, "same.ts"), 0o755);
  const second = await look(first.state);
  const { added, changed, removed, hashed } = second;
  expect({ added, changed, removed, hashed }).toEqual({
    added: ["there.ts"],
    changed: ["edited.ts"],
    removed: ["gone.ts", "moved.ts"],
    hashed: 3,
  });
  // One content has one address under any name.
  expect(second.state.files.get("there.ts")?.blob).toBe(first.state.files.get("moved.ts")?.blob);
});

test("a file that was written in the moment of the last walk is read again though size and time are the same", async () => {
  let first: Awaited<ReturnType<typeof look>> | undefined;
  const moment = Math.floor(Date.now() / 1000);
  for (const text of ["one", "two"]) {
    write("racy.ts", text);
    utimesSync(join(root, "racy.ts"), moment, moment);
    if (text === "one") first = await look();
  }
  expect(await look(first?.state)).toMatchObject({ changed: ["racy.ts"] });
});

test("a checkout of another branch yields exactly the files that differ, and back again", async () => {
  const repository = TestRepository.init(root);
  for (let index = 0; index < 600; index++) write(`src/${index % 20}/f${index}.ts`, `export const v = ${index};\n`);
  repository.commit("base.ts");
  repository.git("checkout", "-q", "-b", "side");
  const differing: string[] = [];
  for (let index = 0; index < 500; index++) {
    const path = `src/${index % 20}/f${index}.ts`;
    write(path, `export const v = "side ${index}";\n`);
    differing.push(path);
  }
  rmSync(join(root, "src/11/f511.ts"));
  repository.commit("only-side.ts");
  repository.git("checkout", "-q", "main");
  const onMain = await look(undefined, true);
  repository.git("checkout", "-q", "side");
  const onSide = await look(onMain.state, true);
  expect(onSide).toMatchObject({
    added: ["only-side.ts"],
    changed: differing.sort(),
    removed: ["src/11/f511.ts"],
  });
  // Also of those that git itself still has to look at, none is read when git knows the content.
  expect(onSide.hashed).toBe(0);
  repository.git("checkout", "-q", "main");
  const back = await look(onSide.state, true);
  expect(back.changed).toEqual(differing);
  expect(back.state.files.get("src/0/f0.ts")?.blob).toBe(onMain.state.files.get("src/0/f0.ts")?.blob);
});

test("an address is the same with git and without, edited and committed", async () => {
  const repository = TestRepository.init(root);
  write("a.ts", "one\n");
  const untracked = await look(undefined, true);
  repository.git("add", "-A");
  repository.git("commit", "-q", "-m", "a");
  expect(await look(untracked.state, true)).toMatchObject({ added: [], changed: [], removed: [] });
  const plain = await look();
  expect(plain.state.files.get("a.ts")?.blob).toBe(repository.git("rev-parse", "HEAD:a.ts"));
});

test("addresses of another format make everything new", async () => {
  const other = join(root, "sha256");
  TestRepository.init(other, "--object-format=sha256").commit("a.ts");
  const plain = await findChanges(other, undefined, await listCode(other, {}));
  const withGit = await findChanges(other, plain.state, await listCode(other, { git }));
  expect(withGit.changed.map(({ path }) => path)).toEqual(["a.ts"]);
});

test("a file that vanishes between the listing and the reading is removed, not an error", async () => {
  write("a.ts", "a");
  write("b.ts", "b");
  const first = await look();
  write("a.ts", "changed");
  const listing = await listCode(root);
  rmSync(join(root, "a.ts"));
  const changes = await findChanges(root, first.state, listing);
  expect(changes).toMatchObject({ added: [], changed: [], removed: ["a.ts"] });
});

test("is given up when its caller gives up", async () => {
  write("a.ts", "a");
  const stop = new AbortController();
  stop.abort(new Error("enough"));
  const listing = await listCode(root);
  await expect(
    findChanges(root, undefined, listing, { signal: stop.signal, folder: openCodeFolder(root) }),
  ).rejects.toThrow("enough");
});
