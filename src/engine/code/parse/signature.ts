import { cut } from "./docComment.ts";

const MOST_CHARACTERS = 300;
/** What is looked at of a declaration that is nothing but declaration. */
const MOST_READ = 1_200;

/** A declaration on one line, from where it begins to its body. */
export function signatureOf(text: string, start: number, end: number): string {
  const declaration = text
    .slice(start, Math.min(end, start + MOST_READ))
    .replace(/\s+/gu, " ")
    .replace(/([([]) (?=\S)|,? (?=[)\]])/gu, "$1")
    .replace(/\s*(?:[{:;,=(]|=>|\bdo|\bthen)\s*$/u, "");
  return cut(declaration.trim(), MOST_CHARACTERS);
}
