import { type PostingRun, type Postings, SEGMENT_PASSAGES } from "./postings.ts";

/**
 * Postings that are still added to. Each term has one region of a power of two of entries in a page; a full region moves to one twice
 * as large, and what it leaves is used again. A page is as large as the largest region.
 */
export class GrowingPostings implements Postings {
  readonly #passages: Uint16Array[] = [];
  readonly #frequencies: Uint8Array[] = [];
  /** Pages of the former, used before new ones are made. */
  readonly #spare: (readonly [passages: Uint16Array, frequencies: Uint8Array])[] = [];
  /** By term: page and place of the region, as page * PAGE + place. */
  #regions = new Uint32Array(256);
  /** By term: entries in use. */
  #counts = new Uint32Array(256);
  /** By power of two: regions that are free. */
  readonly #free: number[][] = Array.from({ length: 17 }, () => []);
  /** Entries of the last page that were never used start here. */
  #unused = PAGE;
  #count = 0;

  /** `former` is not used any more: its memory is. What was freed would leave holes between what is kept. */
  constructor(former?: GrowingPostings) {
    if (former === undefined) return;
    this.#spare = former.#passages.flatMap((passages, page) => {
      const frequencies = former.#frequencies[page];
      return frequencies === undefined ? [] : [[passages, frequencies] as const];
    });
    this.#spare.push(...former.#spare);
    this.#regions = former.#regions;
    this.#counts = former.#counts.fill(0);
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return (this.#passages.length + this.#spare.length) * PAGE * 3 + this.#regions.byteLength + this.#counts.byteLength;
  }

  /** Passages of a term come in ascending order. */
  append(term: number, passage: number, frequency: number): void {
    if (term >= this.#counts.length) this.#growTerms(term);
    const used = this.#counts[term] ?? 0;
    // A region holds the smallest power of two that is enough, so it is full exactly when the count is a power of two.
    if ((used & (used - 1)) === 0) this.#enlarge(term, used);
    const at = (this.#regions[term] ?? 0) + used;
    const page = Math.floor(at / PAGE);
    const place = at % PAGE;
    const passages = this.#passages[page];
    const frequencies = this.#frequencies[page];
    if (passages === undefined || frequencies === undefined) return;
    passages[place] = passage;
    frequencies[place] = frequency;
    this.#counts[term] = used + 1;
    this.#count += 1;
  }

  run(term: number): PostingRun | undefined {
    const used = this.#counts[term] ?? 0;
    if (used === 0) return undefined;
    const region = this.#regions[term] ?? 0;
    const page = Math.floor(region / PAGE);
    const passages = this.#passages[page];
    const frequencies = this.#frequencies[page];
    if (passages === undefined || frequencies === undefined) return undefined;
    const from = region % PAGE;
    return { passages, frequencies, from, to: from + used };
  }

  #enlarge(term: number, used: number): void {
    const power = used === 0 ? 0 : 32 - Math.clz32(used);
    const next = this.#take(power);
    if (used > 0) {
      const old = this.#regions[term] ?? 0;
      this.#move(old, next, used);
      this.#free[power - 1]?.push(old);
    }
    this.#regions[term] = next;
  }

  #move(from: number, to: number, count: number): void {
    const [source, target] = [Math.floor(from / PAGE), Math.floor(to / PAGE)];
    const [start, place] = [from % PAGE, to % PAGE];
    const passages = this.#passages[source];
    const frequencies = this.#frequencies[source];
    if (passages === undefined || frequencies === undefined) return;
    this.#passages[target]?.set(passages.subarray(start, start + count), place);
    this.#frequencies[target]?.set(frequencies.subarray(start, start + count), place);
  }

  #take(power: number): number {
    const free = this.#free[power]?.pop();
    if (free !== undefined) return free;
    const size = 2 ** power;
    if (this.#unused + size > PAGE) this.#openPage();
    const region = (this.#passages.length - 1) * PAGE + this.#unused;
    this.#unused += size;
    return region;
  }

  /** What is left of the last page becomes free regions. */
  #openPage(): void {
    while (this.#unused < PAGE) {
      const power = 31 - Math.clz32(PAGE - this.#unused);
      this.#free[power]?.push((this.#passages.length - 1) * PAGE + this.#unused);
      this.#unused += 2 ** power;
    }
    const [passages, frequencies] = this.#spare.pop() ?? [new Uint16Array(PAGE), new Uint8Array(PAGE)];
    this.#passages.push(passages);
    this.#frequencies.push(frequencies);
    this.#unused = 0;
  }

  #growTerms(term: number): void {
    const length = Math.max(term + 1, Math.ceil(this.#counts.length * 1.5));
    const regions = new Uint32Array(length);
    regions.set(this.#regions);
    this.#regions = regions;
    const counts = new Uint32Array(length);
    counts.set(this.#counts);
    this.#counts = counts;
  }
}

/** Entries of a page. */
const PAGE = SEGMENT_PASSAGES;
