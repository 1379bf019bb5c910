import { createHash } from "node:crypto";
import type { EditMark } from "../../contract/hooks.ts";
import type { EditChange } from "./editChange.ts";

/** A file as it was before an agent's edit and as it is after it; line ends are all alike. */
export interface EditedFile {
  readonly before: string;
  readonly after: string;
  /** The lines of `after` that the places of the edit stand in, 1-based and inclusive. */
  readonly lines: readonly { readonly start: number; readonly end: number }[];
}

/** What a file is now, as far as a mark can be compared with it. */
export interface FileNow {
  readonly file: string;
  /** How often the line of a digest stands in it. */
  count(digest: string): number;
}

/** A change of more lines is known by the file alone. */
const MOST_LINES = 200;
const SHOWN_LINES = 8;
const LONGEST_EXCERPT = 500;

export const alikeLineEnds = (text: string): string => text.replace(/\r\n?/gu, "\n");

/** Takes the edit back in the text that it left; undefined where a place of it cannot be told for certain. */
export function beforeEdit(text: string, changes: readonly EditChange[]): EditedFile | undefined {
  const after = alikeLineEnds(text);
  let before = after;
  const lines: { start: number; end: number }[] = [];
  for (const change of changes.toReversed()) {
    let [from, to] = [alikeLineEnds(change.before), alikeLineEnds(change.after)];
    if (to.endsWith("\n") && !before.includes(to)) [from, to] = [from.replace(/\n$/u, ""), to.slice(0, -1)];
    const at = to === "" ? -1 : before.indexOf(to);
    if (at < 0 || before.includes(to, at + 1)) return undefined;
    const start = before.slice(0, at).split("\n").length;
    lines.push({ start, end: start + to.trimEnd().split("\n").length - 1 });
    before = before.slice(0, at) + from + before.slice(at + to.length);
  }
  return before === after ? undefined : { before, after, lines };
}

/** The lines that an edit took out and put in, each as it stands, in order. */
export function linesOfEdit({ before, after }: EditedFile): {
  readonly out: readonly string[];
  readonly in: readonly string[];
} {
  const [was, is] = [before.split("\n"), after.split("\n")];
  return { out: without(was, is), in: without(is, was) };
}

/** `excerpts`: of what was taken out and put in, free of secrets. Lines are kept as digests alone, which `salt` keeps from being guessed. */
export function markOf(
  id: string,
  edited: EditedFile,
  salt: string,
  excerpts: { readonly was: string; readonly became: string },
): Omit<EditMark, "head" | "symbol"> {
  const { out, in: put } = linesOfEdit(edited);
  const changed = new Map<string, number>();
  for (const [lines, step] of [
    [out, -1],
    [put, 1],
  ] as const)
    for (const line of lines.map((one) => one.trim()).filter(saysSomething))
      changed.set(line, (changed.get(line) ?? 0) + step);
  const counts = new Map<string, number>();
  for (const line of edited.after.split("\n"))
    if (changed.has(line.trim())) counts.set(line.trim(), (counts.get(line.trim()) ?? 0) + 1);
  const lines = [...changed].filter(([, change]) => change !== 0);
  return {
    id,
    fileBefore: digest(salt, edited.before),
    fileAfter: digest(salt, edited.after),
    lines:
      lines.length > MOST_LINES
        ? []
        : lines.map(([line, change]) => [digest(salt, line), change, counts.get(line) ?? 0] as const),
    was: excerptOf(excerpts.was),
    became: excerptOf(excerpts.became),
  };
}

export function fileNow(text: string, salt: string): FileNow {
  const plain = alikeLineEnds(text);
  let counts: Map<string, number> | undefined;
  return {
    file: digest(salt, plain),
    count(line) {
      if (counts === undefined) {
        counts = new Map();
        for (const one of plain.split("\n").map((each) => each.trim())) {
          if (!saysSomething(one)) continue;
          const key = digest(salt, one);
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
      }
      return counts.get(line) ?? 0;
    },
  };
}

/** Brackets and the like stand everywhere. */
const saysSomething = (line: string): boolean => line.length > 4 && /\w.*\w.*\w/u.test(line);

const digest = (salt: string, text: string): string =>
  createHash("sha256").update(`${salt}\n${text}`).digest("hex").slice(0, 16);

function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    return count === 0;
  });
}

function excerptOf(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const shown = lines.slice(0, SHOWN_LINES).join("\n");
  const cut = shown.length > LONGEST_EXCERPT || lines.length > SHOWN_LINES;
  return cut ? `${shown.slice(0, LONGEST_EXCERPT)}\n…` : shown;
}
