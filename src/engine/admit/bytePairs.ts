/**
 * Counts the tokens of a piece of text by byte-pair encoding: the pair of neighbours with the lowest rank is joined until none has a rank
 * (https://github.com/openai/tiktoken, src/lib.rs). Bytes are held as strings of Latin-1 characters, which for ASCII is the text itself: a look-up
 * then needs no decoding, and counting is several times as fast as in the library that brings the ranks.
 */
export function createPairCounter(tokens: readonly (string | readonly number[])[]): (piece: string) => number {
  const ranks = new Map<string, number>();
  for (const [rank, token] of tokens.entries()) {
    ranks.set(typeof token === "string" ? bytesOf(token) : String.fromCharCode(...token), rank);
  }
  return (piece) => {
    const bytes = bytesOf(piece);
    return ranks.has(bytes) ? 1 : countMerged(bytes, ranks);
  };
}

const ASCII = /^[\x00-\x7f]*$/u;
const bytesOf = (text: string): string => (ASCII.test(text) ? text : Buffer.from(text, "utf8").toString("latin1"));

function countMerged(bytes: string, ranks: ReadonlyMap<string, number>): number {
  // Where each part starts, and the rank of it joined with the next one.
  const starts: number[] = [];
  const joined: number[] = [];
  const rankAt = (part: number): number => {
    const end = part + 2 < starts.length ? starts[part + 2] : part + 2 === starts.length ? bytes.length : undefined;
    return end === undefined ? Infinity : (ranks.get(bytes.slice(starts[part], end)) ?? Infinity);
  };
  for (let at = 0; at < bytes.length; at++) starts.push(at);
  for (let part = 0; part < starts.length; part++) joined.push(rankAt(part));
  for (;;) {
    let lowest = Infinity;
    let best = -1;
    for (let part = 0; part < joined.length; part++) {
      const rank = joined[part] ?? Infinity;
      if (rank < lowest) {
        lowest = rank;
        best = part;
      }
    }
    if (best === -1) return starts.length;
    starts.splice(best + 1, 1);
    joined.splice(best + 1, 1);
    joined[best] = rankAt(best);
    if (best > 0) joined[best - 1] = rankAt(best - 1);
  }
}
