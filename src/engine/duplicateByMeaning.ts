import type { Memory } from "../contract/memory.ts";
import { meaningThreshold } from "./judgeTexts.ts";
import { saysTheSame } from "./relateTexts.ts";
import type { Admitted } from "./seams.ts";
import type { UpsertParts } from "./upsertPlan.ts";

/** Longer texts have word triples enough, by which nearly every duplicate is found that may be merged unasked. */
const MOST_WORDS = 24;
const NEIGHBOURS = 8;

/**
 * A short memory that is near in meaning and has the same words of matter in the same order, and the same facts: too few for word triples, and all
 * that may be merged without being asked. Undefined without a model, and where it fails.
 */
export function duplicateByMeaning(
  admitted: Admitted,
  fits: (memory: Memory | undefined) => boolean,
  { store, settings, embed }: Pick<UpsertParts, "store" | "settings" | "embed">,
): Memory | undefined {
  if (embed === undefined || admitted.content.split(/\s+/u, MOST_WORDS + 1).length > MOST_WORDS) return undefined;
  const threshold = meaningThreshold(settings, admitted.kind);
  try {
    const { vectors, projection } = store;
    const near = vectors?.search(embed(admitted.content), { limit: NEIGHBOURS }) ?? [];
    for (const { row, similarity } of near) {
      const memory = projection.memory(row);
      if (similarity < threshold || memory === undefined || !fits(memory)) continue;
      if (saysTheSame(memory.content, admitted.content)) return memory;
    }
  } catch {
    // A capture does not fail because nothing can be compared by meaning.
  }
  return undefined;
}
