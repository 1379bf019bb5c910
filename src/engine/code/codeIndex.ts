import type { ParsedFile } from "../../contract/code.ts";
import type { TextIndex, VectorIndex } from "../seams.ts";
import { chunkCode } from "./chunkCode.ts";
import { keysOfFile } from "./graph/importKeys.ts";
import type { ModuleFiles } from "./graph/moduleFiles.ts";
import type { IndexedChunk, IndexedFile } from "./indexedFile.ts";
import { FilesByName } from "./kept/filesByName.ts";
import { KeptFile, type KeptFileParts, RecordReader } from "./kept/keptFile.ts";
import { NameTable } from "./kept/nameTable.ts";
import { hasName, namesOfRecord, packFile } from "./kept/packFile.ts";
import { RecordBlocks } from "./kept/recordBlocks.ts";
import { UsesOfNames } from "./kept/usesOfNames.ts";
import { linesOf } from "./lines.ts";
import { qualifiedName } from "./qualifiedName.ts";

export type { IndexedChunk, IndexedFile } from "./indexedFile.ts";
export { qualifiedName } from "./qualifiedName.ts";

/** What the index is made of. */
export interface CodeIndexParts {
  /** An empty one, or one that was saved; throws where that cannot be used. */
  readonly createTextIndex: (saved?: Uint8Array) => TextIndex;
  /** Absent where nothing is compared by meaning. */
  readonly meaning?: CodeMeaning;
}

export interface CodeMeaning {
  readonly createIndex: () => VectorIndex;
  /** One that was saved. Throws where it cannot be used. */
  readonly loadIndex: (bytes: Uint8Array) => VectorIndex;
  /** Id of the model; the vectors of another cannot be compared with its. */
  readonly model: () => string;
  readonly embed: (texts: readonly string[], purpose: "passage" | "query") => readonly Float32Array[];
}

export interface FileToIndex {
  readonly path: string;
  /** Address of its content. */
  readonly blob: string;
  readonly text: string;
  readonly parsed: ParsedFile;
}

export interface PlacedChunk {
  readonly file: IndexedFile;
  readonly chunk: IndexedChunk;
}

/** What an index was saved as: see kept/codeCache.ts. */
export interface SavedIndex {
  readonly names: NameTable;
  readonly text: Uint8Array;
  readonly paths: Uint8Array;
  readonly vectors: Uint8Array | undefined;
  readonly files: readonly KeptFileParts[];
  readonly nextId: number;
  readonly nextRow: number;
}

/** Characters of a chunk that are embedded: a static model gains nothing by more. */
const EMBEDDED_CHARACTERS = 4_000;

/** Files, their chunks and names, and the indexes over them. Rows are never used twice. */
export class CodeIndex {
  readonly text: TextIndex;
  readonly paths: TextIndex;
  readonly vectors: VectorIndex | undefined;
  /** Made when it is first asked for: opening an index does not wait for it. */
  #uses: UsesOfNames | undefined;
  readonly #meaning: CodeMeaning | undefined;
  readonly #reader: RecordReader;
  readonly #records = new RecordBlocks();
  readonly #files = new Map<number, KeptFile>();
  readonly #idByPath = new Map<string, number>();
  /** By row, the file of the chunk; 0 where it is gone. */
  readonly #fileOfRow: number[] = [0];
  readonly #definers = new FilesByName();
  #nextId = 1;
  #chunks = 0;
  #symbols = 0;

  /** Throws where what was saved cannot be used. */
  constructor({ createTextIndex, meaning }: CodeIndexParts, saved?: SavedIndex) {
    this.text = createTextIndex(saved?.text);
    this.paths = createTextIndex(saved?.paths);
    this.vectors = saved?.vectors === undefined ? meaning?.createIndex() : meaning?.loadIndex(saved.vectors);
    this.#meaning = meaning;
    this.#reader = new RecordReader(saved?.names ?? new NameTable());
    if (saved === undefined) return;
    for (let row = 1; row < saved.nextRow; row++) this.#fileOfRow.push(0);
    for (const parts of saved.files) this.#keep(new KeptFile(parts, this.#reader));
    this.#nextId = saved.nextId;
  }

