import { createHash } from "node:crypto";
import { join } from "node:path";
import type { SavedVectors } from "./modelVectors.ts";
import type { Files, Logger } from "./ports.ts";
import type { JournalCursor } from "./seams.ts";

/** Derived state beside the journal, to open fast. It is only believed when it is whole; losing it costs a rebuild, never a memory. */
export interface StoreCache {
  readonly cursor: JournalCursor;
  readonly projection: Uint8Array;
  readonly text: Uint8Array;
  /** Empty where nothing was embedded when it was written; those that answer come first. */
  readonly vectors: readonly SavedVectors[];
}

const VERSION = 2;
const MANIFEST = "manifest.json";

interface Manifest {
  readonly version: number;
  readonly cursor: JournalCursor;
  readonly projection: CachedFile;
  readonly text: CachedFile;
  readonly vectors: readonly (CachedFile & Pick<SavedVectors, "model" | "whole">)[];
}
interface CachedFile {
  readonly name: string;
  readonly sha256: string;
}

export async function readStoreCache(
  files: Files,
  storeFolder: string,
  logger: Logger,
): Promise<StoreCache | undefined> {
  const folder = join(storeFolder, "cache");
  if (files.sizeSync(join(folder, MANIFEST)) === undefined) return undefined;
  try {
    const manifest = JSON.parse(Buffer.from(await files.readFile(join(folder, MANIFEST))).toString("utf8")) as Manifest;
    if (manifest.version !== VERSION) return undefined;
    const [projection, text] = await Promise.all(
      [manifest.projection, manifest.text].map((file) => readWhole(files, folder, file)),
    );
    if (projection === undefined || text === undefined)
      throw new Error("a cached file does not have the digest of the manifest");
    const vectors: SavedVectors[] = [];
    for (const file of manifest.vectors) {
      const bytes = await readWhole(files, folder, file);
      if (bytes !== undefined) vectors.push({ model: file.model, whole: file.whole, bytes });
    }
    return { cursor: manifest.cursor, projection, text, vectors };
  } catch (error) {
    logger.log("warn", "the store's cache is damaged; rebuilding from the journal", { error });
    return undefined;
  }
}

/** Files first, manifest last: a crash in between leaves the old manifest with its files, or none. */
export async function writeStoreCache(files: Files, storeFolder: string, cache: StoreCache): Promise<void> {
  const folder = join(storeFolder, "cache");
  await files.makeFolder(folder);
  const stamp = `${cache.cursor.generation}-${cache.cursor.seq}-${Date.now().toString(36)}`;
  const projection = await writeWhole(files, folder, `projection-${stamp}.sqlite`, cache.projection);
  const text = await writeWhole(files, folder, `text-${stamp}.index`, cache.text);
  const vectors: Manifest["vectors"][number][] = [];
  for (const [at, { model, whole, bytes }] of cache.vectors.entries())
    vectors.push({ ...(await writeWhole(files, folder, `vectors-${at}-${stamp}.index`, bytes)), model, whole });
  const manifest: Manifest = { version: VERSION, cursor: cache.cursor, projection, text, vectors };
  await writeWhole(files, folder, `${MANIFEST}.new`, Buffer.from(JSON.stringify(manifest)));
  await files.rename(join(folder, `${MANIFEST}.new`), join(folder, MANIFEST));
  await files.syncFolder(folder);
  const kept = new Set([MANIFEST, projection.name, text.name, ...vectors.map(({ name }) => name)]);
  for (const name of await files.list(folder)) if (!kept.has(name)) await files.remove(join(folder, name));
}

/** Removes the cache durably, whole or half-written: what it holds may be meant to leave the disk. */
export async function dropStoreCache(files: Files, storeFolder: string): Promise<void> {
  const folder = join(storeFolder, "cache");
  const names = await files.list(folder);
  if (names.length === 0) return;
  await files.remove(join(folder, MANIFEST));
  for (const name of names) await files.remove(join(folder, name));
  await files.syncFolder(folder);
}

async function readWhole(files: Files, folder: string, file: CachedFile): Promise<Uint8Array | undefined> {
  const bytes = await files.readFile(join(folder, file.name));
  return digest(bytes) === file.sha256 ? bytes : undefined;
}

async function writeWhole(files: Files, folder: string, name: string, bytes: Uint8Array): Promise<CachedFile> {
  await files.remove(join(folder, name));
  const file = await files.open(join(folder, name), "exclusive");
  try {
    await file.append(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
  return { name, sha256: digest(bytes) };
}

const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
