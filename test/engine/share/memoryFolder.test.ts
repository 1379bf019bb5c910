import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MOST_SHARED_BYTES, SHARED_FOLDER } from "../../../src/contract/share.ts";
import { type SharedMemory, sharedPath, writeMemoryFile } from "../../../src/engine/share/memoryFile.ts";
import { readSharedFiles, removeSharedFile, writeSharedFile } from "../../../src/engine/share/memoryFolder.ts";
import { temporaryFolder } from "../../support/repository.ts";

let root: string;
let remove: () => void;
beforeEach(() => ({ folder: root, remove } = temporaryFolder("shared")));
afterEach(() => remove());

const memory = (id: string): SharedMemory => ({
  ...{ id, kind: "rule", scope: "repo", title: `Rule ${id}`, tags: [], anchors: [], relations: [] },
  content: `What ${id} says.`,
});
const put = (path: string, text: string | Uint8Array): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const write = (one: SharedMemory): Promise<void> => writeSharedFile(root, sharedPath(one), writeMemoryFile(one));
const read = async () => {
  const { files, problems } = await readSharedFiles(root);
  return { ids: [...files.keys()], problems: problems.map(({ path, message }) => `${path}: ${message}`) };
};

test("what is written is read back, and gone when it is removed", async () => {
  expect(await read()).toEqual({ ids: [], problems: [] });
  await write(memory("b"));
  await write(memory("a"));
  expect(await read()).toEqual({ ids: ["a", "b"], problems: [] });
  expect((await readSharedFiles(root)).files.get("a")?.memory).toEqual(memory("a"));
  await removeSharedFile(root, sharedPath(memory("a")));
  await removeSharedFile(root, sharedPath(memory("b")));
  expect(await read()).toEqual({ ids: [], problems: [] });
  expect(existsSync(join(root, SHARED_FOLDER, "rule"))).toBe(false);
});

test("bad files are told with their reason and stop none of the others", async () => {
  await write(memory("good"));
  put(`${SHARED_FOLDER}/rule/large-x.md`, "x".repeat(MOST_SHARED_BYTES + 1));
  put(`${SHARED_FOLDER}/rule/latin-x.md`, Buffer.from([0x2d, 0xff]));
  put(`${SHARED_FOLDER}/rule/other-id.md`, writeMemoryFile(memory("wrong")));
  put(`${SHARED_FOLDER}/note/one-twin.md`, writeMemoryFile(memory("twin")));
  put(`${SHARED_FOLDER}/rule/two-twin.md`, writeMemoryFile(memory("twin")));
  put(`${SHARED_FOLDER}/rule/script.sh`, "echo");
  put(`${SHARED_FOLDER}/loose.md`, "text");
  put("secret.md", writeMemoryFile(memory("linked")));
  symlinkSync(join(root, "secret.md"), join(root, SHARED_FOLDER, "rule/link-linked.md"));
  symlinkSync(root, join(root, SHARED_FOLDER, "task"));
  const { ids, problems } = await read();
  expect(ids).toEqual(["good"]);
  expect(problems.sort()).toEqual([
    `${SHARED_FOLDER}/loose.md: is no folder of a kind`,
    `${SHARED_FOLDER}/rule/large-x.md: is larger than ${MOST_SHARED_BYTES} bytes`,
    `${SHARED_FOLDER}/rule/latin-x.md: is no UTF-8 text`,
    `${SHARED_FOLDER}/rule/link-linked.md: is a link, and is not followed`,
    `${SHARED_FOLDER}/rule/other-id.md: its id is wrong, but its name does not end with -wrong.md`,
    `${SHARED_FOLDER}/rule/script.sh: is no file of a memory`,
    `${SHARED_FOLDER}/rule/two-twin.md: has the same id as ${SHARED_FOLDER}/note/one-twin.md`,
    `${SHARED_FOLDER}/task: is a link, and is not followed`,
  ]);
});

test.each([".heirloom", SHARED_FOLDER, `${SHARED_FOLDER}/rule`])(
  "nothing is read or written through a link at %s",
  async (link) => {
    mkdirSync(join(root, "elsewhere"));
    mkdirSync(dirname(join(root, link)), { recursive: true });
    symlinkSync(join(root, "elsewhere"), join(root, link));
    await expect(write(memory("a"))).rejects.toMatchObject({ code: "FORBIDDEN_PATH" });
    await expect(removeSharedFile(root, sharedPath(memory("a")))).rejects.toMatchObject({ code: "FORBIDDEN_PATH" });
    expect((await read()).problems).toHaveLength(1);
  },
);

test("a link at the place of a file is not written through", async () => {
  put("kept.txt", "kept");
  mkdirSync(join(root, SHARED_FOLDER, "rule"), { recursive: true });
  symlinkSync(join(root, "kept.txt"), join(root, sharedPath(memory("a"))));
  await expect(write(memory("a"))).rejects.toMatchObject({ code: "FORBIDDEN_PATH" });
  expect(readFileSync(join(root, "kept.txt"), "utf8")).toBe("kept");
});
