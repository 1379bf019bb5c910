import type { CodeSymbol } from "../../contract/code.ts";
import type { CodeFile, Span } from "./codeFile.ts";

/** `Server.close`, `Server#close`, `server::close` and `close` may all be written: the last part is the name. */
export function partsOf(symbol: string): { readonly name: string; readonly container: string | undefined } {
  if (/\s/u.test(symbol)) return { name: symbol, container: undefined };
  const parts = symbol.split(/::|[.#/]/u).filter((part) => part !== "");
  const name = parts.at(-1) ?? symbol;
  return { name: name.replace(/\(.*$/u, ""), container: parts.length > 1 ? parts.slice(0, -1).join(".") : undefined };
}

/** Definitions of the file that are called so, those in the container that is named, or was captured, first. */
export function symbolsNamed(file: CodeFile, symbol: string, captured?: string): readonly CodeSymbol[] {
  const { name, container } = partsOf(symbol);
  const wanted = container ?? captured;
  const named = file.definitions.filter((one) => one.name === name || one.name === symbol);
  const standsIn = (one: CodeSymbol): boolean =>
    wanted !== undefined && (one.container === wanted || one.container?.endsWith(`.${wanted}`) === true);
  const inside = named.filter(standsIn);
  // Who writes the container means that one.
  if (container !== undefined) return inside;
  return [...inside, ...named.filter((one) => !standsIn(one))];
}

/** With the attributes before it, which change what it does; comments are no tokens. */
export function spanOf(file: CodeFile, { leadLine, startLine, endLine }: CodeSymbol): Span {
  return file.linesOf(leadLine ?? startLine, endLine);
}

/** Lines that look like the definition of a name where no grammar knows the language: the least indented line that has it, with what is below. */
export function blockNamed(file: CodeFile, symbol: string): Span | undefined {
  const { name } = partsOf(symbol);
  const lines = file.text.split("\n");
  const word = new RegExp(
    `(?<![\\p{L}\\p{N}_$])${name.replace(/[\\^$.*+?()[\]{}|/-]/gu, "\\$&")}(?![\\p{L}\\p{N}_$])`,
    "u",
  );
  let first = -1;
  for (const [at, line] of lines.entries()) {
    if (!word.test(line)) continue;
    if (first < 0 || indentOf(line) < indentOf(lines[first] ?? "")) first = at;
  }
  if (first < 0) return undefined;
  const depth = indentOf(lines[first] ?? "");
  let last = first;
  for (let at = first + 1; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line.trim() === "") continue;
    const isClosing = indentOf(line) === depth && /^\s*(?:[)\]}]|end\b)/u.test(line);
    if (indentOf(line) <= depth && !isClosing) break;
    last = at;
    if (isClosing) break;
  }
  return file.linesOf(first + 1, last + 1);
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
