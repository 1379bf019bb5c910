/**
 * The ranking function: BM25F in its simple form (Robertson, Zaragoza and Taylor, "Simple BM25 Extension to Multiple Weighted Fields",
 * CIKM 2004). Term frequencies are summed over the fields with weights, and saturated once:
 *
 *     score(passage) = sum over query terms of  weight * idf * tf / (tf + K1 * (1 - B + B * length / meanLength))
 *     idf            = ln(1 + (N - df + 0.5) / (df + 0.5))
 *
 * tf and length are weighted sums over the fields, N and df count living passages. The constant factor K1 + 1 of the original is left
 * out, as Lucene does since version 8: it changes no order, and a saturated term is then worth exactly its idf.
 */

/**
 * Term frequency saturation, and how much the length of a passage counts (0..1). Memories are short, so that repetition and length say less than in
 * long articles (for which 1.2 and 0.75 are usual): near the 0.9 and 0.4 of Trotman, Jia and Crane, "Towards an Efficient and Effective
 * Search Engine" (2012), which Anserini uses. Measured on conversation turns and on Python functions; see docs/text-index.md.
 */
export const K1 = 0.9;
export const B = 0.5;

/** What a function word of a query is worth, compared with another word of the same idf. Measured with K1 and B. */
export const FUNCTION_WORD_WEIGHT = 0.5;

/** Weights are whole numbers, so that a weighted frequency is stored exactly in one byte. */
export const FIELD_WEIGHTS = { title: 2, body: 1, tags: 2, anchors: 1 } as const;

/** A weighted frequency above this is stored as this: it is saturated in any passage of usual length. */
export const MAX_FREQUENCY = 255;
/** A weighted length above this is stored as this. */
export const MAX_LENGTH = 65_535;

/** Inverse document frequency, always above 0 (the form of Lucene). A term that no passage holds counts as half a passage. */
export function inverseDocumentFrequency(passages: number, holding: number): number {
  const frequency = Math.max(holding, 0.5);
  return Math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5));
}

/** The saturation of BM25 is tf / (tf + base + slope * length). */
export function saturation(meanLength: number): { readonly base: number; readonly slope: number } {
  return { base: K1 * (1 - B), slope: (K1 * B) / meanLength };
}
