import { mix } from "../../contract/mix.ts";

/** Tokens that one shingle holds. */
const SHINGLE = 4;
/** Hashes that a sketch keeps: 192 bytes; the likeness of two texts is told to within 0.06 (one standard deviation). */
const KEPT = 48;

/** The smallest hashes of what a text holds, ascending and once each: two texts are as like as their sketches. */
export type Sketch = Uint32Array;

/** Of every run of four tokens; of fewer tokens one of them all. */
export function shinglesOf(tokens: Uint32Array): Uint32Array {
  const width = Math.min(SHINGLE, tokens.length);
  const shingles = new Uint32Array(width === 0 ? 0 : tokens.length - width + 1);
  for (let at = 0; at < shingles.length; at++) {
    let hash = width;
    for (let next = at; next < at + width; next++) hash = mix(Math.imul(hash, 31) + (tokens[next] ?? 0));
    shingles[at] = hash;
  }
  return shingles;
}

export function sketchOf(tokens: Uint32Array): Sketch {
  const sorted = shinglesOf(tokens).sort();
  const kept = new Uint32Array(KEPT);
  let count = 0;
  for (const hash of sorted) {
    if (count === KEPT) break;
    if (count === 0 || kept[count - 1] !== hash) kept[count++] = hash;
  }
  return kept.slice(0, count);
}

/** Jaccard similarity of what two texts hold, 0..1, estimated; exact where both hold few shingles. */
export function likeness(a: Sketch, b: Sketch): number {
  if (a.length === 0 || b.length === 0) return a.length === b.length ? 1 : 0;
  let [inA, inB, seen, both] = [0, 0, 0, 0];
  while (seen < KEPT && (inA < a.length || inB < b.length)) {
    const [left, right] = [a[inA] ?? Infinity, b[inB] ?? Infinity];
    if (left === right) both++;
    if (left <= right) inA++;
    if (right <= left) inB++;
    seen++;
  }
  return both / seen;
}

export function packSketch(sketch: Sketch): string {
  const bytes = Buffer.alloc(sketch.length * 4);
  sketch.forEach((hash, at) => bytes.writeUInt32LE(hash, at * 4));
  return bytes.toString("base64");
}

/** Empty where the text is none that was packed. */
export function unpackSketch(packed: string): Sketch {
  const bytes = Buffer.from(packed, "base64");
  return Uint32Array.from({ length: bytes.length >> 2 }, (_, at) => bytes.readUInt32LE(at * 4));
}
