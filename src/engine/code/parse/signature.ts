import { cut } from "./docComment.ts";
import type { Language } from "./language.ts";

const MOST_CHARACTERS = 300;
/** What is looked at of a declaration that is nothing but declaration. */
const MOST_READ = 1_200;

/** A declaration on one line, from where it begins to its body, without comments and, where it is long, attributes on lines of their own. */
export function signatureOf(text: string, start: number, end: number, { lineComment, attribute }: Language): string {
  const lines = text
    .slice(start, Math.min(end, start + MOST_READ))
    .split("\n")
    .filter((line, index) => index === 0 || !lineComment.test(line.trimStart()));
  const whole = onOneLine(lines);
  if (whole.length <= MOST_CHARACTERS || attribute === undefined) return cut(whole, MOST_CHARACTERS);
  const bare = onOneLine(lines.filter((line) => !attribute.test(line.trimStart())));
  return cut(bare === "" ? whole : bare, MOST_CHARACTERS);
}

function onOneLine(lines: readonly string[]): string {
  return lines
    .join(" ")
    .replace(/\s+/gu, " ")
    .replace(/([([]) (?=\S)|,? (?=[)\]])/gu, "$1")
    .replace(/\s*(?:[{:;,=(\\]|=>|\bdo|\bthen)\s*$/u, "")
    .replace(/^((?:def|class|module) .*?)[; ]+end$/u, "$1")
    .trim();
}
