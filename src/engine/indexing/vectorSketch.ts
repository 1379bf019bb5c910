/** Magnitudes of a query's components are 0 to this: three bits. */
export const HIGHEST_MAGNITUDE = 7;

/**
 * A query as vectorScan/scan.as.ts compares it with sketches: for each 64 components four words of 64 bits, the signs (1 is negative) and the three
 * bits of the magnitudes, least first. Each as two 32-bit words, low one first.
 */
export function drawSketchQuery(query: Int16Array): Uint32Array {
  const planes = new Uint32Array(query.length / 8);
  const largest = query.reduce((most, component) => Math.max(most, Math.abs(component)), 1);
  for (const [at, component] of query.entries()) {
    const word = 8 * (at >> 6) + ((at >> 5) & 1);
    const magnitude = Math.round((Math.abs(component) / largest) * HIGHEST_MAGNITUDE);
    const bits = [component < 0 ? 1 : 0, magnitude & 1, (magnitude >> 1) & 1, magnitude >> 2];
    for (const [plane, bit] of bits.entries())
      planes[word + 2 * plane] = (planes[word + 2 * plane] ?? 0) | (bit << (at & 31));
  }
  return planes;
}
