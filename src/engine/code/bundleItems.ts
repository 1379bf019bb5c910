import type { CodeSymbol, SymbolKind } from "../../contract/code.ts";
import type { CodeItem, CodeItemSymbol, CodePassage } from "../seams.ts";
import { likelySymbols } from "./codeAnswers.ts";
import { qualifiedName } from "./codeIndex.ts";
import { linesOf } from "./lines.ts";
import type { LocatedPlace, LocatedQuestion } from "./locateQuestion.ts";
import { wholeSymbols } from "./wholeSymbols.ts";

/** Files of a bundle whose text is read, and that may be shown whole; of the others what they declare is told, and of the rest only their names. */
const WITH_TEXT = 8;
const WHOLE = 4;
const WITH_SYMBOLS = 14;
/** A file may take half of the budget, or all of it where it was asked for: a text of more UTF-16 units a token of it is not shown whole. */
const UNITS_PER_TOKEN = 2;
const ASKED_UNITS_PER_TOKEN = 4;
const MOST_SYMBOLS = 12;
/** Names of which an outline tells. */
const NAMED = 4;
/** Of the best files, and of the others whose text is read. */
const MOST_PASSAGES = 4;
const FEW_PASSAGES = 2;
/** What is left of a file's score where no word of the question is in any of the code. */
const LEAST_EVIDENCE = 0.35;

export interface ItemOptions {
  /** Files that were asked for by their paths. */
  readonly asked: ReadonlySet<string>;
  /** Tokens of the whole bundle. */
  readonly budget: number;
  /** Text of a file as it is indexed; undefined where it has changed or gone since. */
  readonly textOf: (place: LocatedPlace) => Promise<string | undefined>;
}

/**
 * What was located as a bundle may show it, best first. Scores of locate are shares of the best of this question: what they are worth beside memories is
 * told by the evidence that any of the files is about it at all.
 */
export async function bundleItems(
  { places, question }: LocatedQuestion,
  { asked, budget, textOf }: ItemOptions,
): Promise<readonly CodeItem[]> {
  const names = new Set(question.names);
  const best = Math.max(Number.MIN_VALUE, ...places.map(({ score }) => score));
  const evidence = Math.max(0, ...places.map((place) => place.evidence));
  const whole = LEAST_EVIDENCE + (1 - LEAST_EVIDENCE) * evidence;
  return Promise.all(
    places.map(async (place, rank): Promise<CodeItem> => {
      const { file, frames, reasons, score } = place;
      const leads = asked.has(file.path) ? "asked" : frames.length > 0 ? "frame" : undefined;
      const text = rank < WITH_TEXT || leads !== undefined ? await textOf(place) : undefined;
      const longest = leads === "asked" ? budget * ASKED_UNITS_PER_TOKEN : rank < WHOLE ? budget * UNITS_PER_TOKEN : 0;
      const lines = text === undefined ? [] : linesOf(text);
      const last = Math.max(lines.length, file.chunks.at(-1)?.endLine ?? 0);
      return {
        path: file.path,
        ...(file.language === undefined ? {} : { language: file.language }),
        lines: last,
        score: (whole * score) / best,
        reasons,
        ...(leads === undefined ? {} : { leads }),
        symbols: symbolsOf(place, names, rank < WITH_SYMBOLS || leads !== undefined ? MOST_SYMBOLS : NAMED),
        passages:
          text === undefined
            ? []
            : passagesOf(place, lines, rank < WHOLE || leads !== undefined ? MOST_PASSAGES : FEW_PASSAGES),
        ...(text === undefined || text.length > longest ? {} : { whole: text }),
      };
    }),
  );
}

/** What a file is understood by: what it defines, not the values in it. */
const TOLD: ReadonlySet<SymbolKind> = new Set([
  "module",
  "class",
  "interface",
  "enum",
  "type",
  "function",
  "method",
  "heading",
]);

/** What the question is likely about, then what the file offers to others. */
function symbolsOf(place: LocatedPlace, names: ReadonlySet<string>, most: number): readonly CodeItemSymbol[] {
  const { symbols } = place.file.parsed;
  const likely = likelySymbols(place, names, symbols);
  const told = new Set(likely.filter(({ kind, name }) => TOLD.has(kind) || names.has(name)));
  for (const symbol of symbols) {
    if (told.size >= most) break;
    const { kind, isExported, container } = symbol;
    if (isExported !== false && container === undefined && TOLD.has(kind)) told.add(symbol);
  }
  return Array.from(told, shown).slice(0, most);
}

const shown = (symbol: CodeSymbol): CodeItemSymbol => {
  const { signature, startLine, endLine } = symbol;
  return { name: qualifiedName(symbol), signature, startLine, endLine };
};

/** The best chunks, each from where something begins to where it ends; of a file in which none was found, the first. */
function passagesOf({ file, chunks }: LocatedPlace, lines: readonly string[], most: number): readonly CodePassage[] {
  const symbols = file.parsed.symbols.filter(({ kind }) => TOLD.has(kind));
  return (chunks.length === 0 ? file.chunks : chunks)
    .slice(0, most)
    .map((chunk) => {
      const [startLine, endLine] = wholeSymbols(chunk, symbols, lines);
      const text = lines.slice(startLine - 1, endLine).join("\n");
      return { startLine, endLine, text, ...(chunk.symbol === undefined ? {} : { symbol: chunk.symbol }) };
    })
    .filter(({ text }) => text.trim() !== "");
}
