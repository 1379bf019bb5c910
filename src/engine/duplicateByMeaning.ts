import type { Memory } from "../contract/memory.ts";
import { meaningThreshold } from "./judgeTexts.ts";
import { saysTheSame } from "./relateTexts.ts";
import type { Admitted } from "./seams.ts";
import type { UpsertParts } from "./upsertPlan.ts";

/** Texts of more words have triples enough, by which nearly every duplicate is found that may be merged unasked. */
const MOST_WORDS = 12;
const NEIGHBOURS = 8;

/**
 * A memory of few words that is near in meaning and has the same words of matter in the same order, and the same facts: all that may be merged of
 * such without being asked. Undefined where no model answers at once, and where it fails.
 */
export function duplicateByMeaning(
  admitted: Admitted,
  fits: (memory: Memory | undefined) => boolean,
  { store, settings }: Pick<UpsertParts, "store" | "settings">,
): Memory | undefined {
  if (admitted.content.split(/\s+/u, MOST_WORDS + 1).length > MOST_WORDS) return undefined;
  const threshold = meaningThreshold(settings, admitted.kind);
  try {
    const serving = store.vectors?.serving();
    const query =
      serving?.embedder.runs === "here" ? serving.embedder.embed([admitted.content], "passage")[0] : undefined;
    if (serving === undefined || query === undefined) return undefined;
    for (const { row, similarity } of serving.index.search(query, { limit: NEIGHBOURS })) {
      const memory = store.projection.memory(row);
      if (similarity < threshold || memory === undefined || !fits(memory)) continue;
      if (saysTheSame(memory.content, admitted.content)) return memory;
    }
  } catch {
    // A capture does not fail because nothing can be compared by meaning.
  }
  return undefined;
}
