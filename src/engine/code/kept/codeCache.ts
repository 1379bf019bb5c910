import { createHash, randomUUID } from "node:crypto";
import { basename, join } from "node:path";
import { CodeIndex, type CodeIndexParts } from "../codeIndex.ts";
import type { Files, Logger } from "../../ports.ts";
import { Pace } from "../walk/pace.ts";
import { NameTable } from "./nameTable.ts";
import { RECORD_VERSION } from "./packFile.ts";
import {
  readSavedHistory,
  readState,
  type SavedHistory,
  type SavedState,
  writeHistory,
  writeState,
} from "./savedState.ts";
import { SectionReader, writeSections } from "./sectionFile.ts";

/** Goes up when what a section holds changes, and when chunks are cut otherwise. */
const VERSION = 1;
/** Below the data folder: an index for each work tree. */
export const CODE_FOLDER = "code";
const SUFFIX = ".index";
const UNFINISHED = ".new";
/** Milliseconds after which an index that nobody wrote again is removed, and one that was left unfinished. */
const MOST_AGE_MS = 30 * 86_400_000;
const MOST_UNFINISHED_MS = 3_600_000;
/** Bytes that are left free on the disk for everybody else. */
const LEFT_FREE = 64 * 1_048_576;

export interface CodeCacheParts {
  readonly files: Files;
  /** Absolute path of the data folder. */
  readonly dataFolder: string;
  /** Room on the disk that holds a folder, where the system tells. */
  readonly freeBytes: (folder: string) => Promise<number | undefined>;
  /** Tells one parser with its grammars and queries from another, and one version of the program. */
  readonly parserVersion: () => Promise<string>;
  readonly logger: Logger;
}

/** Everything that is kept on disk of a work tree. */
export interface CachedCode {
  readonly index: CodeIndex;
  readonly state: SavedState["state"];
  readonly refused: SavedState["refused"];
  readonly history: SavedHistory;
}

/**
 * The index of one work tree on disk. It is derived from the tree and only believed when it is whole and of the same parser, model and formats; anything
 * else costs a rebuild, never a wrong answer. It is written beside the old one and takes its place in one step, so that several processes may read and
 * write.
 */
export class CodeCache {
  readonly #parts: CodeCacheParts;
  readonly #path: string;
  readonly #root: string;

  constructor(root: string, parts: CodeCacheParts) {
    this.#parts = parts;
    this.#root = root;
    this.#path = join(parts.dataFolder, CODE_FOLDER, nameOf(root));
  }

