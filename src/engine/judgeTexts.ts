import type { Kind } from "../contract/kinds.ts";
import type { Settings } from "../contract/settings.ts";
import type { UpsertReport } from "../contract/upsert.ts";
import { jaccard, shingles } from "./admit/signature.ts";
import { wordHashes } from "./admit/words.ts";

/** How alike two texts are, 0..1, by what says so most. */
export interface Likeness {
  readonly similarity: number;
  readonly by: NonNullable<UpsertReport["by"]>;
}

/** A text of fewer words has too few triples to compare by. */
const FEW_WORDS = 10;
/** So much of a text says what it means. */
const MEANING_CHARACTERS = 20_000;

/**
 * Compares texts by their words (Jaccard similarity of the word triples, of the distinct words where there are few) and, where there is a model that
 * works, by meaning (cosine). What was asked for once is kept for the time of one call.
 */
export class TextJudge {
  readonly #embed: ((text: string) => Float32Array) | undefined;
  readonly #vectors = new Map<string, Float32Array>();
  #failed = false;

  constructor(embed: ((text: string) => Float32Array) | undefined) {
    this.#embed = embed;
  }

  get knowsMeaning(): boolean {
    return this.#embed !== undefined && !this.#failed;
  }

  /** Undefined where they are less alike than asked. */
  compare(a: string, b: string, from: { readonly words: number; readonly meaning: number }): Likeness | undefined {
    const words = wordSimilarity(a, b);
    const meaning = words >= 1 ? 0 : this.#meaning(a, b);
    const byWords = words >= from.words;
    const byMeaning = meaning >= from.meaning;
    if (!byWords && !byMeaning) return undefined;
    if (byWords && (!byMeaning || words >= meaning)) return { similarity: words, by: "words" };
    return { similarity: Math.min(1, meaning), by: "meaning" };
  }

  #meaning(a: string, b: string): number {
    const [left, right] = [this.#vectorOf(a), this.#vectorOf(b)];
    if (left === undefined || right === undefined) return 0;
    let product = 0;
    for (let at = 0; at < left.length; at++) product += (left[at] ?? 0) * (right[at] ?? 0);
    return product;
  }

  #vectorOf(text: string): Float32Array | undefined {
    if (this.#embed === undefined || this.#failed) return undefined;
    const known = this.#vectors.get(text);
    if (known !== undefined) return known;
    try {
      const vector = this.#embed(text.slice(0, MEANING_CHARACTERS));
      this.#vectors.set(text, vector);
      return vector;
    } catch {
      this.#failed = true;
      return undefined;
    }
  }
}

function wordSimilarity(a: string, b: string): number {
  if (a === b) return 1;
  const [left, right] = [wordHashes(a), wordHashes(b)];
  if (Math.min(left.length, right.length) >= FEW_WORDS) return jaccard(shingles(a), shingles(b));
  return jaccard(distinct(left), distinct(right));
}

const distinct = (hashes: Uint32Array): Uint32Array => Uint32Array.from([...new Set(hashes)]).sort();

/** From how alike in meaning on two memories of a kind are taken for one. */
export const meaningThreshold = ({ duplicateMeaning }: Pick<Settings, "duplicateMeaning">, kind: Kind): number =>
  duplicateMeaning.kinds[kind] ?? duplicateMeaning.default;
