import { lstatSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HeirloomError } from "../../../contract/errors.ts";
import { type PackDefinition, PACKS_FILE, PACKS_VERSION } from "../../../contract/packs.ts";
import { openCodeFolder } from "../walk/codeFolder.ts";
import { type ParsedPacks, parsePacks } from "./parsePacks.ts";

const MOST_BYTES = 262_144;
const NOTHING: ParsedPacks = { packs: new Map(), problems: [], raw: { version: PACKS_VERSION, packs: {} } };

/** The packs of a work tree as they are now; none where there is no file, or one that is not to be read. Never throws. */
export async function readPacks(root: string): Promise<ParsedPacks> {
  const read = await openCodeFolder(root).read(PACKS_FILE, MOST_BYTES);
  if ("bytes" in read) return parsePacks(new TextDecoder().decode(read.bytes));
  if (read.leftOut === "missing") return NOTHING;
  return {
    packs: new Map(),
    problems: [{ field: "", message: `${PACKS_FILE} is not read: ${read.leftOut}` }],
    raw: undefined,
  };
}

/**
 * Writes the file with one pack changed, or taken out; everything else in it stays. INVALID_INPUT where what is there cannot be read, which would be lost;
 * FORBIDDEN_PATH where its folder is a link.
 */
export async function writePack(root: string, name: string, definition: PackDefinition | undefined): Promise<void> {
  const { raw, problems } = await readPacks(root);
  if (raw === undefined) {
    throw new HeirloomError(
      "INVALID_INPUT",
      `${PACKS_FILE} cannot be read (${problems[0]?.message ?? ""}): mend or remove it, then save again.`,
    );
  }
  const { [name]: _replaced, ...others } = raw["packs"] as Readonly<Record<string, unknown>>;
  const packs = definition === undefined ? others : { ...others, [name]: definition };
  const inOrder = Object.fromEntries(Object.entries(packs).sort(([a], [b]) => (a < b ? -1 : 1)));
  const path = join(root, PACKS_FILE);
  const folder = dirname(path);
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new HeirloomError(
      "FORBIDDEN_PATH",
      `${dirname(PACKS_FILE)} is no folder of this work tree: remove it first.`,
    );
  await mkdir(folder, { recursive: true });
  const half = `${path}.${process.pid}.new`;
  try {
    await writeFile(half, `${JSON.stringify({ ...raw, packs: inOrder }, undefined, 2)}\n`, { flag: "wx" });
    await rename(half, path);
  } finally {
    await rm(half, { force: true });
  }
}
