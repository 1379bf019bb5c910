import { textUnits, type Unit } from "./textUnits.ts";

export interface Passage {
  readonly start: number;
  readonly end: number;
  readonly headings: readonly string[];
}

/** In UTF-16 units. No passage is longer than the limit; shorter ones than the floor are made only where nothing else fits. */
export interface PassageBounds {
  readonly limit: number;
  readonly floor: number;
}

/** So much text on each side of a place is compared. */
const WINDOW = 400;
/** The peaks beside a valley are looked for among so many units on each side. */
const REACH = 40;
/** Of a long unit so much says what it means. */
const UNIT_CHARACTERS = 2_000;
/** More than a long document has; texts of more are made of fragments. */
const MOST_UNITS = 16_384;
/** What a cut costs, so that a text is not cut more often than it has to be unless its meaning turns a lot. */
const CUT = 1.4;
/** What a cut gains by where it is, beside what it gains by how much the meaning turns there. */
const GAIN: Readonly<Record<Unit["opens"], number>> = { heading: 2, block: 0.8, item: 0.4, sentence: 0 };
/** What a cut gains where the meaning turns as much as at the deepest usual places; at most twice that. */
const TURN = 0.7;
/** What a passage costs that is nearly empty; less the nearer it is to the floor. */
const SHORT = 0.5;

/**
 * Passages that end where the meaning turns: between windows of sentences that mean least the same (Hearst 1997, TextTiling: the depth of a valley
 * of similarity below the peaks beside it), chosen all together so that the sum is best within the bounds. A heading after enough text always
 * begins a passage. Undefined where there are too many units to compare. Throws what `embed` throws.
 */
export function cutAtTurns(
  content: string,
  embed: (text: string) => Float32Array,
  { limit, floor }: PassageBounds,
): readonly Passage[] | undefined {
  const units = textUnits(content, limit);
  if (units.length > MOST_UNITS) return undefined;
  const passages: Passage[] = [];
  for (let from = 0; from < units.length;) {
    const start = units[from]?.start ?? 0;
    let to = from + 1;
    for (let unit = units[to]; unit !== undefined; unit = units[++to])
      if (unit.opens === "heading" && unit.start - start >= floor) break;
    passages.push(...cutSection(units.slice(from, to), content, embed, { limit, floor }));
    from = to;
  }
  return passages;
}

function cutSection(
  units: readonly Unit[],
  content: string,
  embed: (text: string) => Float32Array,
  { limit, floor }: PassageBounds,
): readonly Passage[] {
  const [first, last] = [units[0], units.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (last.end - first.start <= limit) return [{ start: first.start, end: last.end, headings: first.headings }];
  const turns = turnsBefore(units, content, embed);
  // By unit, the least cost of all before it, and where the passage that ends there begins.
  const least = new Float64Array(units.length + 1).fill(Infinity);
  const began = new Int32Array(units.length + 1);
  least[0] = 0;
  for (let end = 1; end <= units.length; end++) {
    const at = units[end - 1]?.end ?? 0;
    for (let begin = end - 1; begin >= 0; begin--) {
      const unit = units[begin];
      if (unit === undefined || at - unit.start > limit) break;
      const cut = begin === 0 ? 0 : CUT - GAIN[unit.opens] - TURN * (turns[begin] ?? 0);
      const cost = (least[begin] ?? 0) + cut + SHORT * Math.max(0, 1 - (at - unit.start) / floor);
      if (cost >= (least[end] ?? 0)) continue;
      least[end] = cost;
      began[end] = begin;
    }
  }
  const passages: Passage[] = [];
  for (let end = units.length; end > 0; end = began[end] ?? 0) {
    const [opening, closing] = [units[began[end] ?? 0], units[end - 1]];
    if (opening === undefined || closing === undefined) break;
    passages.push({ start: opening.start, end: closing.end, headings: opening.headings });
  }
  return passages.reverse();
}

/** By unit, how much the meaning turns before it: 0..2, the depth of the valley there as a share of the deepest usual ones of the section. */
function turnsBefore(units: readonly Unit[], content: string, embed: (text: string) => Float32Array): Float64Array {
  const similarities = similaritiesAt(units, content, embed);
  const depths = new Float64Array(units.length);
  for (let at = 1; at < units.length; at++) {
    const here = similarities[at] ?? 0;
    let [left, right] = [here, here];
    for (let before = at - 1; before > Math.max(0, at - REACH) && (similarities[before] ?? 0) >= left; before--)
      left = similarities[before] ?? 0;
    for (let after = at + 1; after < Math.min(units.length, at + REACH) && (similarities[after] ?? 0) >= right; after++)
      right = similarities[after] ?? 0;
    depths[at] = left + right - 2 * here;
  }
  const mean = depths.reduce((sum, depth) => sum + depth, 0) / depths.length;
  const deviation = Math.sqrt(depths.reduce((sum, depth) => sum + (depth - mean) ** 2, 0) / depths.length);
  const usual = mean + 2 * deviation;
  return depths.map((depth) => (usual > 0 ? Math.min(2, depth / usual) : 0));
}

/** By unit, the cosine of what stands before it and what it begins; the first one has nothing before it. */
function similaritiesAt(units: readonly Unit[], content: string, embed: (text: string) => Float32Array): Float64Array {
  const sums = sumsUpTo(units, content, embed);
  const similarities = new Float64Array(units.length).fill(1);
  // Each window is as many whole units as it takes to fill it.
  let [first, end] = [0, 0];
  for (let at = 1; at < units.length; at++) {
    const here = units[at]?.start ?? 0;
    while (first + 1 < at && here - (units[first + 1]?.start ?? 0) >= WINDOW) first++;
    while (end < at + 1 || (end < units.length && (units[end - 1]?.end ?? 0) - here < WINDOW)) end++;
    similarities[at] = cosine(sums, first, at, end);
  }
  return similarities;
}

interface Sums {
  readonly dimensions: number;
  /** The sum of the vectors of the first n units begins at n * dimensions. */
  readonly values: Float64Array;
}

function sumsUpTo(units: readonly Unit[], content: string, embed: (text: string) => Float32Array): Sums {
  let sums: Sums | undefined;
  for (const [at, { start, end }] of units.entries()) {
    const vector = embed(content.slice(start, Math.min(end, start + UNIT_CHARACTERS)));
    const dimensions = vector.length;
    sums ??= { dimensions, values: new Float64Array((units.length + 1) * dimensions) };
    const weight = Math.sqrt(Math.min(end - start, WINDOW));
    for (let component = 0; component < dimensions; component++)
      sums.values[(at + 1) * dimensions + component] =
        (sums.values[at * dimensions + component] ?? 0) + weight * (vector[component] ?? 0);
  }
  return sums ?? { dimensions: 0, values: new Float64Array() };
}

/** Of the units from `from` to `at` with those from `at` to `to`. */
function cosine({ dimensions, values }: Sums, from: number, at: number, to: number): number {
  let [product, left, right] = [0, 0, 0];
  for (let component = 0; component < dimensions; component++) {
    const middle = values[at * dimensions + component] ?? 0;
    const x = middle - (values[from * dimensions + component] ?? 0);
    const y = (values[to * dimensions + component] ?? 0) - middle;
    product += x * y;
    left += x * x;
    right += y * y;
  }
  return left === 0 || right === 0 ? 0 : product / Math.sqrt(left * right);
}
