import type { Memory, Part } from "../../contract/memory.ts";
import type { TextDocument } from "../seams.ts";
import type { Evidence } from "./evidence.ts";
import type { Ranked } from "./rankStore.ts";
import type { SearchStore } from "./storePlan.ts";

/**
 * Why a row is on the page, for an agent to judge by: matched words of the passage that is shown, a named anchor, equal texts left out. Empty
 * where nothing speaks for it but function words of the query.
 */
export function reasonsFor(
  store: SearchStore,
  query: string,
  { memory, row, part, namedAnchor, evidence }: Ranked,
  equals: readonly { readonly memory: Memory }[],
): readonly string[] {
  const passage = part === undefined ? undefined : memory.parts[part];
  const whole = store.documentOf(memory);
  const shown = passage === undefined ? whole : onlyPassage(whole, passage);
  const reasons = [
    ...(query === "" ? ["newest"] : store.text.explain(query, shown, { row, part: part ?? 0 })),
    ...(evidence === undefined ? [] : beyondWords(evidence)),
    ...(namedAnchor === undefined ? [] : [`the query names its anchor ${namedAnchor}`]),
  ];
  if (reasons.length === 0) return [];
  return [
    ...reasons,
    ...(equals.length === 0 ? [] : [`same text: ${equals.map((other) => other.memory.id).join(", ")}`]),
  ];
}

/** What speaks for it beside the words that it holds, where that is enough to say. */
function beyondWords({ meaning = 0, context }: Evidence): readonly string[] {
  return [
    ...(meaning >= CLOSE ? [`close in meaning (${meaning.toFixed(2)})`] : []),
    ...(context !== undefined && context.beside >= TELLING
      ? [`beside a match in its session (${context.beside.toFixed(2)})`]
      : []),
    ...(context !== undefined && context.session >= TELLING
      ? [`its session is about this (${context.session.toFixed(2)})`]
      : []),
  ];
}

/** Cosines and shares below these are what memories about anything have. */
const CLOSE = 0.2;
const TELLING = 0.15;

function onlyPassage(document: TextDocument, passage: Part): TextDocument {
  const body = document.body.slice(passage.start, passage.end);
  return { ...document, body, parts: [{ ...passage, start: 0, end: body.length }] };
}
