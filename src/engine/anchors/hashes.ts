import { createHash } from "node:crypto";
import { mix } from "../../contract/mix.ts";
import { hashText } from "./tokens.ts";

/** Tokens before and after that tell a place from another one with the same code. */
export const CONTEXT = 8;
const BASE = 0x01000193;

/** 80 bits of SHA-1, in hex. */
export function strongHash(tokens: Uint32Array): string {
  const bytes = Buffer.from(tokens.buffer, tokens.byteOffset, tokens.byteLength);
  return createHash("sha1").update(bytes).digest("hex").slice(0, 20);
}

/** Of a symbol's tokens with its own name taken out: what is renamed has the same. */
export function bodyHash(tokens: Uint32Array, name: string): string {
  const own = hashText(name);
  return strongHash(tokens.map((token) => (token === own ? 0 : token)));
}

/** A polynomial of the tokens modulo 2^32, which `findRoll` finds in one pass. */
export function rollOf(tokens: Uint32Array): number {
  let roll = 0;
  for (const token of tokens) roll = (Math.imul(roll, BASE) + token) | 0;
  return roll >>> 0;
}

/** Where windows of `width` tokens begin whose polynomial is `roll`; `most` of them. */
export function findRoll(tokens: Uint32Array, width: number, roll: number, most: number): readonly number[] {
  const found: number[] = [];
  if (width === 0 || tokens.length < width) return found;
  let power = 1;
  for (let at = 1; at < width; at++) power = Math.imul(power, BASE);
  let rolling = 0;
  for (let at = 0; at < tokens.length && found.length < most; at++) {
    if (at >= width) rolling = (rolling - Math.imul(power, tokens[at - width] ?? 0)) | 0;
    rolling = (Math.imul(rolling, BASE) + (tokens[at] ?? 0)) | 0;
    if (at >= width - 1 && rolling >>> 0 === roll) found.push(at - width + 1);
  }
  return found;
}

/** Of up to eight tokens right before `end`; 0 at the beginning of the file. */
export function contextBefore(tokens: Uint32Array, end: number): number {
  return contextHash(tokens, Math.max(0, end - CONTEXT), end);
}

/** Of up to eight tokens from `start` on; 0 at the end of the file. */
export function contextAfter(tokens: Uint32Array, start: number): number {
  return contextHash(tokens, start, Math.min(tokens.length, start + CONTEXT));
}

function contextHash(tokens: Uint32Array, from: number, to: number): number {
  let hash = 0;
  for (let at = from; at < to; at++) hash = mix(Math.imul(hash, 31) + (tokens[at] ?? 0) + 1);
  return hash;
}
