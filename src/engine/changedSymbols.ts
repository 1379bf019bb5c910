import type { CodeSymbol, ParseApi } from "../contract/code.ts";
import type { ChangedFile } from "./capture/changedLines.ts";
import { qualifiedName } from "./code/qualifiedName.ts";
import type { GitRunner } from "./ports.ts";

/** A file that is longer has no symbols looked for in it, in bytes. */
const LONGEST_FILE = 256 * 1_024;
/** A change of more symbols of one file is one of the file. */
const MOST_SYMBOLS = 4;
/** Bytes of files that are read at once. */
const MOST_BYTES = 32 * 1_048_576;
const NAMED: ReadonlySet<CodeSymbol["kind"]> = new Set([
  "class",
  "interface",
  "enum",
  "type",
  "function",
  "method",
  "constant",
]);

/** By path, the innermost symbols that hold the changed lines of files as `commit` leaves them. A file without any is left out. */
export async function changedSymbols(
  git: GitRunner,
  parser: ParseApi,
  root: string,
  commit: string,
  files: readonly ChangedFile[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const wanted = files.filter(({ isGone, ranges }) => !isGone && ranges.length > 0);
  const texts = await textsAt(git, root, commit, wanted);
  const parsed = await parser.parse([...texts].map(([path, text]) => ({ path, text })));
  return new Map(
    parsed.flatMap(({ path, symbols, imports }): (readonly [string, readonly string[]])[] => {
      // Imports go along with what uses them. One that was taken out stood below the line that is told.
      const isImport = ({ start, end }: { readonly start: number; readonly end: number }): boolean =>
        imports.some(({ line }) => line >= start - 1 && line <= end + 1);
      const ranges = (wanted.find((file) => file.path === path)?.ranges ?? []).filter((range) => !isImport(range));
      const names = new Set<string>();
      for (const range of ranges) {
        const symbol = innermost(symbols, range);
        if (symbol === undefined) return [];
        names.add(qualifiedName(symbol));
      }
      return names.size === 0 || names.size > MOST_SYMBOLS ? [] : [[path, [...names]]];
    }),
  );
}

/** The smallest symbol that holds all of the lines. */
export function innermost(
  symbols: readonly CodeSymbol[],
  { start, end }: { readonly start: number; readonly end: number },
): CodeSymbol | undefined {
  let best: CodeSymbol | undefined;
  for (const symbol of symbols) {
    if (!NAMED.has(symbol.kind) || symbol.startLine > start || symbol.endLine < end) continue;
    if (best === undefined || symbol.endLine - symbol.startLine < best.endLine - best.startLine) best = symbol;
  }
  return best;
}

async function textsAt(
  git: GitRunner,
  root: string,
  commit: string,
  files: readonly ChangedFile[],
): Promise<ReadonlyMap<string, string>> {
  if (files.length === 0) return new Map();
  const stdin = files.map(({ path }) => `${commit}:${latin1(path)}\n`).join("");
  const answer = await git.run(["cat-file", "--batch"], { cwd: root, stdin, bytes: true, enough: MOST_BYTES });
  const texts = new Map<string, string>();
  let at = 0;
  for (const { path } of files) {
    const end = answer.indexOf("\n", at);
    if (end < 0) break;
    const size = Number(/^[0-9a-f]+ blob (\d+)$/u.exec(answer.slice(at, end))?.[1] ?? Number.NaN);
    at = end + 1;
    // What is missing, or no file, has one line.
    if (Number.isNaN(size)) continue;
    const bytes = answer.slice(at, at + size);
    at += size + 1;
    if (bytes.length === size && size <= LONGEST_FILE) texts.set(path, Buffer.from(bytes, "latin1").toString("utf8"));
  }
  return texts;
}

const latin1 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
