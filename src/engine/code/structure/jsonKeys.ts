import { cut } from "../parse/docComment.ts";
import type { LevelEntry } from "./outlineLevels.ts";

/** Keys further inside are data, not names of something. */
export const DEEPEST_KEY = 3;
const LONGEST_SIGNATURE = 200;

export interface Keys {
  readonly entries: readonly LevelEntry[];
  readonly hasErrors: boolean;
}

interface Bracket {
  readonly opened: string;
  /** The key whose value it is. */
  readonly of: OpenEntry | undefined;
}

type OpenEntry = LevelEntry & { endLine: number };

/** Keys of the objects of JSON, comments allowed. What stands in an array has no keys of its own. */
export function jsonKeys(text: string): Keys {
  const entries: OpenEntry[] = [];
  const open: Bracket[] = [];
  let [arrays, line] = [0, 1];
  let last: OpenEntry | undefined;
  let hasErrors = false;
  const token = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*|[{}[\],\n]/gu;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match;
    if (found === "\n") line += 1;
    else if (found === ",") last = undefined;
    else if (found === "/*") {
      const end = text.indexOf("*/", token.lastIndex);
      line += text.slice(match.index, end < 0 ? text.length : end).split("\n").length - 1;
      token.lastIndex = end < 0 ? text.length : end + 2;
    } else if (found === "{" || found === "[") {
      open.push({ opened: found, of: last });
      if (found === "[") arrays += 1;
      last = undefined;
    } else if (found === "}" || found === "]") {
      const bracket = open.pop();
      hasErrors ||= bracket?.opened !== (found === "}" ? "{" : "[");
      if (bracket?.opened === "[") arrays -= 1;
      if (bracket?.of !== undefined) bracket.of.endLine = line;
    } else if (found.startsWith('"') && arrays === 0 && open.length <= DEEPEST_KEY && isKey(text, token.lastIndex)) {
      const signature = lineFrom(text, match.index);
      last = { kind: "key", level: open.length, name: found.slice(1, -1), signature, line, endLine: line };
      entries.push(last);
    }
  }
  return { entries, hasErrors: hasErrors || open.length > 0 };
}

function isKey(text: string, after: number): boolean {
  let at = after;
  while (/\s/u.test(text.charAt(at))) at += 1;
  return text.charAt(at) === ":";
}

function lineFrom(text: string, start: number): string {
  const end = text.indexOf("\n", start);
  const line = text.slice(start, end < 0 || end > start + 2 * LONGEST_SIGNATURE ? start + 2 * LONGEST_SIGNATURE : end);
  return cut(line.trim().replace(/\s*[{[]?,?$/u, ""), LONGEST_SIGNATURE).replace(/:$/u, "");
}
