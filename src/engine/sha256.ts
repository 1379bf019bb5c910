/**
 * SHA-256 (FIPS 180-4) of a text in UTF-8, as hexadecimal digits. For what an agent's hook computes before it asks anybody: loading node:crypto takes
 * five of its milliseconds, this half of one for a short text. Plain loops over numbers: the code runs once, and is never compiled.
 */
export function sha256(text: string): string {
  const blocks = padded(Buffer.from(text, "utf8"));
  const state = rootsOfPrimes(8, Math.sqrt);
  const constants = rootsOfPrimes(64, Math.cbrt);
  for (let from = 0; from < blocks.length; from += BLOCK)
    compress(state, blocks.subarray(from, from + BLOCK), constants);
  const digest = Buffer.alloc(32);
  for (let at = 0; at < 8; at++) digest.writeInt32BE(state[at] as number, 4 * at);
  return digest.toString("hex");
}

/** Bytes. */
const BLOCK = 64;

/** A one bit, zeros, and the length in bits: whole blocks (5.1.1). */
function padded(bytes: Buffer): Buffer {
  const blocks = Buffer.alloc(BLOCK * Math.ceil((bytes.length + 9) / BLOCK));
  bytes.copy(blocks);
  blocks[bytes.length] = 0x80;
  blocks.writeUIntBE(8 * bytes.length, blocks.length - 6, 6);
  return blocks;
}

/** The first 32 bits of the fractional parts of roots of the first primes (4.2.2, 5.3.3): a double holds them, and what is before the point. */
function rootsOfPrimes(count: number, root: (prime: number) => number): Int32Array {
  const found = new Int32Array(count);
  for (let number = 2, at = 0; at < count; number++) if (isPrime(number)) found[at++] = (root(number) % 1) * 2 ** 32;
  return found;
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false;
  return true;
}

/** 6.2.2, with its letters. Every index is within its array. */
function compress(state: Int32Array, block: Buffer, constants: Int32Array): void {
  const words = new Int32Array(64);
  for (let at = 0; at < 16; at++) words[at] = block.readInt32BE(4 * at);
  for (let at = 16; at < 64; at++) {
    const early = words[at - 15] as number;
    const late = words[at - 2] as number;
    const sigma0 = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3);
    const sigma1 = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10);
    words[at] = (words[at - 16] as number) + sigma0 + (words[at - 7] as number) + sigma1;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let at = 0; at < 64; at++) {
    const sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const t1 = (h + sum1 + ((e & f) ^ (~e & g)) + (constants[at] as number) + (words[at] as number)) | 0;
    const sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const t2 = (sum0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  for (const [at, value] of [a, b, c, d, e, f, g, h].entries()) state[at] = (state[at] as number) + value;
}

const rotated = (word: number, by: number): number => (word >>> by) | (word << (32 - by));
