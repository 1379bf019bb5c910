import type { Evidence } from "../../contract/ranking.ts";
import { MEASURED, type Weights } from "./weights.ts";

/** A cosine below this is what memories about anything have: it finds nothing by itself, and is no reason. */
export const CLOSE = 0.2;

/** Weight of a memory one and two places away in the same session, before or after. */
export const BESIDE_WEIGHTS = [0.4, 0.2] as const;
const SESSION_WEIGHT = 0.6;
/** Weight of meaning against text for a memory that stands alone, and for one that is read in its context, which is evidence of its own. */
const MEANING_ALONE = 1;
const MEANING_IN_CONTEXT = 0.4;
const EXPANSION_WEIGHT = 0.3;
/** What a result gains, of all that it lacks, by a reranker that is certain that it answers. With the double weight, which is the most, all of it. */
const RERANKER_WEIGHT = 0.5;
/** Weight of the whole document of a part, of what other memories at its anchors say. */
const DOCUMENT_WEIGHT = 0.1;
const ANCHOR_WEIGHT = 0.5;
/** By what the evidence in a session, and in a document, is divided, so that it compares with that of memories that stand alone. */
const CONTEXT_SCALE = 1.4;
const DOCUMENT_SCALE = 1.1;

/**
 * One share, 0..1, of all that speaks for a memory. Alone it is (text + meaning) / 2; in a session it is
 * (text + beside + 0.6 session + 0.4 meaning) / 1.8, in a document (text + 0.1 document + meaning) / 2.1; half of what memories at its anchors
 * have is added above the line of each; at most 1. Where there are no vectors the meaning and its weight fall away.
 * Weights and scales are measured, see docs/scores.md: conversations in which every second session is torn apart, so that memories with and
 * without a context compete, functions that stand alone, and repositories whose documents and commits compete. A reranker only adds to that: see
 * `rerank`.
 */
export function weigh(evidence: Evidence, weights: Weights = MEASURED): number {
  const found = foundAlone(evidence, weights);
  return found + RERANKER_WEIGHT * weights.reranker * (evidence.reranker ?? 0) * (1 - found);
}

/** What speaks for a memory before anybody has read it. */
function foundAlone(evidence: Evidence, weights: Weights): number {
  const { text, meaning, context, document, atAnchor = 0, expansion = 0 } = evidence;
  const own = meaning === undefined ? 0 : context === undefined ? MEANING_ALONE : MEANING_IN_CONTEXT;
  const weight = own * weights.meaning;
  const lent = EXPANSION_WEIGHT * weights.expansion * expansion + ANCHOR_WEIGHT * weights.context * atAnchor;
  const found = text + weight * (meaning ?? 0) + lent;
  if (context !== undefined) {
    const read = found + weights.context * (context.beside + SESSION_WEIGHT * context.session);
    return Math.min(1, read / (CONTEXT_SCALE + weight));
  }
  if (document === undefined) return Math.min(1, found / (1 + weight));
  return Math.min(1, (found + weights.context * DOCUMENT_WEIGHT * document) / (DOCUMENT_SCALE + weight));
}
