import type { DETAIL_LEVELS } from "../../contract/tools.ts";
import type { Anchor } from "../../contract/memory.ts";
import { shortCommit } from "../../contract/shortCommit.ts";
import type { Recalled, TokenCounter } from "../seams.ts";
import { cutText, firstSentence } from "./cutText.ts";
import { fenced, inline, withoutCitations } from "./neutralise.ts";

/** `told`: the whole text, in one line where it is one. */
export type DetailLevel = (typeof DETAIL_LEVELS)[number] | "told";

/** One item of a bundle as it will stand there. */
export interface RenderedItem {
  readonly markdown: string;
  /** Estimate for `markdown`: the stored count of the body plus what was counted of its frame. */
  readonly tokens: number;
  readonly cut: boolean;
}

/** `ID`, or `ID#2` for the second passage of a long memory. */
export function refOf({ memory, part }: Recalled): string {
  return part === undefined || memory.parts.length === 0 ? memory.id : `${memory.id}#${part + 1}`;
}

/** What the item shows: the passage that was found, or the whole memory. */
export function bodyOf({ memory, part }: Recalled): { readonly text: string; readonly tokens: number } {
  const passage = part === undefined ? undefined : memory.parts[part];
  if (passage === undefined) return { text: memory.content, tokens: memory.tokens };
  return { text: memory.content.slice(passage.start, passage.end), tokens: passage.tokens };
}

/** Renders the item within `room` tokens, its text cut at a paragraph or sentence if need be; undefined when that is not possible. */
export function renderItem(
  recalled: Recalled,
  detail: DetailLevel,
  room: number,
  tokens: TokenCounter,
): RenderedItem | undefined {
  if (detail === "told") return renderTold(recalled, room, tokens) ?? renderWhole(recalled, false, room, tokens);
  return detail === "outline" || detail === "signatures"
    ? renderLine(recalled, detail, room, tokens)
    : renderWhole(recalled, detail === "full", room, tokens);
}

function renderLine(
  recalled: Recalled,
  detail: "outline" | "signatures",
  room: number,
  tokens: TokenCounter,
): RenderedItem | undefined {
  const { text } = bodyOf(recalled);
  const title = recalled.memory.title;
  const said = detail === "signatures" || title === undefined ? firstSentence(text) : undefined;
  // A text without a sentence, a lone code fence say, is named by its first line.
  const shown = [title, said === title ? undefined : said]
    .filter((line) => line !== undefined)
    .map((line) => inline(line, LINE_LIMIT));
  const line = shown.length === 0 ? inline(text.trimStart().split("\n", 1)[0] ?? "", LINE_LIMIT) : shown.join(": ");
  const markdown = `- [mem:${refOf(recalled)}] ${line} (${facts(recalled).join(" · ")})`;
  const counted = tokens.count(markdown) + 1;
  return counted <= room ? { markdown, tokens: counted, cut: false } : undefined;
}

/** Undefined for what does not fit, or has lines of its own. */
function renderTold(recalled: Recalled, room: number, tokens: TokenCounter): RenderedItem | undefined {
  const text = bodyOf(recalled).text.trim();
  if (text.includes("\n") || text.length > room * UNITS_PER_TOKEN) return undefined;
  const { title } = recalled.memory;
  const shown = title === undefined || text.startsWith(title) ? "" : `${inline(title, TITLE_LIMIT)}: `;
  const markdown = `- [mem:${refOf(recalled)}] ${shown}${inline(text, Infinity)} (${facts(recalled).join(" · ")})`;
  const counted = tokens.count(markdown) + 1;
  return counted <= room ? { markdown, tokens: counted, cut: false } : undefined;
}

/** A text with more UTF-16 units a token is not expected. */
const UNITS_PER_TOKEN = 16;

function renderWhole(
  recalled: Recalled,
  withMetadata: boolean,
  room: number,
  tokens: TokenCounter,
): RenderedItem | undefined {
  const body = bodyOf(recalled);
  const { title } = recalled.memory;
  // A commit's subject is its title and its first line: once is enough.
  const named = title === undefined || body.text.startsWith(title) ? "" : ` ${inline(title, TITLE_LIMIT)}`;
  const heading = `### [mem:${refOf(recalled)}]${named}\n${facts(recalled).join(" · ")}`;
  const safe = withoutCitations(body.text).trim();
  const extra = withMetadata ? metadataLines(recalled) : "";
  // The stored count is of the text as it is stored; what admission never saw is counted here.
  const bodyTokens = safe === body.text.trim() ? body.tokens : tokens.count(safe);
  const frame = tokens.count(`${heading}\n${fenced(extra)}`) + JOIN_TOKENS;
  if (frame + bodyTokens <= room) {
    return { markdown: `${heading}\n${fenced(safe + extra)}`, tokens: frame + bodyTokens, cut: false };
  }
  const cutFrame = frame + tokens.count(cutMark(recalled));
  const kept =
    room - cutFrame < SMALLEST_CUT ? undefined : cutText(safe, room - cutFrame, (text) => tokens.count(text));
  if (kept === undefined) return undefined;
  const markdown = `${heading}\n${fenced(kept + extra)}\n${cutMark(recalled)}`;
  return { markdown, tokens: tokens.count(kept) + cutFrame, cut: true };
}

