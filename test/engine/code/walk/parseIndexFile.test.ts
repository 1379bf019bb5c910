import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isPlainIndex, parseIndexFile } from "../../../../src/engine/code/walk/parseIndexFile.ts";
import { parseIndexListing } from "../../../../src/engine/code/walk/parseIndexListing.ts";
import { readIndexFile } from "../../../../src/engine/code/walk/readIndexFile.ts";
import { createNodeGit } from "../../../../src/serve/nodeGit.ts";
import { temporaryFolder, TestRepository } from "../../../support/repository.ts";

let root: string;
let remove: () => void;
let repository: TestRepository;
beforeEach(() => {
  ({ folder: root, remove } = temporaryFolder("index"));
  repository = TestRepository.init(root);
});
afterEach(() => remove());

/** A repository with every kind of entry and path that the two ways could read differently. */
function fill(): void {
  for (const path of ["a.ts", "naïve/日本.ts", "new\nline.ts", "sparse.ts", "assumed.ts", "d/".repeat(20) + "deep.ts"])
    repository.write(path, path);
  // Longer than the length in an entry can say.
  repository.write(`${"folder-with-a-long-name/".repeat(150)}${"x".repeat(200)}.ts`, "long");
  repository.write("run.sh", "x");
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xe9, 0x2e, 0x74, 0x73])]), "latin");
  symlinkSync("a.ts", join(root, "link"));
  repository.commit("conflict.ts", "base\n");
  repository.git("update-index", "--chmod=+x", "run.sh");
  repository.git("checkout", "-q", "-b", "side");
  repository.commit("conflict.ts", "side\n");
  repository.git("checkout", "-q", "main");
  repository.commit("conflict.ts", "main\n");
  expect(() => repository.git("merge", "side")).toThrow();
  repository.git("update-index", "--add", "--cacheinfo", `160000,${repository.head()},submodule`);
  repository.git("update-index", "--assume-unchanged", "assumed.ts");
}

async function byGit() {
  const output = await createNodeGit().run(["ls-files", "-s", "-v", "-z", "--debug"], { cwd: root, bytes: true });
  return [...parseIndexListing(output)];
}
async function byFile() {
  const bytes = await readIndexFile(root);
  return bytes === undefined ? undefined : [...parseIndexFile(bytes)];
}

test("an index is read as git reads it, in version 2 and, with a sparse file, in version 3", async () => {
  fill();
  expect(readFileSync(join(root, ".git/index")).readUInt32BE(4)).toBe(2);
  expect(await byFile()).toEqual(await byGit());
  repository.git("update-index", "--skip-worktree", "sparse.ts");
  expect(readFileSync(join(root, ".git/index")).readUInt32BE(4)).toBe(3);
  const entries = await byFile();
  expect(entries).toEqual(await byGit());
  expect(entries?.filter(({ path }) => path === "conflict.ts")).toHaveLength(3);
  expect(entries?.filter(({ uncertain }) => uncertain).map(({ path }) => path)).toEqual(
    expect.arrayContaining(["assumed.ts", "sparse.ts", "conflict.ts"]),
  );
});

test.each([
  ["version 4", () => repository.git("update-index", "--index-version", "4")],
  ["a split index", () => repository.git("update-index", "--split-index")],
  [
    "another object format",
    () => {
      rmSync(join(root, ".git"), { recursive: true });
      repository.git("init", "-q", "--object-format=sha256");
      repository.git("add", "-A");
    },
  ],
  ["a file of another kind", () => writeFileSync(join(root, ".git/index"), "x".repeat(500))],
  ["no index", () => rmSync(join(root, ".git/index"))],
])("%s is left to git", async (_name, change) => {
  repository.write("a.ts", "a");
  repository.commit("b.ts");
  expect(await byFile()).toHaveLength(2);
  change();
  expect(await byFile()).toBeUndefined();
});

test("an index that is cut anywhere is read wholly or not at all, and one whose lengths lie does no harm", () => {
  fill();
  const bytes = readFileSync(join(root, ".git/index"));
  expect(isPlainIndex(bytes)).toBe(true);
  const whole = [...parseIndexFile(bytes)];
  let refused = 0;
  for (let length = 0; length < bytes.length; length += 7) {
    const cut = bytes.subarray(0, length);
    // What is cut behind the entries is git's to find: it compares the checksum.
    if (isPlainIndex(cut)) expect([...parseIndexFile(cut)]).toEqual(whole);
    else refused++;
  }
  expect(refused).toBeGreaterThan(bytes.length / 10);
  for (let at = 0; at < bytes.length; at += 3) {
    const broken = Buffer.from(bytes);
    broken[at] = (broken[at] ?? 0) ^ 0xff;
    if (isPlainIndex(broken)) expect([...parseIndexFile(broken)].length).toBeGreaterThan(0);
  }
});
