// AssemblyScript, compiled by esbuild.mjs into dist/vectorScan.wasm: what searches the blocks of vectorBlocks.ts. Its twin in JavaScript is
// plainKernel.ts. `dimensions` is a multiple of 16; of 64 where there are sketches.

/**
 * Writes the places of those vectors whose row is in the set into `list`, ascending, and gives their number. `words` is the length of the set
 * in 32-bit words.
 */
export function wanted(rows: usize, count: i32, set: usize, words: i32, list: usize): i32 {
  let end = list;
  for (let place = 0; place < count; place++) {
    const row = load<u32>(at(rows, place));
    const word = row >> 5;
    if (word >= <u32>words || ((load<u32>(at(set, word)) >> (row & 31)) & 1) == 0) continue;
    store<i32>(end, place);
    end += 4;
  }
  return (<i32>(end - list)) >> 2;
}

/**
 * Compares the vectors at the listed places with a query, four at a step, and writes place and score of those that reach `threshold` into
 * `hits`. Gives their number. A score is the exact product of the integers times the scale of the vector, as float32.
 */
export function compare(
  query: usize,
  list: usize,
  length: i32,
  scales: usize,
  vectors: usize,
  dimensions: i32,
  threshold: f32,
  hits: usize,
): i32 {
  const last = length - 1;
  let end = hits;
  for (let next = 0; next < length; next += 4) {
    // Past the end the last one is compared again, and left out.
    const placeA = load<i32>(at(list, next));
    const placeB = load<i32>(at(list, min(next + 1, last)));
    const placeC = load<i32>(at(list, min(next + 2, last)));
    const placeD = load<i32>(at(list, min(next + 3, last)));
    const a = vectors + placeA * dimensions;
    const b = vectors + placeB * dimensions;
    const c = vectors + placeC * dimensions;
    const d = vectors + placeD * dimensions;
    let sumsA = i32x4.splat(0);
    let sumsB = i32x4.splat(0);
    let sumsC = i32x4.splat(0);
    let sumsD = i32x4.splat(0);
    for (let offset: usize = 0; offset < <usize>dimensions; offset += 8) {
      const part = v128.load(query + (offset << 1));
      sumsA = i32x4.add(sumsA, i32x4.dot_i16x8_s(part, v128.load_ext<i8>(a + offset)));
      sumsB = i32x4.add(sumsB, i32x4.dot_i16x8_s(part, v128.load_ext<i8>(b + offset)));
      sumsC = i32x4.add(sumsC, i32x4.dot_i16x8_s(part, v128.load_ext<i8>(c + offset)));
      sumsD = i32x4.add(sumsD, i32x4.dot_i16x8_s(part, v128.load_ext<i8>(d + offset)));
    }
    const sumsAB = i32x4.add(v128.shuffle<i32>(sumsA, sumsB, 0, 1, 4, 5), v128.shuffle<i32>(sumsA, sumsB, 2, 3, 6, 7));
    const sumsCD = i32x4.add(v128.shuffle<i32>(sumsC, sumsD, 0, 1, 4, 5), v128.shuffle<i32>(sumsC, sumsD, 2, 3, 6, 7));
    const sums = i32x4.add(
      v128.shuffle<i32>(sumsAB, sumsCD, 0, 2, 4, 6),
      v128.shuffle<i32>(sumsAB, sumsCD, 1, 3, 5, 7),
    );
    const scaled = f32x4(
      load<f32>(at(scales, placeA)),
      load<f32>(at(scales, placeB)),
      load<f32>(at(scales, placeC)),
      load<f32>(at(scales, placeD)),
    );
    const scores = f32x4.mul(f32x4.convert_i32x4_s(sums), scaled);
    const reached = i32x4.bitmask(f32x4.ge(scores, f32x4.splat(threshold)));
    if (reached == 0) continue;
    if (reached & 1) end = hit(end, placeA, f32x4.extract_lane(scores, 0));
    if (reached & 2 && next + 1 < length) end = hit(end, placeB, f32x4.extract_lane(scores, 1));
    if (reached & 4 && next + 2 < length) end = hit(end, placeC, f32x4.extract_lane(scores, 2));
    if (reached & 8 && next + 3 < length) end = hit(end, placeD, f32x4.extract_lane(scores, 3));
  }
  return (<i32>(end - hits)) >> 3;
}

/** Writes the signs of `count` vectors, a bit a component, one after the other. */
export function sketch(vectors: usize, count: i32, dimensions: i32, sketches: usize): void {
  const end = vectors + count * dimensions;
  let to = sketches;
  for (let from = vectors; from < end; from += 16, to += 2) store<u16>(to, <u16>i8x16.bitmask(v128.load(from)));
}

/**
 * For the sketches at the listed places: the sum of the query's magnitudes, 0 to 7, where the signs agree. Written as 16 bits by place, and
 * counted in `histogram`. `planes` holds four words of 64 bits for each 64 components: the query's signs, and the three bits of its magnitudes.
 */
export function agree(
  planes: usize,
  list: usize,
  length: i32,
  sketches: usize,
  dimensions: i32,
  agreements: usize,
  histogram: usize,
): void {
  const bytes: usize = (<usize>dimensions) >> 3;
  for (let next = 0; next < length; next++) {
    const place = load<i32>(at(list, next));
    const from = sketches + <usize>place * bytes;
    let sum: u64 = 0;
    for (let offset: usize = 0; offset < bytes; offset += 8) {
      const plane = planes + (offset << 2);
      const same = ~(load<u64>(from + offset) ^ load<u64>(plane));
      sum += popcnt(same & load<u64>(plane, 8));
      sum += popcnt(same & load<u64>(plane, 16)) << 1;
      sum += popcnt(same & load<u64>(plane, 24)) << 2;
    }
    store<u16>(agreements + ((<usize>place) << 1), <u16>sum);
    const counted = histogram + ((<usize>sum) << 2);
    store<u32>(counted, load<u32>(counted) + 1);
  }
}

/** Writes the places whose agreement is at least `cutoff` into `list`, ascending, and gives their number. */
export function reaching(agreements: usize, count: i32, cutoff: i32, list: usize): i32 {
  let end = list;
  for (let place = 0; place < count; place++) {
    if (<i32>load<u16>(agreements + ((<usize>place) << 1)) < cutoff) continue;
    store<i32>(end, place);
    end += 4;
  }
  return (<i32>(end - list)) >> 2;
}

function at(words: usize, index: i32): usize {
  return words + ((<usize>index) << 2);
}

function hit(to: usize, place: i32, score: f32): usize {
  store<i32>(to, place);
  store<f32>(to, score, 4);
  return to + 8;
}
