import type { TokenCounter } from "../seams.ts";

/**
 * Counts tokens of cl100k_base, whose tables are half the size of o200k_base's. On English text and code the two differ by 0.1 %; for Chinese,
 * Japanese and Korean cl100k_base counts about a third more. Models of other makers cut differently again: a budget is an estimate for them.
 */
export function createTokenCounter(): TokenCounter {
  let loading: Promise<void> | undefined;
  let countTokens: ((text: string) => number) | undefined;
  const load = async (): Promise<void> => {
    const encoding = await import("gpt-tokenizer/encoding/cl100k_base");
    encoding.setMergeCacheSize(MERGE_CACHE);
    // No special token is one in a memory: `<|endoftext|>` is text like any other.
    const plain = { disallowedSpecial: new Set<string>() };
    countTokens = (text) => encoding.countTokens(text, plain);
  };
  return {
    load: () => (loading ??= load()),
    count(text) {
      const count = countTokens;
      if (count === undefined) throw new Error("TokenCounter.load must have resolved before count is called.");
      if (text.length < LONGEST_RUN || !RUN.test(text)) return count(text);
      return text.split(RUN).reduce((sum, piece) => sum + (piece === "" ? 0 : count(piece)), 0);
    },
  };
}

/** Words whose pairs were merged are remembered, this many at most: about 120 bytes each. */
const MERGE_CACHE = 8_192;
/** Merging pairs costs the square of a run's length, so longer runs of letters, signs or white space are counted in pieces. */
const LONGEST_RUN = 96;
const RUN = /(\p{L}{96}|[^\s\p{L}\p{N}]{96}|\s{96})/u;
