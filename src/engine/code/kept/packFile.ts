import type {
  CodeCall,
  CodeImport,
  CodeSymbol,
  ImportedName,
  ParsedFile,
  UnparsedReason,
} from "../../../contract/code.ts";
import { UNPARSED_REASONS } from "../../../contract/code.ts";
import type { CodeChunk } from "../chunkCode.ts";
import { keysOfImport, lastOf } from "../graph/importKeys.ts";
import { qualifiedName } from "../qualifiedName.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { DescribedTexts } from "./describedTexts.ts";
import type { NameTable } from "./nameTable.ts";
import { many, THREE_WAYS, threeWay, unzigzag, zigzag } from "./numbers.ts";
import { RecordBlocks } from "./recordBlocks.ts";
import { RecordTexts, TextsOfRecord } from "./recordTexts.ts";
import { packSymbols, skipSymbols, unpackSymbols } from "./symbolRecords.ts";

/** Goes up when what a record holds changes. */
export const RECORD_VERSION = 5;

/** What is known of a file, as it is kept in one record: see `packFile`. */
export interface UnpackedFile {
  readonly parsed: ParsedFile;
  readonly chunks: readonly CodeChunk[];
}

/** Numbers, in the table of names, of what a record holds. */
export interface RecordNames {
  readonly all: readonly number[];
  /** Of its symbols, each once. */
  readonly defined: readonly number[];
}

/** Numbers of names by which others ask what a file does with them, each once. */
export interface RecordUses {
  /** Of what it calls. */
  readonly called: readonly number[];
  /** Of what something in it inherits from. */
  readonly bases: readonly number[];
  /** Of what it imports by name, as it is called where it is defined. */
  readonly imported: readonly number[];
  /** Of what its imports may lead to. */
  readonly modules: readonly number[];
}

/** While it is unpacked. */
type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

const [header, body] = [new ByteWriter(), new ByteWriter()];

/**
 * A parsed file and its chunks in a few bytes, about a fifth of the file where every symbol is described. First the names, which are those of many files and so kept in the table, then the
 * texts that are its own and those that describe its symbols, then everything else by the place of its text among the three. Chunks follow one another
 * without gaps.
 */
export function packFile({ parsed, chunks }: UnpackedFile, names: NameTable, blocks = new RecordBlocks()): Uint8Array {
  const texts = new RecordTexts(names);
  const described = new DescribedTexts();
  for (const { name } of parsed.symbols) texts.name(name);
  const defined = texts.names.length;
  const uses = placesOfUses(parsed, texts);
  for (const part of partsOf(parsed.symbols)) texts.name(part);
  packImports(parsed.imports, texts);
  body.number(parsed.calls.length);
  let before = 0;
  for (const { name, receiver, line, into, from } of parsed.calls) {
    texts.writeName(body, name);
    texts.writeOwn(body, receiver);
    texts.writeOwn(body, into);
    body.number(zigzag(line - before));
    body.optional(from);
    before = line;
  }
  packSymbols(body, parsed.symbols, texts, described);
  body.number(parsed.inherits.length);
  for (const { symbol, base, line } of parsed.inherits) {
    texts.writeName(body, symbol);
    texts.writeName(body, base);
    body.number(line);
  }
  body.number(parsed.routes.length);
  for (const { method, path, line, symbol } of parsed.routes) {
    texts.writeOwn(body, method);
    texts.writeOwn(body, path);
    body.number(line);
    texts.writeOwn(body, symbol);
  }
  body.number(parsed.configKeys.length);
  for (const { key, line } of parsed.configKeys) {
    texts.writeOwn(body, key);
    body.number(line);
  }
  const { language, hasErrors, unparsed } = parsed;
  texts.writeOwn(body, language);
  body.number(hasErrors ? 1 : 0);
  body.number(unparsed === undefined ? 0 : 1 + UNPARSED_REASONS.indexOf(unparsed.reason));
  if (unparsed !== undefined) texts.writeOwn(body, unparsed.message);
  packChunks(chunks, parsed.symbols);
  const rest = body.take();
  header.number(texts.names.length);
  header.number(defined);
  for (const number of texts.names) header.number(number);
  for (const places of uses) {
    header.number(places.size);
    for (const place of places) header.number(place);
  }
  header.number(texts.own.length);
  for (const text of texts.own) header.text(text);
  described.write(header);
  header.bytes(rest);
  return header.take((length) => blocks.take(length));
}

