import { RE2JS } from "re2js";
import { HeirloomError } from "../../contract/errors.ts";

/** Longer patterns are refused: the program of a pattern grows with it. */
const MAX_PATTERN = 1000;

/**
 * Whether a text contains a match of the pattern (RE2 syntax, `(?i)` to ignore case). Takes time linear in the text whatever the pattern.
 * INVALID_INPUT when it is no pattern, with `details.pattern`.
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  const compiled = compile(pattern);
  return (text) => compiled.test(text);
}

/** Where the first match in a text begins, -1 where there is none. As `compilePattern`. */
export function compileFinder(given: string, { ignoreCase, word, literal }: FinderOptions): (text: string) => number {
  if (literal && !ignoreCase && !word) return (text) => text.indexOf(given);
  // Compiled by itself too: what is wrong with it might be right in brackets.
  const alone = compile(given, literal);
  const pattern = literal ? RE2JS.quote(given) : given;
  if (!ignoreCase && !word) return (text) => (alone.test(text) ? startOf(alone, text, 0) : -1);
  const flags = ignoreCase ? "(?i)" : "";
  const whole = RE2JS.compile(word ? `${flags}(?:^|\\W)(${pattern})(?:\\W|$)` : flags + pattern);
  return (text) => (whole.test(text) ? startOf(whole, text, word ? 1 : 0) : -1);
}

export interface FinderOptions {
  readonly ignoreCase: boolean;
  /** Only where no character of a word stands before or after. */
  readonly word: boolean;
  /** The pattern is plain text. */
  readonly literal: boolean;
}

function startOf(pattern: RE2JS, text: string, group: number): number {
  const matcher = pattern.matcher(text);
  return matcher.find() ? matcher.start(group) : -1;
}

function compile(pattern: string, literal = false): RE2JS {
  if (pattern.length > MAX_PATTERN)
    throw new HeirloomError(
      "INVALID_INPUT",
      `A pattern may have ${MAX_PATTERN} characters, this one has ${pattern.length}.`,
      {
        pattern: `${pattern.slice(0, 80)}…`,
      },
    );
  try {
    return RE2JS.compile(literal ? RE2JS.quote(pattern) : pattern);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new HeirloomError(
      "INVALID_INPUT",
      `${JSON.stringify(pattern)} is no pattern: ${reason}. RE2 syntax has no look-around and no back-references.`,
      { pattern },
      { cause: thrown },
    );
  }
}
