// AssemblyScript, compiled by esbuild.mjs into dist/vectorScan.wasm: the exact scan of int8 vectors, 16 components at a step.

/** What a vector gets whose row is not wanted: below every dot product. */
const UNWANTED: i32 = i32.MIN_VALUE;

/**
 * Dot products of a query with `count` vectors, as 32-bit integers into `out`: exact, and the same as those of the kernel in JavaScript.
 * `dimensions` is a multiple of 16. `rows` holds the row of each vector; `words` is the length in 32-bit words of the set at `set`, in which
 * only marked rows are wanted, or -1 where all are.
 */
export function scan(
  query: usize,
  vectors: usize,
  count: i32,
  dimensions: i32,
  rows: usize,
  set: usize,
  words: i32,
  out: usize,
): void {
  let at = vectors;
  for (let index = 0; index < count; index++, at += dimensions) {
    if (words >= 0) {
      const row = load<u32>(rows + ((<usize>index) << 2));
      const word = row >> 5;
      if (word >= <u32>words || ((load<u32>(set + ((<usize>word) << 2)) >> (row & 31)) & 1) == 0) {
        store<i32>(out + ((<usize>index) << 2), UNWANTED);
        continue;
      }
    }
    let sums = i32x4.splat(0);
    for (let offset: usize = 0; offset < <usize>dimensions; offset += 16) {
      const a = v128.load(query + offset);
      const b = v128.load(at + offset);
      sums = i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(a), i16x8.extend_low_i8x16_s(b)));
      sums = i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(a), i16x8.extend_high_i8x16_s(b)));
    }
    const sum =
      i32x4.extract_lane(sums, 0) +
      i32x4.extract_lane(sums, 1) +
      i32x4.extract_lane(sums, 2) +
      i32x4.extract_lane(sums, 3);
    store<i32>(out + ((<usize>index) << 2), sum);
  }
}