/** Everything that was packed. Throws RangeError for a record that ends too early. */
export function unpackFile(path: string, record: Uint8Array, names: NameTable): UnpackedFile {
  const reader = new ByteReader(record);
  const texts = new TextsOfRecord(reader, record, names);
  /** A text at a place of names, and one of those of its own, which may be absent. */
  const name = (): string => texts.name(reader.number());
  const text = (): string | undefined => texts.own(reader.optional());
  const imports = unpackImports(reader, name, text);
  const firstCall = reader.at;
  skipCalls(reader);
  const symbols = unpackSymbols(reader, name, text, texts.described);
  const inherits = many(reader.number(), () => ({ symbol: name(), base: name(), line: reader.number() }));
  const routes = many(reader.number(), () => {
    const [method = "", path = "", line, symbol] = [text(), text(), reader.number(), text()];
    return { method, path, line, ...(symbol === undefined ? {} : { symbol }) };
  });
  const configKeys = many(reader.number(), () => ({ key: text() ?? "", line: reader.number() }));
  const language = text();
  const hasErrors = reader.number() === 1;
  const reason: UnparsedReason | undefined = UNPARSED_REASONS[reader.number() - 1];
  const unparsed = reason === undefined ? {} : { unparsed: { reason, message: text() ?? "" } };
  const chunks = unpackChunks(reader, symbols);
  const said = { symbols, imports, inherits, routes, configKeys, hasErrors };
  let calls: readonly CodeCall[] | undefined;
  const parsed = {
    ...{ path, ...(language === undefined ? {} : { language }), ...said, ...unparsed },
    // Calls are most of a record, and seldom asked for.
    get calls() {
      return (calls ??= readCalls(new ByteReader(record, firstCall), texts, () => true));
    },
  };
  return { parsed, chunks };
}

/** What a file imports; nothing else is unpacked. */
export function importsOfRecord(record: Uint8Array, names: NameTable): readonly CodeImport[] {
  const reader = new ByteReader(record);
  const texts = new TextsOfRecord(reader, record, names);
  return unpackImports(
    reader,
    () => texts.name(reader.number()),
    () => texts.own(reader.optional()),
  );
}

/** What is defined in a file; nothing else is unpacked. */
export function symbolsOfRecord(record: Uint8Array, names: NameTable): readonly CodeSymbol[] {
  const reader = new ByteReader(record);
  const texts = new TextsOfRecord(reader, record, names);
  skipImports(reader);
  skipCalls(reader);
  return unpackSymbols(
    reader,
    () => texts.name(reader.number()),
    () => texts.own(reader.optional()),
    texts.described,
  );
}

/** The chunks at these places among those of a file, in their order, undefined where it has none; of everything else only the names of their symbols. */
export function chunksOfRecord(
  record: Uint8Array,
  names: NameTable,
  places: readonly number[],
): readonly (CodeChunk | undefined)[] {
  const reader = new ByteReader(record);
  const texts = new TextsOfRecord(reader, record, names);
  skipImports(reader);
  skipCalls(reader);
  const symbols = reader.number();
  const symbolsAt = reader.at;
  skipSymbols(reader, symbols);
  skipRest(reader);
  const wanted = new Set(places);
  const found = new Map<number, Writable<CodeChunk>>();
  /** By the place of a symbol, the chunks that belong to it. */
  const owned = new Map<number, Writable<CodeChunk>[]>();
  const chunks = reader.number();
  for (let place = 0, startLine = 1; place < chunks && found.size < wanted.size; place++) {
    const endLine = startLine + reader.number();
    const symbol = reader.optional();
    if (wanted.has(place)) {
      const chunk = { startLine, endLine };
      found.set(place, chunk);
      if (symbol !== undefined) owned.set(symbol, [...(owned.get(symbol) ?? []), chunk]);
    }
    startLine = endLine + 1;
  }
  reader.moveTo(symbolsAt);
  let passed = 0;
  for (const [symbol, those] of [...owned].sort(([a], [b]) => a - b)) {
    if (symbol >= symbols) break;
    skipSymbols(reader, symbol - passed);
    const at = reader.at;
    const name = texts.name(reader.number());
    reader.skipNumbers(1);
    const container = texts.own(reader.optional());
    reader.moveTo(at);
    passed = symbol;
    for (const chunk of those) chunk.symbol = qualifiedName(container === undefined ? { name } : { name, container });
  }
  return places.map((place) => found.get(place));
}

/** Passes by what stands between the symbols and the chunks. */
function skipRest(reader: ByteReader): void {
  const [inherited, route, configKey, languageAndErrors] = [3, 4, 2, 2];
  for (const numbers of [inherited, route, configKey]) reader.skipNumbers(numbers * reader.number());
  reader.skipNumbers(languageAndErrors);
  const hasMessage = reader.number() > 0;
  if (hasMessage) reader.skipNumbers(1);
}

/** Those calls of a record that call something of these names, and those whose result is kept; nothing else is unpacked. */
export function callsOfRecord(
  record: Uint8Array,
  names: NameTable,
  wanted: ReadonlySet<string> | "kept",
): readonly CodeCall[] {
  const reader = new ByteReader(record);
  const texts = new TextsOfRecord(reader, record, names);
  skipImports(reader);
  const places = wanted === "kept" ? undefined : texts.placesOf(wanted);
  return readCalls(reader, texts, (place, isKept) => (places === undefined ? isKept : places.has(place)));
}

