import picomatch from "picomatch";
import type { CodeSymbol, SymbolKind } from "../../contract/code.ts";
import type { LocateInput, LocateResult, SearchCodeInput, SearchCodeResult } from "../../contract/codeTools.ts";
import { HeirloomError } from "../../contract/errors.ts";
import type { IndexedFile } from "./codeIndex.ts";
import { readQuestion } from "./codeQuestion.ts";
import type { CodeService } from "./codeService.ts";
import { locateFiles } from "./locate/locateFiles.ts";
import { searchChunks } from "./searchChunks.ts";

const USUAL_LIMIT = 10;
/** Symbols that are told of a file. */
const MOST_SYMBOLS = 5;

/** INVALID_INPUT for a glob that cannot be understood. */
export function locate(service: CodeService, input: LocateInput): LocateResult {
  const { query, limit = USUAL_LIMIT } = input;
  const accepts = filterOf(input);
  const sources = service.sources();
  const names = new Set(readQuestion(query).names);
  const found = locateFiles(query, sources, { limit, ...(accepts === undefined ? {} : { accepts }) });
  return {
    files: found.map(({ file, score, reasons, rows }) => ({
      path: file.path,
      score,
      reasons: [...reasons],
      symbols: likelySymbols(file, rows, names),
    })),
  };
}

/** INVALID_INPUT for a glob that cannot be understood. */
export async function searchCode(service: CodeService, input: SearchCodeInput): Promise<SearchCodeResult> {
  const { query, limit = USUAL_LIMIT, mode = "hybrid" } = input;
  const accepts = filterOf(input);
  const { index } = service.sources();
  const found = searchChunks(index, query, { mode, limit, ...(accepts === undefined ? {} : { accepts }) });
  const texts = new Map<string, readonly string[] | undefined>();
  for (const { file } of found)
    if (!texts.has(file.path)) texts.set(file.path, (await service.read(file.path))?.split(/\r\n|\r|\n/u));
  return {
    chunks: found.flatMap(({ file, chunk, score, reasons }) => {
      const text = texts
        .get(file.path)
        ?.slice(chunk.startLine - 1, chunk.endLine)
        .join("\n");
      // It was deleted after it was indexed.
      if (text === undefined) return [];
      const { startLine, endLine, symbol } = chunk;
      const place = { id: `${file.path}:${startLine}-${endLine}`, path: file.path, startLine, endLine };
      return [{ ...place, ...(symbol === undefined ? {} : { symbol }), text, score, reasons: [...reasons] }];
    }),
  };
}

function filterOf({
  pathGlob,
  language,
}: Pick<LocateInput, "pathGlob" | "language">): ((file: IndexedFile) => boolean) | undefined {
  if (pathGlob === undefined && language === undefined) return undefined;
  const matches = pathGlob === undefined ? () => true : matcherOf(pathGlob);
  const wanted = language?.toLowerCase();
  return (file) => matches(file.path) && (wanted === undefined || file.parsed.language === wanted);
}

function matcherOf(glob: string): (path: string) => boolean {
  try {
    return picomatch(glob, { dot: true, basename: !glob.includes("/") });
  } catch (error) {
    throw new HeirloomError(
      "INVALID_INPUT",
      `pathGlob ${glob} cannot be understood: ${String(error)}. Give one such as src/**/*.ts.`,
    );
  }
}

/** What is only a part of something that is told. */
const PARTS: ReadonlySet<SymbolKind> = new Set(["field", "variable"]);

/** Those whose names are asked for, then those that the best chunks are of. */
function likelySymbols(
  file: IndexedFile,
  rows: readonly number[],
  names: ReadonlySet<string>,
): LocateResult["files"][number]["symbols"] {
  const symbols = file.parsed.symbols.filter(({ kind }) => !PARTS.has(kind));
  const named = symbols.filter(({ name }) => names.has(name));
  const inChunks = rows.flatMap((row) => {
    const chunk = file.chunks.find((one) => one.row === row);
    return chunk === undefined
      ? []
      : symbols.filter(({ startLine }) => startLine >= chunk.startLine && startLine <= chunk.endLine);
  });
  return [...new Set([...named, ...inChunks])].slice(0, MOST_SYMBOLS).map(shown);
}

const shown = ({
  name,
  container,
  kind,
  signature,
  startLine,
  endLine,
}: CodeSymbol): LocateResult["files"][number]["symbols"][number] => ({
  name: container === undefined ? name : `${container}.${name}`,
  kind,
  signature,
  startLine,
  endLine,
});
