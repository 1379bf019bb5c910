import type { DETAIL_LEVELS } from "../../contract/tools.ts";
import type { BundleShape, CodeItem, CodePassage, TokenCounter } from "../seams.ts";
import { fenceFor, inline, withoutCitations } from "./neutralise.ts";

/** How much of a file is shown. */
export interface CodeLevel {
  readonly detail: (typeof DETAIL_LEVELS)[number];
  readonly markdown: string;
  /** Of `markdown` with the blank line after it. */
  readonly tokens: number;
  /** Of what the file is worth whole, 0..1. */
  readonly worth: number;
  /** First and last line that are shown, where code is. */
  readonly lines?: readonly [number, number];
}

/** Names that an outline has, and declarations that signatures have. */
const OUTLINED = 4;
const SIGNATURES = 8;
/** Passages that are offered one after the other. */
const PASSAGES = 4;
const REASON_LENGTH = 110;
const JOIN_TOKENS = 2;

/**
 * Every level of a file, from the least to the most, each with what it costs and what it is worth. Of the passages each is worth half of the one before it,
 * since the best comes first. A level that costs no more than one before it replaces that one.
 */
export function levelsOf(item: CodeItem, worth: BundleShape["levels"], tokens: TokenCounter): readonly CodeLevel[] {
  const levels: CodeLevel[] = [];
  const offer = (blocks: readonly Block[], level: Omit<CodeLevel, "tokens" | "markdown">): void => {
    const counted = blocks.reduce((sum, block) => sum + block.tokens + 1, JOIN_TOKENS);
    while ((levels.at(-1)?.tokens ?? -1) >= counted) levels.pop();
    levels.push({ ...level, markdown: blocks.map(({ markdown }) => markdown).join("\n"), tokens: counted });
  };
  // Blocks are written and counted one by one: those of a level are mostly those of the one before it.
  const blockOf = (markdown: string): Block => ({ markdown, tokens: tokens.count(markdown) });
  offer([blockOf(outline(item))], { detail: "outline", worth: worth.outline });
  const head = blockOf(heading(item));
  if (item.symbols.length > 0)
    offer([head, blockOf(signatures(item))], { detail: "signatures", worth: worth.signatures });
  const written = new Map<CodePassage, Block>();
  const count = Math.min(PASSAGES, item.passages.length);
  for (let shown = 1; shown <= count; shown++) {
    const passages = joined(item.passages.slice(0, shown));
    for (const passage of passages) if (!written.has(passage)) written.set(passage, blockOf(code(item, passage)));
    const share = (1 - 2 ** -shown) / (1 - 2 ** -count);
    offer([head, ...passages.flatMap((passage) => written.get(passage) ?? [])], {
      detail: "implementation",
      worth: worth.signatures + (worth.implementation - worth.signatures) * share,
      lines: [passages[0]?.startLine ?? 1, passages.at(-1)?.endLine ?? item.lines],
    });
  }
  if (item.whole !== undefined) {
    const passage = { startLine: 1, endLine: item.lines, text: item.whole };
    offer([head, blockOf(code(item, passage))], { detail: "full", worth: 1, lines: [1, item.lines] });
  }
  return levels;
}

interface Block {
  readonly markdown: string;
  readonly tokens: number;
}

const heading = ({ path, reasons }: CodeItem): string => `### ${inline(path, 300)}\n${reasonOf(reasons, 2)}`;

/** The first reasons; where words are is said by the passages themselves. */
function reasonOf(reasons: readonly string[], most: number): string {
  const telling = reasons.filter((reason) => !reason.startsWith("holds words") && !reason.startsWith("its path has"));
  const shown = telling.length > 0 ? telling : reasons.slice(0, 1);
  return shown
    .slice(0, most)
    .map((reason) => inline(reason, REASON_LENGTH))
    .join("; ");
}

function outline(item: CodeItem): string {
  const names = item.symbols.slice(0, OUTLINED).map(({ name, startLine }) => `${inline(name, 60)} ${startLine}`);
  const reason = reasonOf(item.reasons, 1);
  return `- ${inline(item.path, 300)}${names.length === 0 ? "" : `: ${names.join(", ")}`}${reason === "" ? "" : ` (${reason})`}`;
}

function signatures(item: CodeItem): string {
  const lines = item.symbols
    .slice(0, SIGNATURES)
    .toSorted((a, b) => a.startLine - b.startLine)
    .map(({ signature, startLine, endLine }) => `${startLine}-${endLine}: ${signature}`);
  return fencedCode(item.language, lines.join("\n"));
}

function code({ language }: CodeItem, { startLine, endLine, symbol, text }: CodePassage): string {
  const named = symbol === undefined ? "" : ` ${inline(symbol, 80)}`;
  return `Lines ${startLine}-${endLine}${named}:\n${fencedCode(language, text)}`;
}

/** Code cannot close its fence, and nothing in it can pass for a citation of a memory. */
function fencedCode(language: string | undefined, text: string): string {
  const safe = withoutCitations(text).replace(/\s+$/u, "");
  const fence = fenceFor(safe);
  return `${fence}${language === undefined || !/^[\w+#-]{1,20}$/u.test(language) ? "text" : language}\n${safe}\n${fence}`;
}

/** In the order of the file; those that follow each other directly, or overlap, are one. */
function joined(passages: readonly CodePassage[]): readonly CodePassage[] {
  const whole: CodePassage[] = [];
  for (const passage of passages.toSorted((a, b) => a.startLine - b.startLine || a.endLine - b.endLine)) {
    const last = whole.at(-1);
    if (last === undefined || passage.startLine > last.endLine + 1) {
      whole.push(passage);
      continue;
    }
    const known = last.endLine - passage.startLine + 1;
    const more = passage.text.split("\n").slice(known);
    if (more.length === 0) continue;
    const symbol = last.symbol ?? passage.symbol;
    whole[whole.length - 1] = {
      startLine: last.startLine,
      endLine: passage.endLine,
      text: [last.text, ...more].join("\n"),
      ...(symbol === undefined ? {} : { symbol }),
    };
  }
  return whole;
}
