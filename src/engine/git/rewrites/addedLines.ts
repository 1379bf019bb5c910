/** Shorter lines, as `}` and `return;`, stand in every commit and say nothing. */
const FEWEST_CHARACTERS = 8;
/** Of a commit so many hashes are kept. */
const SKETCH_SIZE = 64;

/** Hashes (FNV-1a, 32 bits) of the distinct lines that a difference adds, ascending, whatever their indentation and their file. */
export function hashAddedLines(difference: string): Uint32Array {
  const hashes = new Set<number>();
  for (const line of difference.split("\n")) {
    if (!line.startsWith("+") || line.startsWith("+++ ")) continue;
    const text = line.slice(1).trim();
    if (text.length >= FEWEST_CHARACTERS) hashes.add(hash(text));
  }
  return Uint32Array.from(hashes).sort();
}

/**
 * The smallest hashes stand for all (bottom-k sketch; Broder, "On the resemblance and containment of documents", 1997): those of one commit
 * are an even sample of its lines.
 */
export const sketch = (hashes: Uint32Array): readonly number[] => [...hashes.subarray(0, SKETCH_SIZE)];

/** Share of the lines behind a sketch that are among others, 0..1. */
export function containment(lines: readonly number[], others: Uint32Array): number {
  if (lines.length === 0) return 0;
  return lines.filter((line) => holds(others, line)).length / lines.length;
}

function holds(sorted: Uint32Array, value: number): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === value;
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
