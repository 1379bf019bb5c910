import type { CodeCall, CodeImport, CodeSymbol, ParsedFile } from "../../../contract/code.ts";
import { keepNewest } from "../../../contract/keepNewest.ts";
import { type FileRole, roleOf } from "../fileRole.ts";
import type { IndexedChunk, IndexedFile } from "../indexedFile.ts";
import type { NameTable } from "./nameTable.ts";
import { callsOfRecord, chunksOfRecord, importsOfRecord, symbolsOfRecord, unpackFile } from "./packFile.ts";

/** What the records of an index are read with: those that were asked for last are kept as they were read. */
export class RecordReader {
  readonly names: NameTable;
  /** The one that was asked for last is last. */
  readonly #read = new Map<KeptFile, ReadFile>();

  constructor(names: NameTable) {
    this.names = names;
  }

  read(file: KeptFile): ReadFile {
    const known = this.#read.get(file);
    if (known !== undefined) return known;
    const { parsed, chunks } = unpackFile(file.path, file.record, this.names);
    const read = { parsed, chunks: chunks.map((chunk, at) => ({ ...chunk, row: file.firstRow + at })) };
    this.#read.set(file, read);
    keepNewest(this.#read, MOST_READ);
    return read;
  }

  /** What was read of it, where that is kept. */
  known(file: KeptFile): ReadFile | undefined {
    return this.#read.get(file);
  }

  forget(file: KeptFile): void {
    this.#read.delete(file);
  }
}

interface ReadFile {
  readonly parsed: ParsedFile;
  readonly chunks: readonly IndexedChunk[];
}

/** More than one question looks at closely, in some 10 KB each. */
const MOST_READ = 512;

export interface KeptFileParts {
  readonly id: number;
  readonly path: string;
  readonly blob: string;
  readonly record: Uint8Array;
  /** Of its first chunk; those of the others follow. */
  readonly firstRow: number;
  readonly rows: number;
  readonly symbolCount: number;
  readonly language: string | undefined;
}

/** A file of the index. What was parsed is unpacked when it is asked for. */
export class KeptFile implements IndexedFile {
  readonly id: number;
  readonly path: string;
  readonly blob: string;
  readonly role: FileRole;
  readonly language: string | undefined;
  readonly record: Uint8Array;
  readonly firstRow: number;
  readonly rows: number;
  readonly symbolCount: number;
  readonly #reader: RecordReader;

  constructor({ id, path, blob, record, firstRow, rows, symbolCount, language }: KeptFileParts, reader: RecordReader) {
    this.id = id;
    this.path = path;
    this.blob = blob;
    this.role = roleOf(path);
    this.language = language;
    this.record = record;
    this.firstRow = firstRow;
    this.rows = rows;
    this.symbolCount = symbolCount;
    this.#reader = reader;
  }

  get parsed(): ParsedFile {
    return this.#reader.read(this).parsed;
  }

  get chunks(): readonly IndexedChunk[] {
    return this.#reader.read(this).chunks;
  }

  get imports(): readonly CodeImport[] {
    return importsOfRecord(this.record, this.#reader.names);
  }

  get symbols(): readonly CodeSymbol[] {
    return this.#reader.known(this)?.parsed.symbols ?? symbolsOfRecord(this.record, this.#reader.names);
  }

  chunksAt(rows: readonly number[]): readonly (IndexedChunk | undefined)[] {
    const places = rows.map((row) => row - this.firstRow);
    const known = this.#reader.known(this);
    if (known !== undefined) return places.map((place) => known.chunks[place]);
    return chunksOfRecord(this.record, this.#reader.names, places).map((chunk, at) =>
      chunk === undefined ? undefined : { ...chunk, row: rows[at] ?? 0 },
    );
  }

  callsNamed(names: ReadonlySet<string>): readonly CodeCall[] {
    return callsOfRecord(this.record, this.#reader.names, names);
  }

  keptCalls(): readonly CodeCall[] {
    return callsOfRecord(this.record, this.#reader.names, "kept");
  }
}
