import { mix } from "../../contract/mix.ts";
import { dialectOf } from "./dialects.ts";

/** The code of a file without its white space and comments, in parallel arrays. */
export interface Tokens {
  readonly hashes: Uint32Array;
  /** On which line each begins, from 1. */
  readonly lines: Uint32Array;
}

/** Where code is indented deeper, or less deep, than the line before, and that says something. */
export const INDENT = 1;
export const DEDENT = 2;
export const isLayout = (hash: number): boolean => hash === INDENT || hash === DEDENT;

const OPENING = /[([{]/u;
const CLOSING = /[)\]}]/u;

/** The tokens of a text, as the extension of its path says. Line ends of Windows are those of Unix. */
export function readTokens(path: string, text: string): Tokens {
  const source = text.includes("\r") ? text.replaceAll("\r\n", "\n") : text;
  const { pattern, indented } = dialectOf(path);
  const hashes: number[] = [];
  const lines: number[] = [];
  const layout = indented ? new Layout() : undefined;
  let line = 1;
  let lineStart = 0;
  let isFirst = true;
  pattern.lastIndex = 0;
  for (let found = pattern.exec(source); found !== null; found = pattern.exec(source)) {
    const token = found[0];
    if (found.groups?.["skipped"] === undefined) {
      if (layout !== undefined) {
        if (isFirst)
          for (const step of layout.at(found.index - lineStart)) {
            hashes.push(step);
            lines.push(line);
          }
        layout.pass(token);
      }
      isFirst = false;
      hashes.push(hashText(token));
      lines.push(line);
    }
    for (let at = token.indexOf("\n"); at >= 0; at = token.indexOf("\n", at + 1)) {
      line++;
      lineStart = found.index + at + 1;
      // Lines inside of a string are none of their own.
      isFirst = found.groups?.["skipped"] !== undefined;
    }
    if (token === "") break;
  }
  return { hashes: Uint32Array.from(hashes), lines: Uint32Array.from(lines) };
}

/** Follows how deep lines are indented; inside of brackets it says nothing. */
class Layout {
  readonly #columns: number[] = [];
  #depth = 0;

  at(column: number): readonly number[] {
    if (this.#depth > 0) return [];
    const steps: number[] = [];
    while (this.#columns.length > 0 && column < (this.#columns.at(-1) ?? 0)) {
      this.#columns.pop();
      steps.push(DEDENT);
    }
    if (column > (this.#columns.at(-1) ?? 0)) {
      this.#columns.push(column);
      steps.push(INDENT);
    }
    return steps;
  }

  pass(token: string): void {
    if (OPENING.test(token) && token.length === 1) this.#depth++;
    else if (CLOSING.test(token) && token.length === 1) this.#depth = Math.max(0, this.#depth - 1);
  }
}

/** FNV-1a of 32 bits, by UTF-16 unit, then mixed; never one of the numbers that stand for layout. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  const mixed = mix(hash);
  return isLayout(mixed) ? mixed + 2 : mixed;
}
