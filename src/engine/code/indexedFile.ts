import type { CodeCall, CodeImport, CodeSymbol, ParsedFile } from "../../contract/code.ts";
import type { CodeChunk } from "./chunkCode.ts";
import type { FileRole } from "./fileRole.ts";

/** A chunk with its row in the text and vector indexes. */
export interface IndexedChunk extends CodeChunk {
  readonly row: number;
}

export interface IndexedFile {
  /** Its row in the indexes over files. */
  readonly id: number;
  readonly path: string;
  readonly blob: string;
  readonly role: FileRole;
  readonly language: string | undefined;
  /** Unpacked when it is asked for: ask once, and for few files. */
  readonly parsed: ParsedFile;
  readonly chunks: readonly IndexedChunk[];
  /** Cheaper than those of what was parsed, and others each time that they are asked for. */
  readonly imports: readonly CodeImport[];
  readonly symbols: readonly CodeSymbol[];
  /** The chunks that are these rows, in their order, undefined where it has none. Cheaper than all of them: ask once for all that are wanted. */
  chunksAt(rows: readonly number[]): readonly (IndexedChunk | undefined)[];
  /** What is known of it, packed: see kept/packFile.ts. */
  readonly record: Uint8Array;
  /** Of its first chunk, and how many there are. */
  readonly firstRow: number;
  readonly rows: number;
  /** Its calls of something of these names; cheaper than to look for them in what was parsed. */
  callsNamed(names: ReadonlySet<string>): readonly CodeCall[];
  /** Its calls whose result is kept in a variable or a field. */
  keptCalls(): readonly CodeCall[];
}
