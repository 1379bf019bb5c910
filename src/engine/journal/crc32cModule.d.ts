/** crc-32 ships no types for its Castagnoli variant. */
declare module "crc-32/crc32c.js" {
  const castagnoli: { buf(data: Uint8Array, seed?: number): number };
  export { castagnoli as default };
}