  /** What of it has to be saved beside its indexes. */
  get kept(): Pick<SavedIndex, "names" | "files" | "nextId" | "nextRow"> {
    const { names } = this.#reader;
    return { names, files: [...this.#files.values()], nextId: this.#nextId, nextRow: this.#fileOfRow.length };
  }

  /** Replaces what the path had. */
  add({ path, blob, text, parsed }: FileToIndex): void {
    this.remove(path);
    const lines = linesOf(text);
    const boundaries = parsed.symbols.map((symbol) => ({
      name: qualifiedName(symbol),
      startLine: symbol.leadLine ?? symbol.startLine,
      endLine: symbol.endLine,
    }));
    const chunks = chunkCode(lines.length, boundaries);
    const firstRow = this.#fileOfRow.length;
    const texts = chunks.map(({ startLine, endLine }) => lines.slice(startLine - 1, endLine).join("\n"));
    for (const [at, { symbol = "" }] of chunks.entries())
      this.text.add(firstRow + at, { title: symbol, body: texts[at] ?? "", tags: [], anchors: [], parts: [] });
    if (this.vectors !== undefined && this.#meaning !== undefined) {
      const vectors = this.#meaning.embed(
        chunks.map(({ symbol = "" }, at) => `${path} ${symbol}\n${(texts[at] ?? "").slice(0, EMBEDDED_CHARACTERS)}`),
        "passage",
      );
      for (let at = 0; at < chunks.length; at++) this.vectors.add(firstRow + at, vectors.slice(at, at + 1));
    }
    const id = this.#nextId++;
    const base = path.slice(path.lastIndexOf("/") + 1);
    this.paths.add(id, { title: base, body: path, tags: [], anchors: [], parts: [] });
    const record = packFile({ parsed, chunks }, this.#reader.names, this.#records);
    const { language } = parsed;
    const counts = { rows: chunks.length, symbolCount: parsed.symbols.length };
    const kept = { id, path, blob, record, firstRow, ...counts, language };
    for (const name of namesOfRecord(record).all) this.#reader.names.hold(name);
    const file = new KeptFile(kept, this.#reader);
    this.#keep(file);
    this.#uses?.add(file);
  }

  remove(path: string): void {
    const file = this.#keptAt(path);
    if (file === undefined) return;
    for (let row = file.firstRow; row < file.firstRow + file.rows; row++) {
      this.text.remove(row);
      this.vectors?.remove(row);
      this.#fileOfRow[row] = 0;
    }
    this.paths.remove(file.id);
    const { all, defined } = namesOfRecord(file.record);
    for (const name of all) this.#reader.names.release(name);
    for (const name of defined) this.#definers.remove(name, file.id);
    this.#uses?.remove(file);
    this.#reader.forget(file);
    this.#files.delete(file.id);
    this.#idByPath.delete(path);
    this.#chunks -= file.rows;
    this.#symbols -= file.symbolCount;
  }

  fileAt(path: string): IndexedFile | undefined {
    return this.#keptAt(path);
  }

  file(id: number): IndexedFile | undefined {
    return this.#files.get(id);
  }

  /** The file that a row of the text and vector indexes is a chunk of. */
  fileOfRow(row: number): IndexedFile | undefined {
    return this.#files.get(this.#fileOfRow[row] ?? 0);
  }

  /** The file and the chunk that a row of the text and vector indexes is. */
  chunkAt(row: number): PlacedChunk | undefined {
    const file = this.fileOfRow(row);
    const [chunk] = file?.chunksAt([row]) ?? [];
    return file === undefined || chunk === undefined ? undefined : { file, chunk };
  }

  /** Files that define this name, exactly as written. */
  definersOf(name: string): readonly IndexedFile[] {
    return this.#filesOf(this.#definers, name);
  }

  /** Files that call something of this name, exactly as written. */
  callersOf(name: string): readonly IndexedFile[] {
    return this.#filesOf(this.#usesOfNames().callers, name);
  }

  /** Files in which something inherits from something of this name. */
  heirsOf(name: string): readonly IndexedFile[] {
    return this.#filesOf(this.#usesOfNames().heirs, name);
  }

  /** Files that import this name, as it is called where it is defined. */
  importersOf(name: string): readonly IndexedFile[] {
    return this.#filesOf(this.#usesOfNames().importers, name);
  }

  /** Files of whose imports one may lead to this file, by the end of what it is called. */
  mayImport({ path, symbols }: IndexedFile): readonly IndexedFile[] {
    const packages = symbols.flatMap(({ kind, name }) => (kind === "module" ? [name] : []));
    const { moduleUsers } = this.#usesOfNames();
    const found = new Set<IndexedFile>();
    for (const key of keysOfFile(path, packages)) for (const file of this.#filesOf(moduleUsers, key)) found.add(file);
    return [...found];
  }

  /** What names of modules lead to. */
  get modules(): ModuleFiles {
    return this.#usesOfNames().modules;
  }

  /** Every name that some file defines, once each. */
  *definedNames(): Iterable<string> {
    for (const name of this.#definers.names()) yield this.#reader.names.nameOf(name);
  }

  /** Tells of a file whether a symbol of it, or what contains one, may have one of these names; where not, its record need not be unpacked to see. */
  naming(names: readonly string[]): (file: IndexedFile) => boolean {
    const numbers = new Set(names.flatMap((name) => this.#reader.names.find(name) ?? []));
    return (file) => numbers.size > 0 && hasName(file.record, numbers);
  }

  files(): IterableIterator<IndexedFile> {
    return this.#files.values();
  }

  /** The question as the vectors can be asked it; undefined where nothing is compared by meaning. */
  questionVector(question: string): Float32Array | undefined {
    return this.#meaning?.embed([question], "query")[0];
  }

  get counts(): { readonly files: number; readonly chunks: number; readonly symbols: number } {
    return { files: this.#files.size, chunks: this.#chunks, symbols: this.#symbols };
  }

  /** What it holds in memory, and takes on disk, about. */
  get bytes(): number {
    let bytes = this.text.stats().bytes + this.paths.stats().bytes + (this.vectors?.stats().bytes ?? 0);
    for (const { record, path } of this.#files.values()) bytes += record.length + 2 * path.length;
    return bytes + this.#reader.names.bytes;
  }

  #usesOfNames(): UsesOfNames {
    if (this.#uses === undefined) {
      this.#uses = new UsesOfNames();
      for (const file of this.#files.values()) this.#uses.add(file);
    }
    return this.#uses;
  }

  #filesOf(files: FilesByName, name: string): readonly IndexedFile[] {
    const number = this.#reader.names.find(name);
    return number === undefined ? [] : files.of(number).flatMap((id) => this.#files.get(id) ?? []);
  }

  #keep(file: KeptFile): void {
    for (const name of namesOfRecord(file.record).defined) this.#definers.add(name, file.id);
    for (let row = 0; row < file.rows; row++) this.#fileOfRow[file.firstRow + row] = file.id;
    this.#files.set(file.id, file);
    this.#idByPath.set(file.path, file.id);
    this.#chunks += file.rows;
    this.#symbols += file.symbolCount;
  }

  #keptAt(path: string): KeptFile | undefined {
    const id = this.#idByPath.get(path);
    return id === undefined ? undefined : this.#files.get(id);
  }
}
