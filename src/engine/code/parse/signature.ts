import { cut } from "./docComment.ts";

const MOST_CHARACTERS = 300;
/** What is looked at of a declaration that is nothing but declaration. */
const MOST_READ = 1_200;

/** A declaration on one line, from where it begins to its body, without comments on lines of their own. */
export function signatureOf(text: string, start: number, end: number, lineComment: RegExp): string {
  const declaration = text
    .slice(start, Math.min(end, start + MOST_READ))
    .split("\n")
    .filter((line, index) => index === 0 || !lineComment.test(line.trimStart()))
    .join(" ")
    .replace(/\s+/gu, " ")
    .replace(/([([]) (?=\S)|,? (?=[)\]])/gu, "$1")
    .replace(/\s*(?:[{:;,=(\\]|=>|\bdo|\bthen)\s*$/u, "")
    .replace(/^((?:def|class|module) .*?)[; ]+end$/u, "$1");
  return cut(declaration.trim(), MOST_CHARACTERS);
}
