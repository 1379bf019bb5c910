import type { CodeSymbol, ParsedFile } from "../../contract/code.ts";
import type { TextIndex, VectorIndex } from "../seams.ts";
import { chunkCode, type CodeChunk } from "./chunkCode.ts";
import { type FileRole, roleOf } from "./fileRole.ts";

/** What the index is made of. */
export interface CodeIndexParts {
  readonly createTextIndex: () => TextIndex;
  /** Absent where nothing is compared by meaning. */
  readonly meaning?: CodeMeaning;
}

export interface CodeMeaning {
  readonly createIndex: () => VectorIndex;
  readonly embed: (texts: readonly string[], purpose: "passage" | "query") => readonly Float32Array[];
}

export interface FileToIndex {
  readonly path: string;
  /** Address of its content. */
  readonly blob: string;
  readonly text: string;
  readonly parsed: ParsedFile;
}

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
  readonly parsed: ParsedFile;
  readonly chunks: readonly IndexedChunk[];
}

export interface PlacedChunk {
  readonly file: IndexedFile;
  readonly chunk: IndexedChunk;
}

/** Characters of a chunk that are embedded: a static model gains nothing by more. */
const EMBEDDED_CHARACTERS = 4_000;

/** Files, their chunks and names, and the indexes over them. Rows are never used twice. */
export class CodeIndex {
  readonly text: TextIndex;
  readonly paths: TextIndex;
  readonly vectors: VectorIndex | undefined;
  readonly #meaning: CodeMeaning | undefined;
  readonly #files = new Map<number, IndexedFile>();
  readonly #idByPath = new Map<string, number>();
  readonly #chunkOfRow = new Map<number, PlacedChunk>();
  readonly #idsByName = new Map<string, Set<number>>();
  #nextId = 1;
  #nextRow = 1;
  #symbols = 0;

  constructor({ createTextIndex, meaning }: CodeIndexParts) {
    this.text = createTextIndex();
    this.paths = createTextIndex();
    this.vectors = meaning?.createIndex();
    this.#meaning = meaning;
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
    const id = this.#nextId++;
    const chunks = chunkCode(lines.length, boundaries).map((chunk) => ({ ...chunk, row: this.#nextRow++ }));
    const file: IndexedFile = { id, path, blob, role: roleOf(path), parsed, chunks };
    const texts = chunks.map(({ startLine, endLine }) => lines.slice(startLine - 1, endLine).join("\n"));
    for (const [at, chunk] of chunks.entries()) {
      const { row, symbol = "" } = chunk;
      this.text.add(row, { title: symbol, body: texts[at] ?? "", tags: [], anchors: [], parts: [] });
      this.#chunkOfRow.set(row, { file, chunk });
    }
    if (this.vectors !== undefined && this.#meaning !== undefined) {
      const vectors = this.#meaning.embed(
        chunks.map(({ symbol = "" }, at) => `${path} ${symbol}\n${(texts[at] ?? "").slice(0, EMBEDDED_CHARACTERS)}`),
        "passage",
      );
      for (const [at, { row }] of chunks.entries()) this.vectors.add(row, vectors.slice(at, at + 1));
    }
    const base = path.slice(path.lastIndexOf("/") + 1);
    this.paths.add(id, { title: base, body: path, tags: [], anchors: [], parts: [] });
    const names = parsed.symbols.map(({ name }) => name);
    for (const name of names) this.#idsByName.set(name, (this.#idsByName.get(name) ?? new Set()).add(id));
    this.#files.set(id, file);
    this.#idByPath.set(path, id);
    this.#symbols += names.length;
  }

  remove(path: string): void {
    const file = this.fileAt(path);
    if (file === undefined) return;
    for (const { row } of file.chunks) {
      this.text.remove(row);
      this.vectors?.remove(row);
      this.#chunkOfRow.delete(row);
    }
    this.paths.remove(file.id);
    for (const { name } of file.parsed.symbols) {
      const ids = this.#idsByName.get(name);
      ids?.delete(file.id);
      if (ids?.size === 0) this.#idsByName.delete(name);
    }
    this.#files.delete(file.id);
    this.#idByPath.delete(path);
    this.#symbols -= file.parsed.symbols.length;
  }

  fileAt(path: string): IndexedFile | undefined {
    const id = this.#idByPath.get(path);
    return id === undefined ? undefined : this.#files.get(id);
  }

  file(id: number): IndexedFile | undefined {
    return this.#files.get(id);
  }

  /** The file and the chunk that a row of the text and vector indexes is. */
  chunkAt(row: number): PlacedChunk | undefined {
    return this.#chunkOfRow.get(row);
  }

  /** Files that define this name, exactly as written. */
  definersOf(name: string): readonly IndexedFile[] {
    return [...(this.#idsByName.get(name) ?? [])].flatMap((id) => this.#files.get(id) ?? []);
  }

  files(): IterableIterator<IndexedFile> {
    return this.#files.values();
  }

  /** The question as the vectors can be asked it; undefined where nothing is compared by meaning. */
  questionVector(question: string): Float32Array | undefined {
    return this.#meaning?.embed([question], "query")[0];
  }

  get counts(): { readonly files: number; readonly chunks: number; readonly symbols: number } {
    return { files: this.#files.size, chunks: this.#chunkOfRow.size, symbols: this.#symbols };
  }
}

/** As chunks count them. */
export const linesOf = (text: string): readonly string[] => text.split(/\r\n|\r|\n/u);

/** `Server.Connection.close` */
export const qualifiedName = ({ name, container }: CodeSymbol): string =>
  container === undefined ? name : `${container}.${name}`;
