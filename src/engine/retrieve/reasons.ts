import type { Memory, Part } from "../../contract/memory.ts";
import type { TextDocument } from "../seams.ts";
import type { Ranked } from "./rankStore.ts";
import type { SearchStore } from "./storePlan.ts";

/** Why a row is on the page, for an agent to judge by: matched words of the passage that is shown, a named anchor, equal texts left out. */
export function reasonsFor(
  store: SearchStore,
  query: string,
  { memory, row, part, namedAnchor }: Ranked,
  equals: readonly { readonly memory: Memory }[],
): readonly string[] {
  const passage = part === undefined ? undefined : memory.parts[part];
  const whole = store.documentOf(memory);
  const shown = passage === undefined ? whole : onlyPassage(whole, passage);
  return [
    ...(query === "" ? ["newest"] : store.text.explain(query, shown, { row, part: part ?? 0 })),
    ...(namedAnchor === undefined ? [] : [`the query names its anchor ${namedAnchor}`]),
    ...(equals.length === 0 ? [] : [`same text: ${equals.map((other) => other.memory.id).join(", ")}`]),
  ];
}

function onlyPassage(document: TextDocument, passage: Part): TextDocument {
  const body = document.body.slice(passage.start, passage.end);
  return { ...document, body, parts: [{ ...passage, start: 0, end: body.length }] };
}
