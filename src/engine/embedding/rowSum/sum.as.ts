// AssemblyScript, compiled by esbuild.mjs into dist/vectorScan.wasm beside the scan of vectors: sums of rows of the built-in model. Its twin in
// JavaScript is in rowTable.ts.

/**
 * Writes the sum of the listed rows, each times its weight, into `sums` as float32. A row is `dimensions` components, a multiple of 32, as two
 * nibbles a byte, value + 8, low nibble first. Thirty-two components at a step, so that their sums stay in registers.
 */
export function sum(rows: usize, dimensions: i32, list: usize, weights: usize, length: i32, sums: usize): void {
  const bytes: usize = (<usize>dimensions) >> 1;
  const end = list + ((<usize>length) << 2);
  for (let offset: usize = 0; offset < bytes; offset += 16) {
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    let c = f32x4.splat(0);
    let d = f32x4.splat(0);
    let e = f32x4.splat(0);
    let f = f32x4.splat(0);
    let g = f32x4.splat(0);
    let h = f32x4.splat(0);
    let weighted = weights;
    for (let next = list; next < end; next += 4, weighted += 4) {
      const pairs = v128.load(rows + <usize>load<u32>(next) * bytes + offset);
      const weight = v128.load_splat<f32>(weighted);
      const low = i8x16.sub(v128.and(pairs, i8x16.splat(15)), i8x16.splat(8));
      const high = i8x16.sub(v128.and(i16x8.shr_u(pairs, 4), i8x16.splat(15)), i8x16.splat(8));
      const first = v128.shuffle<i8>(low, high, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const second = v128.shuffle<i8>(low, high, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      const one = i16x8.extend_low_i8x16_s(first);
      const two = i16x8.extend_high_i8x16_s(first);
      const three = i16x8.extend_low_i8x16_s(second);
      const four = i16x8.extend_high_i8x16_s(second);
      a = f32x4.add(a, f32x4.mul(weight, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(one))));
      b = f32x4.add(b, f32x4.mul(weight, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(one))));
      c = f32x4.add(c, f32x4.mul(weight, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(two))));
      d = f32x4.add(d, f32x4.mul(weight, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(two))));
      e = f32x4.add(e, f32x4.mul(weight, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(three))));
      f = f32x4.add(f, f32x4.mul(weight, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(three))));
      g = f32x4.add(g, f32x4.mul(weight, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(four))));
      h = f32x4.add(h, f32x4.mul(weight, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(four))));
    }
    const to = sums + (offset << 3);
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
    v128.store(to, e, 64);
    v128.store(to, f, 80);
    v128.store(to, g, 96);
    v128.store(to, h, 112);
  }
}
