import { mix } from "../../contract/mix.ts";
import type { Duplicate, DuplicateIndex } from "../seams.ts";
import { namedFacts } from "./facts.ts";
import { BANDS, jaccard, readBands, shingles } from "./signature.ts";

/** How many rows of one band are looked at, newest first, and how many texts are compared: bounds for stores full of equal boilerplate. */
const MOST_OF_A_BAND = 128;
const MOST_COMPARED = 32;

/**
 * Near-duplicates by MinHash bands, then compared in full: Jaccard similarity of the word triples at least `threshold`, the same facts (facts.ts).
 * Typed arrays, about 110 bytes a row. At 0.85 it finds 99.9 % of what a full comparison finds, at 0.7 still 94 %, at 0.5 half. A row whose signature
 * is of an unknown scheme is never found.
 */
export function createDuplicateIndex(threshold: number): DuplicateIndex {
  const bands = new BandTable();
  return {
    add: (row, signature) => bands.add(row, signature),
    remove: (row) => bands.remove(row),
    find(text, textOf, eligible) {
      let own: { readonly shingles: Uint32Array; readonly names: string } | undefined;
      let best: Duplicate | undefined;
      let compared = 0;
      for (const row of bands.candidates(text.signature)) {
        if (!eligible(row)) continue;
        if (compared++ === MOST_COMPARED) break;
        const other = textOf(row);
        if (other === text.content) return { row, similarity: 1, exact: true };
        own ??= { shingles: shingles(text.content), names: namedFacts(text.content) };
        const similarity = jaccard(own.shingles, shingles(other));
        if (similarity < threshold || similarity <= (best?.similarity ?? 0)) continue;
        if (similarity < 1 && own.names !== namedFacts(other)) continue;
        best = { row, similarity, exact: false };
      }
      return best;
    },
  };
}

/** Rows by the value of each of their bands: one hash table of chains over flat arrays. Entry `slot * BANDS + band` is a band of a row. */
class BandTable {
  #values = new Uint32Array(64 * BANDS);
  /** The entry after this one in its chain, plus one; 0 ends it. */
  #next = new Uint32Array(64 * BANDS);
  /** First entry of each chain, plus one. */
  #heads = new Uint32Array(512);
  /** Row of a slot, plus one; 0 when it was removed. */
  #rows = new Uint32Array(64);
  /** Slot of a row, plus one; 0 when it is not there. */
  #slots = new Uint32Array(64);
  #used = 0;
  #living = 0;
  readonly #probe = new Uint32Array(BANDS);

  add(row: number, signature: string): void {
    this.remove(row);
    if (!readBands(signature, this.#probe, 0)) return;
    if (this.#used === this.#rows.length) this.#makeRoom();
    const slot = this.#used++;
    this.#living++;
    this.#values.set(this.#probe, slot * BANDS);
    this.#rows[slot] = row + 1;
    if (row >= this.#slots.length)
      this.#slots = grown(this.#slots, Math.max(row + 1, Math.ceil(this.#slots.length * 1.5)));
    this.#slots[row] = slot + 1;
    this.#chain(slot);
  }

  remove(row: number): void {
    const slot = (this.#slots[row] ?? 0) - 1;
    if (slot < 0) return;
    this.#slots[row] = 0;
    this.#rows[slot] = 0;
    this.#living--;
  }

  /** Rows that share a band with the signature, those that share most first, then the newest. */
  candidates(signature: string): readonly number[] {
    if (!readBands(signature, this.#probe, 0)) return [];
    const shared = new Map<number, number>();
    for (let band = 0; band < BANDS; band++) {
      const value = this.#probe[band] ?? 0;
      let seen = 0;
      for (let entry = this.#heads[this.#chainOf(value, band)] ?? 0; entry !== 0; entry = this.#next[entry - 1] ?? 0) {
        if (this.#values[entry - 1] !== value || (entry - 1) % BANDS !== band) continue;
        const row = (this.#rows[Math.floor((entry - 1) / BANDS)] ?? 0) - 1;
        if (row < 0) continue;
        shared.set(row, (shared.get(row) ?? 0) + 1);
        if (++seen === MOST_OF_A_BAND) break;
      }
    }
    return [...shared].sort(([rowA, a], [rowB, b]) => b - a || rowB - rowA).map(([row]) => row);
  }

  #chainOf(value: number, band: number): number {
    return mix(value + Math.imul(band, 0x9e3779b1)) & (this.#heads.length - 1);
  }

  #chain(slot: number): void {
    for (let band = 0; band < BANDS; band++) {
      const entry = slot * BANDS + band;
      const chain = this.#chainOf(this.#values[entry] ?? 0, band);
      this.#next[entry] = this.#heads[chain] ?? 0;
      this.#heads[chain] = entry + 1;
    }
  }

  /** Drops the slots of removed rows, or when there are few of them grows by half; then chains anew. */
  #makeRoom(): void {
    let kept = 0;
    for (let slot = 0; slot < this.#used; slot++) {
      const row = this.#rows[slot] ?? 0;
      if (row === 0) continue;
      this.#values.copyWithin(kept * BANDS, slot * BANDS, (slot + 1) * BANDS);
      this.#rows[kept] = row;
      this.#slots[row - 1] = ++kept;
    }
    this.#used = kept;
    if (kept > this.#rows.length * 0.75) {
      const slots = Math.ceil(this.#rows.length * 1.5);
      this.#rows = grown(this.#rows, slots);
      this.#values = grown(this.#values, slots * BANDS);
    }
    this.#rows.fill(0, kept);
    this.#next = new Uint32Array(this.#values.length);
    // Two to four entries a chain: a walk costs little more than the cache miss at its start.
    let chains = this.#heads.length;
    while (chains * 4 < this.#values.length) chains *= 2;
    this.#heads = new Uint32Array(chains);
    for (let slot = 0; slot < kept; slot++) this.#chain(slot);
  }
}

function grown(array: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(length);
  larger.set(array);
  return larger;
}
