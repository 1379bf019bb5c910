import type { CodeSymbol, SymbolKind } from "../../contract/code.ts";
import type { LocateInput, LocateResult, SearchCodeInput, SearchCodeResult } from "../../contract/codeTools.ts";
import { HeirloomError } from "../../contract/errors.ts";
import { type IndexedFile, qualifiedName } from "./codeIndex.ts";
import { linesBetween } from "./lines.ts";
import type { CodeService } from "./codeService.ts";
import { globMatcher } from "./globs.ts";
import { evidenceOfTree } from "./locate/evidence.ts";
import type { PointingMemory } from "./locate/pointers.ts";
import { type LocatedPlace, locateQuestion } from "./locateQuestion.ts";
import { searchChunks } from "./searchChunks.ts";

const USUAL_LIMIT = 10;
/** Symbols that are told of a file. */
const MOST_SYMBOLS = 5;

/** INVALID_INPUT for a glob that cannot be understood. */
export function locate(
  service: CodeService,
  input: LocateInput,
  { memories = [], more }: { readonly memories?: readonly PointingMemory[]; readonly more?: Accepts | undefined } = {},
): { readonly result: LocateResult; readonly evidence: () => number } {
  const { query, limit = USUAL_LIMIT } = input;
  const accepts = filterOf(input, more);
  const { places, question, intent } = locateQuestion(
    query,
    { ...service.sources(), memories },
    {
      limit,
      ...(accepts === undefined ? {} : { accepts }),
    },
  );
  const names = new Set(question.names);
  return {
    result: {
      files: places.map((place) => ({
        path: place.file.path,
        score: place.score,
        reasons: [...place.reasons],
        symbols: likelySymbols(place, names, symbolsAskedOf(place)).map(shownSymbol),
      })),
      intent,
    },
    evidence: () => evidenceOfTree(question, service.sources().index, places),
  };
}

/** INVALID_INPUT for a glob that cannot be understood. */
export async function searchCode(
  service: CodeService,
  input: SearchCodeInput,
  more?: Accepts,
): Promise<SearchCodeResult> {
  const { query, limit = USUAL_LIMIT, mode = "hybrid" } = input;
  const accepts = filterOf(input, more);
  const { index } = service.sources();
  const found = searchChunks(index, query, { mode, limit, ...(accepts === undefined ? {} : { accepts }) });
  const texts = new Map(
    await Promise.all(
      Array.from(new Set(found.map(({ file }) => file.path)), async (path) => {
        return [path, await service.read(path)] as const;
      }),
    ),
  );
  return {
    chunks: found.flatMap(({ file, chunk, score, reasons }) => {
      const whole = texts.get(file.path);
      // It was deleted after it was indexed.
      if (whole === undefined) return [];
      const { startLine, endLine, symbol } = chunk;
      const text = linesBetween(whole, startLine, endLine);
      const place = { id: `${file.path}:${startLine}-${endLine}`, path: file.path, startLine, endLine };
      return [{ ...place, ...(symbol === undefined ? {} : { symbol }), text, score, reasons: [...reasons] }];
    }),
  };
}

/** Whether a file is wanted. */
export type Accepts = (file: Pick<IndexedFile, "path" | "language">) => boolean;

/** INVALID_INPUT for a glob that cannot be understood. Undefined where every file is wanted; `more` is what else narrows it. */
export function filterOf(
  { pathGlob, language }: Pick<LocateInput, "pathGlob" | "language">,
  more?: Accepts,
): Accepts | undefined {
  if (pathGlob === undefined && language === undefined) return more;
  const matches = pathGlob === undefined ? () => true : matcherOf(pathGlob);
  const wanted = language?.toLowerCase();
  return (file) =>
    matches(file.path) && (wanted === undefined || file.language === wanted) && (more === undefined || more(file));
}

/** Of which files of a tree an answer is made. */
export interface CodeScope {
  /** Folders that are left out. */
  readonly except?: readonly string[];
  /** The folder that they are in. */
  readonly within?: string;
}

/** The files of a scope that `more` wants too. */
export function scopeFilter({ except = [], within }: CodeScope, more?: Accepts): Accepts | undefined {
  if (except.length === 0 && within === undefined) return more;
  return (file) =>
    (within === undefined || file.path.startsWith(`${within}/`)) &&
    !except.some((folder) => file.path.startsWith(`${folder}/`)) &&
    (more === undefined || more(file));
}

function matcherOf(glob: string): (path: string) => boolean {
  try {
    return globMatcher(glob);
  } catch (error) {
    throw new HeirloomError(
      "INVALID_INPUT",
      `pathGlob ${glob} cannot be understood: ${String(error)}. Give one such as src/**/*.ts.`,
    );
  }
}

/** What is only a part of something that is told. */
const PARTS: ReadonlySet<SymbolKind> = new Set(["field", "variable"]);

/** As likely symbols are chosen from. What frames stand in was parsed, and is one of those. */
const symbolsAskedOf = ({ file, frames }: LocatedPlace): readonly CodeSymbol[] =>
  frames.length > 0 ? file.parsed.symbols : file.symbols;

/** Of the symbols of a file those that frames stand in, then those whose names are asked for, then those that the best chunks are of. */
export function likelySymbols(
  { chunks, frames }: LocatedPlace,
  names: ReadonlySet<string>,
  symbols: readonly CodeSymbol[],
): readonly CodeSymbol[] {
  const likely = new Set(frames.flatMap(({ symbol }) => symbol ?? []));
  const add = (isLikely: (symbol: CodeSymbol) => boolean): void => {
    for (const symbol of symbols) {
      if (likely.size >= MOST_SYMBOLS) return;
      if (isLikely(symbol) && !PARTS.has(symbol.kind)) likely.add(symbol);
    }
  };
  if (names.size > 0) add(({ name }) => names.has(name));
  for (const chunk of chunks) add(({ startLine }) => startLine >= chunk.startLine && startLine <= chunk.endLine);
  return [...likely].slice(0, MOST_SYMBOLS);
}

const shownSymbol = (symbol: CodeSymbol): LocateResult["files"][number]["symbols"][number] => {
  const { kind, signature, startLine, endLine } = symbol;
  return { name: qualifiedName(symbol), kind, signature, startLine, endLine };
};
