/** Words that stand before the name of what is defined, in one language or another. */
const KEYWORDS = new Set(
  (
    "class const constexpr data def defmodule defp defun enum extension final fn fun func function interface internal let macro module mod " +
    "namespace object private proc protected protocol pub public record sealed static struct sub trait type typedef union val var void"
  ).split(" "),
);
/** Words before a name that say that it is only used. */
const USES = /\b(?:as|await|case|else|extends|from|if|implements|import|in|new|of|return|throw|while|yield)\b/u;
/** Longer lines are not written by people. */
const MOST_CHARACTERS = 500;

/**
 * The line, 0-based, that looks most like the definition of a symbol, for files whose language nobody in the editor knows: a heading, a
 * keyword before the name, a body after it, else a value after it. Undefined where there are only uses of it, or nothing.
 */
export function definitionLine(lines: readonly string[], symbol: string): number | undefined {
  const name = symbol.split(/::|[.#/]/u).findLast((part) => part !== "") ?? symbol;
  const forms: readonly Form[] = [
    (before, after) => /^\s*#+\s+$/u.test(before) && after.trim() === "",
    isDeclared,
    isFollowedByBody,
    (before, after) => /^\s*["']?$/u.test(before) && /^["']?\s*(?::=|[:=](?![=:]))/u.test(after),
  ];
  for (const form of forms) {
    const at = lines.findIndex((line) => line.length <= MOST_CHARACTERS && mentions(line, name, form));
    if (at >= 0) return at;
  }
  return undefined;
}
/** Whether a name between these two parts of a line is defined there. */
type Form = (before: string, after: string) => boolean;

function mentions(line: string, name: string, form: Form): boolean {
  for (let at = line.indexOf(name); at >= 0; at = line.indexOf(name, at + 1)) {
    const [before, after] = [line.slice(0, at), line.slice(at + name.length)];
    if (!/[\w$]$/u.test(before) && !/^[\w$]/u.test(after) && form(before, after)) return true;
  }
  return false;
}

function isDeclared(before: string): boolean {
  if (/[=;"'`]|[^:]:\s*$|[,<|&.]\s*$/u.test(before) || USES.test(before) || !isClosed(before)) return false;
  return before.split(/\W+/u).some((word) => KEYWORDS.has(word));
}

function isFollowedByBody(before: string, after: string): boolean {
  return (
    /^[\w\s<>,*&:[\].~]*$/u.test(before) &&
    !USES.test(before) &&
    /^\s*\(/u.test(after) &&
    /(?:\{|=>|:)\s*$/u.test(after)
  );
}

/** A receiver in brackets may stand before a name; what stands inside of brackets is a parameter. */
const isClosed = (text: string): boolean => text.split("(").length === text.split(")").length;
