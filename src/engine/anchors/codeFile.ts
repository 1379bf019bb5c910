import type { CodeSymbol } from "../../contract/code.ts";
import { shinglesOf, type Sketch } from "./sketch.ts";
import { isLayout, readTokens, type Tokens } from "./tokens.ts";

/** Tokens of a file from `from` to before `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One content of a file, as far as anchors ask for it. */
export class CodeFile {
  readonly path: string;
  readonly blob: string;
  readonly text: string;
  #tokens: Tokens | undefined;
  /** Ascending. */
  #shingles: Uint32Array | undefined;
  #symbols: readonly CodeSymbol[] | undefined;
  #definitions: readonly CodeSymbol[] | undefined;

  /** `symbols`: where they are known already. */
  constructor(path: string, blob: string, text: string, symbols?: readonly CodeSymbol[]) {
    this.path = path;
    this.blob = blob;
    this.text = text;
    this.#symbols = symbols;
  }

  get tokens(): Tokens {
    return (this.#tokens ??= readTokens(this.path, this.text));
  }

  /** How much of a sketch is in the file, 0..1. Asked of every file that something may be in, before anything else is. */
  shareOf(sketch: Sketch): number {
    const shingles = (this.#shingles ??= shinglesOf(this.tokens.hashes).sort());
    const found = sketch.reduce((count, hash) => count + (shingles[firstAtLeast(shingles, hash)] === hash ? 1 : 0), 0);
    return sketch.length === 0 ? 0 : found / sketch.length;
  }

  /** Undefined where they were not read. */
  get symbols(): readonly CodeSymbol[] | undefined {
    return this.#symbols;
  }

  withSymbols(symbols: readonly CodeSymbol[]): this {
    this.#symbols = symbols;
    this.#definitions = undefined;
    return this;
  }

  /** Its symbols, and before them functions that are written in several pieces, one right after the other, as overloads are: each as one. */
  get definitions(): readonly CodeSymbol[] {
    return (this.#definitions ??= [...this.#overloaded(), ...(this.#symbols ?? [])]);
  }

  get whole(): Span {
    return { from: 0, to: this.tokens.hashes.length };
  }

  /** Tokens of these lines, 1-based and inclusive, without the layout before the first: how deep it is indented says nothing. */
  linesOf(startLine: number, endLine: number): Span {
    const { hashes, lines } = this.tokens;
    let from = firstAtLeast(lines, startLine);
    const to = firstAtLeast(lines, endLine + 1);
    while (from < to && isLayout(hashes[from] ?? 0)) from++;
    return { from, to };
  }

  hashesOf({ from, to }: Span): Uint32Array {
    return this.tokens.hashes.subarray(from, to);
  }

  /** The lines that tokens stand on. */
  placeOf({ from, to }: Span): { readonly startLine: number; readonly endLine: number } {
    const { lines } = this.tokens;
    const startLine = lines[from] ?? 1;
    return { startLine, endLine: Math.max(startLine, lines[to - 1] ?? startLine) };
  }

  #overloaded(): readonly CodeSymbol[] {
    const runs: CodeSymbol[][] = [];
    for (const symbol of this.#symbols ?? []) {
      const run = runs.at(-1) ?? [];
      const above = run.at(-1);
      if (above !== undefined && isOverload(above, symbol) && this.#follows(above, symbol)) run.push(symbol);
      else runs.push([symbol]);
    }
    return runs.flatMap(([first, ...others]) => {
      const last = others.at(-1);
      if (first === undefined || last === undefined) return [];
      return [{ ...first, signature: first.signature, endLine: last.endLine }];
    });
  }

  /** Whether no code stands between them. */
  #follows(above: CodeSymbol, below: CodeSymbol): boolean {
    const { from, to } = this.linesOf(above.endLine + 1, (below.leadLine ?? below.startLine) - 1);
    return from >= to;
  }
}

const isOverload = (one: CodeSymbol, other: CodeSymbol): boolean =>
  (one.kind === "function" || one.kind === "method") &&
  one.kind === other.kind &&
  one.name === other.name &&
  one.container === other.container;

function firstAtLeast(sorted: Uint32Array, least: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
