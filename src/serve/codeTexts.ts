import { counted } from "../contract/counted.ts";
import type { GrepResult } from "../contract/grep.ts";
import { quoteLine, quoteMemory } from "./quoteMemory.ts";

const WHY_MORE = {
  limit: "There are more than are shown: narrow the pattern or the files, or raise limit.",
  time: "It took too long to look through everything: narrow the pattern or the files.",
} as const;

export function grepText({ matches, files, counts, truncated, pending }: GrepResult): string {
  const notes = [
    ...(truncated === undefined ? [] : [WHY_MORE[truncated]]),
    ...(pending === undefined ? [] : [`${pending} files are not indexed yet and were not looked through.`]),
  ].map((note) => `\n\n${note}`);
  if (counts.files === 0) return `Nothing matches in ${counted(counts.searched, "file", "files")}.${notes.join("")}`;
  const list =
    files?.map(({ path, lines }) => `${quoteLine(path)}${lines === undefined ? "" : `: ${lines}`}`).join("\n") ??
    [...byPath(matches)]
      .map(([path, ofFile]) => `${quoteLine(path)}\n${quoteMemory(ofFile.map(matchText).join("\n"))}`)
      .join("\n");
  const head = `${counted(counts.lines, "line", "lines")} in ${counted(counts.files, "file", "files")}.`;
  return `${head}\n\n${list}${notes.join("")}`;
}

type Match = GrepResult["matches"][number];

function byPath(matches: readonly Match[]): ReadonlyMap<string, readonly Match[]> {
  const found = new Map<string, Match[]>();
  for (const match of matches) {
    const known = found.get(match.path);
    if (known === undefined) found.set(match.path, [match]);
    else known.push(match);
  }
  return found;
}

/** As grep prints lines: `:` after the number of one that matches, `-` where it only stands beside one. */
export function matchText({ line, text, before = [], after = [], symbol }: Match): string {
  return [
    ...before.map((one, at) => `${line - before.length + at}- ${one}`),
    `${line}: ${text}${symbol === undefined ? "" : `  [${symbol}]`}`,
    ...after.map((one, at) => `${line + 1 + at}- ${one}`),
  ].join("\n");
}
