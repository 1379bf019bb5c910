import { RE2JS } from "re2js";
import { HeirloomError } from "../../contract/errors.ts";

/** Longer patterns are refused: the program of a pattern grows with it. */
const MAX_PATTERN = 1000;

/**
 * Whether a text contains a match of the pattern (RE2 syntax, `(?i)` to ignore case). Takes time linear in the text whatever the pattern.
 * INVALID_INPUT when it is no pattern, with `details.pattern`.
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  if (pattern.length > MAX_PATTERN)
    throw new HeirloomError(
      "INVALID_INPUT",
      `A pattern may have ${MAX_PATTERN} characters, this one has ${pattern.length}.`,
      {
        pattern: `${pattern.slice(0, 80)}…`,
      },
    );
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.test(text);
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