  /** Undefined where there is none, or none that is of use, which the log tells. */
  async open(index: CodeIndexParts): Promise<CachedCode | undefined> {
    const { files, logger } = this.#parts;
    if (files.sizeSync(this.#path) === undefined) return undefined;
    try {
      const file = await files.open(this.#path, "read");
      try {
        const reader = await SectionReader.open(file, await this.#fingerprint(index));
        if (reader !== undefined) return await readCode(reader, index);
        logger.log("info", "the saved index of the code is of another version or model; indexing the code anew");
        return undefined;
      } finally {
        await file.close();
      }
    } catch (error) {
      logger.log("warn", "the saved index of the code cannot be used; indexing the code anew", { error });
      return undefined;
    }
  }

  /**
   * `isCurrent` is asked between the parts: where it no longer holds, what was written is of no use and goes. Gives whether it was written. Throws what
   * writing throws.
   */
  async write(code: CachedCode, index: CodeIndexParts, isCurrent: () => boolean): Promise<boolean> {
    const { files, dataFolder } = this.#parts;
    const folder = join(dataFolder, CODE_FOLDER);
    await files.makeFolder(folder);
    await this.#removeOld(folder);
    if (!(await this.#hasRoom(folder, code.index))) return false;
    const unfinished = `${this.#path}.${randomUUID()}${UNFINISHED}`;
    try {
      const file = await files.open(unfinished, "exclusive");
      try {
        await writeSections(file, await this.#fingerprint(index), sectionsOf(code, isCurrent));
        await file.datasync();
      } finally {
        await file.close();
      }
      if (!isCurrent()) throw new Overtaken();
      await files.rename(unfinished, this.#path);
      await files.syncFolder(folder);
      return true;
    } catch (error) {
      await files.remove(unfinished);
      if (error instanceof Overtaken) return false;
      throw error;
    }
  }

  async remove(): Promise<void> {
    const { files, dataFolder } = this.#parts;
    if (files.sizeSync(this.#path) === undefined) return;
    await files.remove(this.#path);
    await files.syncFolder(join(dataFolder, CODE_FOLDER));
  }

  async #fingerprint({ meaning }: CodeIndexParts): Promise<string> {
    const parser = await this.#parts.parserVersion();
    const depends = {
      version: VERSION,
      record: RECORD_VERSION,
      root: this.#root,
      parser,
      model: meaning?.model() ?? null,
    };
    return createHash("sha256").update(JSON.stringify(depends)).digest("hex");
  }

  async #hasRoom(folder: string, index: CodeIndex): Promise<boolean> {
    const free = await this.#parts.freeBytes(folder);
    const needed = index.bytes;
    if (free === undefined || free >= needed + LEFT_FREE) return true;
    this.#parts.logger.log("warn", "the index of the code is not saved: the disk is full", { free, needed });
    return false;
  }

  /** Of trees that are gone or that nobody works in any more, and what a process left that ended while it wrote. */
  async #removeOld(folder: string): Promise<void> {
    const { files } = this.#parts;
    for (const name of await files.list(folder)) {
      const most = name.endsWith(UNFINISHED) ? MOST_UNFINISHED_MS : name.endsWith(SUFFIX) ? MOST_AGE_MS : Infinity;
      const modified = files.modifiedSync(join(folder, name));
      if (modified !== undefined && Date.now() - modified > most) await files.remove(join(folder, name));
    }
  }
}

/** The index became another while it was written. */
class Overtaken extends Error {}

async function* sectionsOf(
  { index, state, refused, history }: CachedCode,
  isCurrent: () => boolean,
): AsyncGenerator<readonly [string, Iterable<Uint8Array>]> {
  const pace = new Pace();
  const turn = async (): Promise<void> => {
    if (pace.isDue()) await pace.giveWay();
    if (!isCurrent()) throw new Overtaken();
  };
  const { names, ...kept } = index.kept;
  yield ["state", [await writeState({ ...kept, state, refused }, turn)]];
  yield ["records", kept.files.map(({ record }) => record)];
  await turn();
  yield ["names", [names.save()]];
  yield ["history", [writeHistory(history)]];
  await turn();
  yield ["paths", index.paths.pieces()];
  await turn();
  yield ["text", index.text.pieces()];
  await turn();
  if (index.vectors !== undefined) yield ["vectors", index.vectors.pieces()];
}

async function readCode(reader: SectionReader, parts: CodeIndexParts): Promise<CachedCode> {
  const section = async (name: string): Promise<Uint8Array> => {
    const bytes = await reader.read(name);
    if (bytes === undefined) throw new RangeError(`it has no ${name}`);
    return bytes;
  };
  const saved = readState(await section("state"), await section("records"));
  const names = NameTable.load(await section("names"));
  const history = readSavedHistory(await section("history"));
  const [text, paths, vectors] = [await section("text"), await section("paths"), await reader.read("vectors")];
  const index = new CodeIndex(parts, { ...saved, names, text, paths, vectors });
  return { index, state: saved.state, refused: saved.refused, history };
}

/** Readable, and one for each tree. */
function nameOf(root: string): string {
  const slug = basename(root)
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .slice(0, 40);
  return `${slug}-${createHash("sha256").update(root).digest("hex").slice(0, 16)}${SUFFIX}`;
}
