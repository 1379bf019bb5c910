import type { Kind } from "../../contract/kinds.ts";

/** What a section may be because its heading says so. */
export type HeadedKind = Extract<Kind, "rule" | "gotcha" | "decision">;

/**
 * The kind that the headings of a section name, outermost first, the innermost that names one deciding: undefined where none does. Only whole
 * headings count ("Conventions", "Naming conventions", "3. Known issues:"), since a heading that merely speaks of rules is about anything.
 */
export function headingKind(headings: readonly string[]): HeadedKind | undefined {
  for (const heading of [...headings].reverse()) {
    const plain = heading
      .toLowerCase()
      .replaceAll("’", "'")
      .replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
    const named = NAMES.find(([, pattern]) => pattern.test(plain));
    if (named !== undefined) return named[0];
  }
  return undefined;
}

const OF_WHAT =
  "(?:(?:the|our|some|key|main|important|general|basic|house|ground|project|team|code|coding|naming|style|commit|branch|git|test|testing|" +
  "development|engineering|technical|tech|design|architecture|architectural|api|documentation|contribution|contributing|agent|known|common) )*";
const NAMES: readonly (readonly [HeadedKind, RegExp])[] = [
  ["decision", new RegExp(`^${OF_WHAT}(?:decisions?(?: made| taken| log)?|decision (?:log|records?))$`, "u")],
  ["gotcha", new RegExp(`^${OF_WHAT}(?:gotchas?|pitfalls|caveats|traps|footguns|mistakes)$`, "u")],
  ["gotcha", /^known (?:issues|problems|bugs|limitations)(?: and (?:issues|limitations|workarounds))?$/u],
  [
    "rule",
    new RegExp(
      `^${OF_WHAT}(?:rules|conventions?|guidelines|standards|code style|style guide|do(?:'s|s)? and don't'?s)$`,
      "u",
    ),
  ],
];
