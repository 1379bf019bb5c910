import type { Evidence, Qualities } from "../../contract/ranking.ts";
import type { Memory, Part } from "../../contract/memory.ts";
import type { TextDocument } from "../seams.ts";
import { CLOSE } from "./evidence.ts";
import type { Ranked } from "./rankStore.ts";
import type { SearchStore } from "./storePlan.ts";
import type { NamedTime } from "./timeInQuery.ts";

/** What was asked. */
export interface Question {
  readonly query: string;
  /** The time that it names. */
  readonly time: NamedTime | undefined;
  /** The reranker that reads the best results. */
  readonly reranker: string | undefined;
}

/**
 * Why a row is on the page, for an agent to judge by: matched words of the passage that is shown, a named anchor, equal texts left out. Empty
 * where nothing speaks for it but function words of the query.
 */
export function reasonsFor(
  store: SearchStore,
  { query, time, reranker }: Question,
  { memory, row, part, namedAnchor, file, evidence, qualities }: Ranked,
  equals: readonly { readonly memory: Memory }[],
): readonly string[] {
  const passage = part === undefined ? undefined : memory.parts[part];
  const whole = store.documentOf(memory);
  const shown = passage === undefined ? whole : onlyPassage(whole, passage);
  const reasons = [
    ...(query === "" ? ["newest"] : store.text.explain(query, shown, { row, part: part ?? 0 })),
    ...(evidence === undefined ? [] : [...beyondWords(evidence), ...asRead(evidence, reranker)]),
    ...(file === undefined ? [] : atAnchor(evidence, store.projection.columns().textOf(file))),
    ...(time === undefined || qualities?.isOfTime !== true ? [] : [`of the time that is asked about: ${time.words}`]),
    ...usedBefore(qualities),
    ...(qualities?.freshness === undefined ? [] : [STALE[qualities.freshness]]),
    ...(namedAnchor === undefined ? [] : [`the query names its anchor ${namedAnchor}`]),
  ];
  if (reasons.length === 0) return [];
  return [
    ...reasons,
    ...(equals.length === 0 ? [] : [`same text: ${equals.map((other) => other.memory.id).join(", ")}`]),
  ];
}

const STALE = {
  drifted: "ranked a little lower: the code that it speaks of has changed",
  orphaned: "ranked lower: the code that it speaks of is gone",
} as const;

function usedBefore({ use = 0 }: Qualities = {}): readonly string[] {
  if (use >= TOLD) return ["was helpful before"];
  return use <= -TOLD ? ["was called wrong or stale before: check it"] : [];
}

/** Less is what one edit of its file makes. */
const TOLD = 0.3;

/** What speaks for it beside the words that it holds, where that is enough to say. */
function beyondWords({ meaning = 0, context, document = 0, expansion = 0 }: Evidence): readonly string[] {
  return [
    ...(meaning >= CLOSE ? [`close in meaning (${meaning.toFixed(2)})`] : []),
    ...(context !== undefined && context.beside >= TELLING
      ? [`beside a match in its session (${context.beside.toFixed(2)})`]
      : []),
    ...(context !== undefined && context.session >= TELLING
      ? [`its session is about this (${context.session.toFixed(2)})`]
      : []),
    ...(document >= TELLING ? [`its document speaks of this (${document.toFixed(2)})`] : []),
    ...(expansion >= ALIKE ? [`says what the best matches say (${expansion.toFixed(2)})`] : []),
  ];
}

function asRead({ reranker: share = 0 }: Evidence, model = "a reranker"): readonly string[] {
  return share >= TELLING ? [`read together with the question by ${model}: it answers (${share.toFixed(2)})`] : [];
}

const atAnchor = (evidence: Evidence | undefined, path: string | undefined): readonly string[] =>
  path === undefined || (evidence?.atAnchor ?? 0) < TELLING
    ? []
    : [`other memories at ${path} speak of this (${evidence?.atAnchor?.toFixed(2)})`];

/** A share below this is what memories about anything have. */
const TELLING = 0.15;
/** The best matches themselves have about this of the words that they lent. */
const ALIKE = 0.3;

function onlyPassage(document: TextDocument, passage: Part): TextDocument {
  const body = document.body.slice(passage.start, passage.end);
  return { ...document, body, parts: [{ ...passage, start: 0, end: body.length }] };
}
