import { join } from "node:path";
import type { FileToParse, ParsedFile, UnparsedReason } from "../../../contract/code.ts";
import { toErrorShape } from "../../../contract/errors.ts";
import { formatOf, structureOf } from "../structure/formats.ts";
import { emptyFile } from "./emptyFile.ts";
import { type Language, readLanguages } from "./language.ts";
import { outline } from "./outline.ts";
import { type PatternUse, patternUses, readMatches } from "./readMatches.ts";
import { type CompiledQuery, type Grammar, loadGrammar, startTreeSitter } from "./treeSitter.ts";

export interface FileParser {
  /** Throws only where it cannot parse anything any more. */
  parse(file: FileToParse): Promise<ParsedFile>;
}

export interface ParseLimits {
  /** For one file, from its text to its matches. */
  readonly milliseconds: number;
  readonly characters: number;
}

const DEFAULT_LIMITS: ParseLimits = { milliseconds: 2_000, characters: 4_000_000 };
/** A file whose lines are longer than this on average was not written by hand. */
const MINIFIED_LINE = 500;
const SMALL = 5_000;

/** `folder` is dist: it holds languages/ and web-tree-sitter.wasm. One for each thread. */
export async function createFileParser(folder: string, limits: Partial<ParseLimits> = {}): Promise<FileParser> {
  await startTreeSitter(join(folder, "web-tree-sitter.wasm"));
  return new TreeSitterParser(join(folder, "languages"), { ...DEFAULT_LIMITS, ...limits });
}

interface Loaded {
  readonly grammar: Grammar;
  /** What is asked of this text, in this order. */
  readonly asked: (text: string) => readonly Asked[];
}

interface Asked {
  readonly query: CompiledQuery;
  readonly uses: readonly PatternUse[];
}

class TreeSitterParser implements FileParser {
  readonly #languages;
  readonly #limits: ParseLimits;
  readonly #loaded = new Map<Language, Promise<Loaded>>();

  constructor(folder: string, limits: ParseLimits) {
    this.#languages = readLanguages(folder);
    this.#limits = limits;
  }

  async parse({ path, text }: FileToParse): Promise<ParsedFile> {
    const format = formatOf(path);
    const language = format === undefined ? this.#languages.of(path, text) : undefined;
    const name = format ?? language?.name;
    if (name === undefined)
      return { ...emptyFile(path), unparsed: unparsed("unknown-language", "No grammar is known for it.") };
    const refusal = refusalOf(text, this.#limits);
    if (refusal !== undefined) return { ...emptyFile(path, name), unparsed: refusal };
    try {
      if (language !== undefined) return this.#match(path, text, language, await this.#load(language));
      return format === undefined ? emptyFile(path) : { ...emptyFile(path, format), ...structureOf(format, text) };
    } catch (error) {
      if (isTrap(error)) throw error;
      return { ...emptyFile(path, name), unparsed: unparsed("failed", toErrorShape(error).message) };
    }
  }

  #match(path: string, text: string, language: Language, { grammar, asked }: Loaded): ParsedFile {
    const limit = this.#limits.milliseconds;
    const queries = asked(text);
    const result = grammar.match(
      text,
      queries.map(({ query }) => query),
      limit,
    );
    if (result === undefined)
      return {
        ...emptyFile(path, language.name),
        unparsed: unparsed("too-slow", `Parsing it takes more than ${limit} ms.`),
      };
    try {
      const found = queries.map(({ uses }, at) => ({ uses, matches: result.matches[at] ?? [] }));
      return { path, ...outline(text, language, readMatches(text, found)), hasErrors: result.hasErrors };
    } finally {
      result.release();
    }
  }

  #load(language: Language): Promise<Loaded> {
    const known = this.#loaded.get(language);
    if (known !== undefined) return known;
    const loading = loadGrammar(language.grammar).then((grammar) => ({ grammar, asked: asker(grammar, language) }));
    this.#loaded.set(language, loading);
    return loading;
  }
}

/** A query is made when it is first asked: that takes longer than all that most files need of it. */
function asker(grammar: Grammar, { queries }: Language): Loaded["asked"] {
  const compiled = (source: string, of?: "root"): (() => Asked) => {
    let made: Asked | undefined;
    return () => {
      if (made !== undefined) return made;
      const query = grammar.query(source, of);
      return (made = { query, uses: patternUses(query) });
    };
  };
  const [usual, whole] = [compiled(queries.usual), compiled(queries.whole)];
  const root = queries.root === "" ? undefined : compiled(queries.root, "root");
  return (text) => {
    const everywhere = queries.seldom?.test(text) === true ? whole() : usual();
    return root === undefined ? [everywhere] : [everywhere, root()];
  };
}

/** WebAssembly that has trapped may have left anything in its memory: the thread is of no use any more. */
function isTrap(error: unknown): boolean {
  return error instanceof Error && error.name === "RuntimeError";
}

function refusalOf(text: string, { characters }: ParseLimits): ParsedFile["unparsed"] {
  if (text.slice(0, 8_000).includes("\0")) return unparsed("binary", "It holds bytes that no text has.");
  if (text.length > characters) return unparsed("too-large", `It has more than ${characters} characters.`);
  if (text.length > SMALL && text.length / MINIFIED_LINE > lineCount(text))
    return unparsed("minified", `Its lines have more than ${MINIFIED_LINE} characters on average.`);
  return undefined;
}

function lineCount(text: string): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

function unparsed(reason: UnparsedReason, message: string): NonNullable<ParsedFile["unparsed"]> {
  return { reason, message };
}
