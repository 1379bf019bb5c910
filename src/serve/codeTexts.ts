import { counted } from "../contract/counted.ts";
import type { GrepResult } from "../contract/grep.ts";
import type { ProjectStatsResult } from "../contract/projectStats.ts";
import { shortCommit } from "../contract/shortCommit.ts";
import { quoteLine, quoteMemory } from "./quoteMemory.ts";

const WHY_MORE = {
  limit: "There are more than are shown: narrow the pattern or the files, or raise limit.",
  time: "It took too long to look through everything: narrow the pattern or the files.",
} as const;

export function grepText({ matches, files, counts, truncated, pending, missing }: GrepResult): string {
  const notes = [
    ...(truncated === undefined ? [] : [WHY_MORE[truncated]]),
    ...(pending === undefined ? [] : [`${pending} files are not indexed yet and were not looked through.`]),
    ...missingTexts(missing),
  ].map((note) => `\n\n${note}`);
  if (counts.files === 0) return `Nothing matches in ${counted(counts.searched, "file", "files")}.${notes.join("")}`;
  const list =
    files
      ?.map(({ path, root, lines }) => `${placeText(path, root)}${lines === undefined ? "" : `: ${lines}`}`)
      .join("\n") ??
    [...byPlace(matches)]
      .map(([place, ofFile]) => `${place}\n${quoteMemory(ofFile.map(matchText).join("\n"))}`)
      .join("\n");
  const head = `${counted(counts.lines, "line", "lines")} in ${counted(counts.files, "file", "files")}.`;
  return `${head}\n\n${list}${notes.join("")}`;
}

type Match = GrepResult["matches"][number];

/** A path with the folder that it is in, where there are several. */
export const placeText = (path: string, root: string | undefined): string =>
  root === undefined ? quoteLine(path) : `${quoteLine(root)}: ${quoteLine(path)}`;

export const missingTexts = (
  missing: readonly { readonly root: string; readonly why: string }[] | undefined,
): readonly string[] =>
  (missing ?? []).map(({ root, why }) => `${quoteLine(root)} could not be asked: ${quoteLine(why)}`);

function byPlace(matches: readonly Match[]): ReadonlyMap<string, readonly Match[]> {
  const found = new Map<string, Match[]>();
  for (const match of matches) {
    const place = placeText(match.path, match.root);
    const known = found.get(place);
    if (known === undefined) found.set(place, [match]);
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

export function projectStatsText(stats: ProjectStatsResult): string {
  const { total, languages, roles, testShare, symbols, manifests, entryPoints, index, memories } = stats;
  const sizes = ({ files, lines }: { readonly files: number; readonly lines: number }): string =>
    `${counted(files, "file", "files")}, ${counted(lines, "line", "lines")}`;
  const section = (title: string, rows: readonly string[]): readonly string[] =>
    rows.length === 0 ? [] : [`${title}:`, ...rows.map((row) => `- ${row}`)];
  const counts = (record: Readonly<Record<string, number>>): string =>
    Object.entries(record)
      .sort(([, a], [, b]) => b - a)
      .map(([name, number]) => `${number} ${name}`)
      .join(", ");
  return [
    `${sizes(total)}; tests are ${Math.round(100 * testShare)} % of the lines of code. The index is ${index.state}, ${index.pending} files pending.`,
    ...section(
      "Languages",
      languages.map((one) => `${quoteLine(one.language)}: ${sizes(one)}`),
    ),
    ...section(
      "Roles",
      Object.entries(roles).map(([role, one]) => `${role}: ${sizes(one)}`),
    ),
    ...(Object.keys(symbols).length === 0 ? [] : [`Symbols: ${counts(symbols)}.`]),
    ...section(
      "Manifests",
      manifests.map(({ path, kind, name, version }) =>
        quoteLine([path, kind, name, version].filter(Boolean).join(" ")),
      ),
    ),
    ...section(
      "Entry points",
      entryPoints.map(({ path, why }) => `${quoteLine(path)} (${quoteLine(why)})`),
    ),
    ...section(
      "Largest",
      stats.largest.map(({ path, lines }) => `${quoteLine(path)}: ${lines} lines`),
    ),
    ...section(
      "Most changed",
      stats.mostChanged.map(
        ({ path, commits, last }) => `${quoteLine(path)}: ${commits} commits, last ${shortCommit(last)}`,
      ),
    ),
    ...section(
      "Most imported",
      stats.mostImported.map(({ path, importers }) => `${quoteLine(path)}: by ${importers} files`),
    ),
    ...section(
      "Most called",
      stats.mostCalled.map(({ symbol, path, calls }) => `${quoteLine(symbol)} in ${quoteLine(path)}: ${calls} calls`),
    ),
    `Left out: ${counts(index.leftOut) || "nothing"}. Memories anchored to code: ${memories.anchored === 0 ? "none" : counts(memories.byKind)}.`,
  ].join("\n");
}