/** A cut that leaves fewer tokens than this tells nothing. */
const SMALLEST_CUT = 16;
/** Blank lines between items, and what the tokenizer may add where two counted pieces meet. */
const JOIN_TOKENS = 4;
const TITLE_LIMIT = 160;
const LINE_LIMIT = 240;

const cutMark = ({ memory }: Recalled): string => `(cut here; the whole is memory://${memory.id})`;

/** Branch, commit, date, passage, anchors, freshness: what is needed to judge an item, each in a word or two. */
function facts({ memory, part, visible, hiddenBecause, freshness }: Recalled): readonly string[] {
  const { branch, commit, pending } = memory.provenance;
  const place = [branch === undefined ? [] : inline(branch, 60), commit === undefined ? [] : shortCommit(commit)]
    .flat()
    .join("@");
  const passage = part === undefined ? undefined : memory.parts[part];
  return [
    // First, since a branch may be named so that the line would open a code fence.
    new Date(memory.timestamp).toISOString().slice(0, 10),
    place === "" ? [] : pending ? `${place} (pending)` : place,
    passage === undefined ? [] : `passage ${(part ?? 0) + 1} of ${memory.parts.length}`,
    passage === undefined || passage.headings.length === 0 ? [] : `under ${inline(passage.headings.join(" › "), 100)}`,
    memory.anchors.slice(0, ANCHORS_SHOWN).map(anchorText),
    memory.anchors.length > ANCHORS_SHOWN ? `${memory.anchors.length - ANCHORS_SHOWN} more` : [],
    freshnessFact(memory, freshness),
    relationFacts(memory),
    visible ? [] : `hidden: ${inline(hiddenBecause ?? "not inherited by this commit", 120)}`,
  ].flat();
}

/** Until anchors are compared with the code, nothing may be called fresh. What changed is told where that is known. */
function freshnessFact({ anchors }: Recalled["memory"], known: Recalled["freshness"]): string {
  if (known === undefined) return anchors.length > 0 ? "unchecked" : "unanchored";
  const isTold = known.freshness === "drifted" || known.freshness === "orphaned";
  return isTold && known.why !== undefined ? inline(known.why, 160) : known.freshness;
}

const ANCHORS_SHOWN = 3;
const RELATIONS_SHOWN = 3;

/** What an agent has to know of it before it goes by it. */
const relationFacts = ({ relations = [] }: Recalled["memory"]): readonly string[] =>
  relations
    .filter(({ is }) => is !== "compatible")
    .slice(-RELATIONS_SHOWN)
    .map(({ is, id }) => `${is.replace("-", " ")} memory://${inline(id, 128)}`);

function anchorText(anchor: Anchor): string {
  const lines =
    anchor.startLine === undefined
      ? ""
      : `:${anchor.startLine}${anchor.endLine === undefined ? "" : `-${anchor.endLine}`}`;
  return inline(`${anchor.path}${anchor.symbol === undefined ? "" : `#${anchor.symbol}`}${lines}`, 160);
}

/** Inside the fence, since metadata is as hostile as the text. */
function metadataLines({ memory }: Recalled): string {
  const lines = [
    `kind ${memory.kind}, scope ${memory.scope}, event ${memory.eventType}, revision ${memory.revision}`,
    memory.tags.length === 0 ? [] : `tags: ${memory.tags.join(", ")}`,
    memory.provenance.author === undefined ? [] : `author: ${memory.provenance.author}`,
    memory.provenance.agent === undefined ? [] : `agent: ${memory.provenance.agent}`,
    Object.keys(memory.metadata).length === 0 ? [] : `metadata: ${JSON.stringify(memory.metadata)}`,
  ].flat();
  const shown = lines.map((line) => oneLine(line, METADATA_LIMIT));
  return withoutCitations(`\n\n${shown.join("\n")}`);
}

const METADATA_LIMIT = 600;

const oneLine = (text: string, limit: number): string => {
  const flat = text.slice(0, limit * 2).replace(/\s+/gu, " ");
  return flat.length > limit ? `${flat.slice(0, limit - 1)}…` : flat;
};