function readCalls(
  reader: ByteReader,
  texts: TextsOfRecord,
  accepts: (place: number, isKept: boolean) => boolean,
): readonly CodeCall[] {
  const found: CodeCall[] = [];
  let line = 0;
  for (let left = reader.number(); left > 0; left--) {
    const [place, of, kept] = [reader.number(), reader.optional(), reader.optional()];
    line += unzigzag(reader.number());
    const from = reader.optional();
    if (!accepts(place, kept !== undefined)) continue;
    const [receiver, into] = [texts.own(of), texts.own(kept)];
    found.push({
      ...{ name: texts.name(place), ...(receiver === undefined ? {} : { receiver }), line },
      ...(into === undefined ? {} : { into }),
      ...(from === undefined ? {} : { from }),
    });
  }
  return found;
}

function skipCalls(reader: ByteReader): void {
  reader.skipNumbers(CALL_NUMBERS * reader.number());
}
const CALL_NUMBERS = 5;

function skipImports(reader: ByteReader): void {
  for (let left = reader.number(); left > 0; left--) {
    reader.skipNumbers(2);
    reader.skipNumbers(2 * (reader.optional() ?? 0));
  }
}

/** Without reading more of it than has to be. Throws RangeError for a record that ends too early. */
export function namesOfRecord(record: Uint8Array): RecordNames {
  const reader = new ByteReader(record);
  const [count, defined] = [reader.number(), reader.number()];
  const all = many(count, () => reader.number());
  return { all, defined: all.slice(0, defined) };
}

/** Throws RangeError for a record that ends too early. */
export function usesOfRecord(record: Uint8Array): RecordUses {
  const reader = new ByteReader(record);
  const count = reader.number();
  reader.number();
  const all = many(count, () => reader.number());
  const list = (): readonly number[] => many(reader.number(), () => all[reader.number()] ?? 0);
  return { called: list(), bases: list(), imported: list(), modules: list() };
}

function placesOfUses(
  { path, calls, inherits, imports }: ParsedFile,
  texts: RecordTexts,
): readonly ReadonlySet<number>[] {
  const uses = [
    calls.map(({ name }) => name),
    inherits.map(({ base }) => base),
    imports.flatMap(({ names = [] }) => names.map(({ name }) => lastOf(name))),
    imports.flatMap((one) => [...keysOfImport(one, path)]),
  ];
  return uses.map((names) => new Set(names.map((name) => texts.name(name))));
}

/** Whether one of these names is among the record's, as that of each symbol is, and each part of a name with dots and of what contains it. */
export function hasName(record: Uint8Array, numbers: ReadonlySet<number>): boolean {
  const reader = new ByteReader(record);
  const count = reader.number();
  reader.number();
  for (let at = 0; at < count; at++) if (numbers.has(reader.number())) return true;
  return false;
}

function partsOf(symbols: readonly CodeSymbol[]): ReadonlySet<string> {
  const dotted = new Set(
    symbols.flatMap(({ name, container = "" }) => [container, ...(name.includes(".") ? [name] : [])]),
  );
  dotted.delete("");
  return new Set([...dotted].flatMap((name) => name.split(".")));
}

function packImports(imports: readonly CodeImport[], texts: RecordTexts): void {
  body.number(imports.length);
  for (const { module, names: imported, isReexport, line } of imports) {
    texts.writeName(body, module);
    body.number(4 * line + threeWay(isReexport));
    body.optional(imported?.length);
    for (const { name, alias } of imported ?? []) {
      texts.writeName(body, name);
      texts.writeOwn(body, alias);
    }
  }
}

function unpackImports(
  reader: ByteReader,
  nextName: () => string,
  nextText: () => string | undefined,
): readonly CodeImport[] {
  return many(reader.number(), () => {
    const module = nextName();
    const flags = reader.number();
    const length = reader.optional();
    const isReexport = THREE_WAYS[flags % 4];
    // Not put together of parts: every question unpacks hundreds of them.
    const unpacked: Writable<CodeImport> = { module, line: Math.floor(flags / 4) };
    if (length !== undefined)
      unpacked.names = many(length, () => {
        const imported: Writable<ImportedName> = { name: nextName() };
        const alias = nextText();
        if (alias !== undefined) imported.alias = alias;
        return imported;
      });
    if (isReexport !== undefined) unpacked.isReexport = isReexport;
    return unpacked;
  });
}

function packChunks(chunks: readonly CodeChunk[], symbols: readonly CodeSymbol[]): void {
  const places = new Map<string, number>();
  for (const [at, symbol] of symbols.entries())
    if (!places.has(qualifiedName(symbol))) places.set(qualifiedName(symbol), at);
  body.number(chunks.length);
  for (const { startLine, endLine, symbol } of chunks) {
    body.number(endLine - startLine);
    body.optional(symbol === undefined ? undefined : places.get(symbol));
  }
}

function unpackChunks(reader: ByteReader, symbols: readonly CodeSymbol[]): readonly CodeChunk[] {
  let startLine = 1;
  return many(reader.number(), () => {
    const endLine = startLine + reader.number();
    const at = reader.optional();
    const symbol = at === undefined ? undefined : symbols[at];
    const chunk: Writable<CodeChunk> = { startLine, endLine };
    if (symbol !== undefined) chunk.symbol = qualifiedName(symbol);
    startLine = endLine + 1;
    return chunk;
  });
}
