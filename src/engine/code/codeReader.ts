import type { ParseApi } from "../../contract/code.ts";
import type { FileToIndex } from "./codeIndex.ts";
import type { DroppedFiles } from "./droppedFiles.ts";
import type { LeftOutReason, ObjectFormat } from "./walk/codeListing.ts";
import { readCode } from "./walk/readCode.ts";

export interface ReadFile extends FileToIndex {
  /** Bytes. */
  readonly size: number;
  readonly modifiedMs: number;
}

export interface ReadFiles {
  readonly files: readonly ReadFile[];
  /** What its content, or trying to read it, keeps out of the index. */
  readonly refused: readonly (readonly [path: string, reason: LeftOutReason])[];
}

/** Files that are read and parsed together. */
const BATCH = 32;
/** Batches that are read and parsed while one is taken: reading needs several turns of a busy thread, and the parser is not to wait for them. */
const READ_AHEAD = 4;

/** Reads and parses files of one work tree. */
export class CodeReader {
  readonly #root: string;
  readonly #parser: ParseApi;
  /** What need not be parsed again. */
  readonly #dropped: DroppedFiles;

  constructor(root: string, parser: ParseApi, dropped: DroppedFiles) {
    this.#root = root;
    this.#parser = parser;
    this.#dropped = dropped;
  }

  /** Some at a time, until `isHeld`: the next ones are read and parsed while the caller has these. */
  async *all(paths: readonly string[], objectFormat: ObjectFormat, isHeld: () => boolean): AsyncGenerator<ReadFiles> {
    const ahead: Promise<ReadFiles>[] = [];
    for (let at = 0; at < paths.length || ahead.length > 0;) {
      for (; at < paths.length && ahead.length <= READ_AHEAD; at += BATCH) {
        const next = this.read(paths.slice(at, at + BATCH), objectFormat);
        // Where the caller fails, nobody waits for the next ones any more.
        next.catch(() => undefined);
        ahead.push(next);
      }
      const these = await ahead.shift();
      if (these === undefined || isHeld()) return;
      yield these;
    }
  }

  async read(paths: readonly string[], objectFormat: ObjectFormat): Promise<ReadFiles> {
    const reads = await Promise.all(paths.map((path) => readCode(this.#root, path, { objectFormat })));
    const texts: Omit<ReadFile, "parsed">[] = [];
    const refused: ReadFiles["refused"] = paths.flatMap((path, at) => {
      const read = reads[at];
      if (read === undefined) return [];
      if ("leftOut" in read) return [[path, read.leftOut] as const];
      const { text, blob, size, modifiedMs } = read;
      texts.push({ path, text, blob, size, modifiedMs });
      return [];
    });
    const known = texts.map(({ path, blob }) => this.#dropped.parsed(path, blob));
    const unknown = texts.filter((_, at) => known[at] === undefined);
    const parsed =
      unknown.length === 0 ? [] : await this.#parser.parse(unknown.map(({ path, text }) => ({ path, text })));
    const byPath = new Map(unknown.map(({ path }, at) => [path, parsed[at]]));
    const files = texts.flatMap((file, at) => {
      const one = known[at] ?? byPath.get(file.path);
      return one === undefined ? [] : [{ ...file, parsed: one }];
    });
    return { files, refused };
  }
}
