/** A text, or a pair of them, as a model reads it, and its place among those that were asked for. */
export interface Tokens {
  readonly at: number;
  readonly ids: readonly number[];
  /** Of which text of a pair each is, 0 or 1; absent: all of the first. */
  readonly types?: readonly number[];
}

/** Tokens, padding among them, that go through a model at once: about 100 ms, after which others have their turn. */
const TOKENS_AT_ONCE = 1024;

/** Texts of like lengths together, so that little of a batch is padding. */
export function* batchesOf(texts: readonly Tokens[]): Generator<readonly Tokens[]> {
  const byLength = [...texts].sort((a, b) => a.ids.length - b.ids.length);
  let batch: Tokens[] = [];
  for (const text of byLength) {
    if (batch.length > 0 && (batch.length + 1) * text.ids.length > TOKENS_AT_ONCE) {
      yield batch;
      batch = [];
    }
    batch.push(text);
  }
  if (batch.length > 0) yield batch;
}
