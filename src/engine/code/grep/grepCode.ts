import type { CodeSymbol } from "../../../contract/code.ts";
import type { GrepInput, GrepResult } from "../../../contract/grep.ts";
import { type Accepts, filterOf } from "../codeAnswers.ts";
import { type IndexedFile, qualifiedName } from "../codeIndex.ts";
import type { CodeService } from "../codeService.ts";
import { type FileMatches, grepFiles, type GrepParts } from "./grepFiles.ts";
import { redactLines } from "./redactLines.ts";

export interface GrepCodeParts extends GrepParts {
  /** INVALID_INPUT for what is no pattern. */
  readonly compile: (
    pattern: string,
    options: { readonly ignoreCase: boolean; readonly word: boolean; readonly literal: boolean },
  ) => (line: string) => number;
  /** The files that are wanted; undefined where all are. */
  readonly more: Accepts | undefined;
  readonly redact: (texts: readonly string[]) => Promise<readonly string[]>;
}

const USUAL_LIMIT = 100;
/** Characters of a line that are shown, and how many of them stand before the match. */
const SHOWN_CHARACTERS = 400;
const SHOWN_BEFORE = 100;

/** Lines of the files of the index, as they are now. INVALID_INPUT for a pattern or glob that is none. */
export async function grepCode(service: CodeService, input: GrepInput, parts: GrepCodeParts): Promise<GrepResult> {
  const { pattern, mode = "lines", limit = USUAL_LIMIT, fixedStrings: literal = false, word = false } = input;
  const ignoreCase = ignoresCase(input);
  const find = parts.compile(pattern, { ignoreCase, word, literal });
  const accepts = filterOf(input, parts.more);
  const { index } = service.sources();
  const files = [...index.files()].filter((file) => accepts?.(file) ?? true);
  const paths = files.map(({ path }) => path).sort();
  const found: FileMatches[] = [];
  let lines = 0;
  const search = { pattern, literal, ignoreCase, find, limit, mode };
  const { searched, truncated } = await grepFiles(service.root, paths, search, parts, (matches) => {
    lines += matches.found.length;
    found.push(mode === "lines" ? matches : { ...matches, lines: [] });
  });
  const shown =
    mode === "lines"
      ? await Promise.all(found.map((one) => shownLines(one, index.fileAt(one.path), input, parts)))
      : [];
  return {
    matches: shown.flat(),
    ...(mode === "lines"
      ? {}
      : { files: found.map((one) => ({ path: one.path, ...(mode === "count" ? { lines: one.found.length } : {}) })) }),
    counts: { lines, files: found.length, searched },
    ...(truncated === undefined ? {} : { truncated }),
  };
}

function ignoresCase({ pattern, case: told = "smart", fixedStrings = false }: GrepInput): boolean {
  if (told !== "smart") return told === "insensitive";
  // What follows a backslash is a class or an assertion.
  return !/\p{Lu}/u.test(fixedStrings ? pattern : pattern.replace(/\\(?:[pP](?:\{[^}]*\}|.)|.)/gu, ""));
}

type Match = GrepResult["matches"][number];

async function shownLines(
  { path, lines, found }: FileMatches,
  file: IndexedFile | undefined,
  { before = 0, after = 0 }: GrepInput,
  { redact }: GrepCodeParts,
): Promise<readonly Match[]> {
  const wanted = found.map(({ at }) => ({
    from: Math.max(0, at - before),
    to: Math.min(lines.length, at + after + 1),
  }));
  const safe = await redactLines(lines, wanted, redact);
  return found.map(({ at, column }, number): Match => {
    const { from, to } = wanted[number] ?? { from: at, to: at + 1 };
    const texts = safe.get(from) ?? [];
    const symbol = innermost(file?.parsed.symbols ?? [], at + 1);
    const cut = (text: string): string => excerpt(text, 0);
    return {
      path,
      line: at + 1,
      column: column + 1,
      text: excerpt(texts[at - from] ?? "", column),
      ...(before === 0 ? {} : { before: texts.slice(0, at - from).map(cut) }),
      ...(after === 0 ? {} : { after: texts.slice(at - from + 1, to - from).map(cut) }),
      ...(symbol === undefined ? {} : { symbol: qualifiedName(symbol) }),
    };
  });
}

function innermost(symbols: readonly CodeSymbol[], line: number): CodeSymbol | undefined {
  let best: CodeSymbol | undefined;
  for (const symbol of symbols) {
    if ((symbol.leadLine ?? symbol.startLine) > line || symbol.endLine < line) continue;
    if (best === undefined || symbol.endLine - symbol.startLine <= best.endLine - best.startLine) best = symbol;
  }
  return best;
}

function excerpt(text: string, column: number): string {
  if (text.length <= SHOWN_CHARACTERS) return text;
  const from = Math.max(0, Math.min(column - SHOWN_BEFORE, text.length - SHOWN_CHARACTERS));
  const to = from + SHOWN_CHARACTERS;
  return `${from === 0 ? "" : "…"}${text.slice(from, to)}${to >= text.length ? "" : "…"}`;
}
