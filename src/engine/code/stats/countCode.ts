import type { ProjectStatsResult } from "../../../contract/projectStats.ts";
import { type IndexedFile, qualifiedName } from "../codeIndex.ts";
import type { CodeSources } from "../locate/signals.ts";
import { Pace } from "../walk/pace.ts";

/** What one pass over the index tells. */
export type CodeCounts = Pick<
  ProjectStatsResult,
  "total" | "languages" | "roles" | "testShare" | "symbols" | "largest" | "mostChanged" | "mostImported" | "mostCalled"
>;

interface Sizes {
  files: number;
  lines: number;
  bytes: number;
}

const MOST_LANGUAGES = 40;
const UNKNOWN = "other";
/** Names that every type of a language has say nothing of the one file that defines them here. */
const SHORTEST_NAME = 3;

/** `bytesOf`: of a path, 0 where it is not known. `limit` is of each list. It gives way to other work, as each file is unpacked. */
export async function countCode(
  { index, history, graph }: CodeSources,
  { bytesOf, limit }: { readonly bytesOf: (path: string) => number; readonly limit: number },
): Promise<CodeCounts> {
  const pace = new Pace();
  const total = noSizes();
  const languages = new Map<string, Sizes>();
  const roles: Record<string, Sizes> = {};
  const symbols: Record<string, number> = {};
  const calls = new Map<string, number>();
  const largest = new Best<IndexedFile>(limit);
  const importers = new Map<IndexedFile, number>();
  // Files may come and go meanwhile.
  const files = [...index.files()];
  for (const file of files) {
    if (pace.isDue()) await pace.giveWay();
    const { path, parsed, role } = file;
    const sizes = { files: 1, lines: lineEnds(file), bytes: bytesOf(path) };
    add(total, sizes);
    add(ensure(languages, parsed.language ?? UNKNOWN), sizes);
    add((roles[role] ??= noSizes()), sizes);
    for (const { kind } of parsed.symbols) symbols[kind] = (symbols[kind] ?? 0) + 1;
    for (const { name } of parsed.calls) calls.set(name, (calls.get(name) ?? 0) + 1);
    largest.offer(file, sizes.lines);
    for (const imported of graph.importsOf(file)) importers.set(imported, (importers.get(imported) ?? 0) + 1);
  }
  const imported = new Best<IndexedFile>(limit);
  for (const file of files) imported.offer(file, importers.get(file) ?? 0);
  const [tests, sources] = [roles["test"]?.lines ?? 0, roles["source"]?.lines ?? 0];
  return {
    total,
    languages: [...languages]
      .map(([language, sizes]) => ({ language, ...sizes }))
      .sort((a, b) => b.lines - a.lines || (a.language < b.language ? -1 : 1))
      .slice(0, MOST_LANGUAGES),
    roles,
    testShare: tests === 0 ? 0 : tests / (tests + sources),
    symbols,
    largest: largest.all().map(([{ path }, lines]) => ({ path, lines, bytes: bytesOf(path) })),
    mostChanged: mostChanged(index, history, limit),
    mostImported: imported.all().map(([{ path }, count]) => ({ path, importers: count })),
    mostCalled: mostCalled(index, calls, limit),
  };
}

const noSizes = (): Sizes => ({ files: 0, lines: 0, bytes: 0 });

function add(to: Sizes, { files, lines, bytes }: Sizes): void {
  to.files += files;
  to.lines += lines;
  to.bytes += bytes;
}

function ensure(sizes: Map<string, Sizes>, key: string): Sizes {
  const known = sizes.get(key) ?? noSizes();
  sizes.set(key, known);
  return known;
}

/** Chunks cover a file, and what follows its last line end is a line to them. */
const lineEnds = ({ chunks }: IndexedFile): number => Math.max(0, (chunks.at(-1)?.endLine ?? 0) - 1);

function mostChanged(
  index: CodeSources["index"],
  { commits }: CodeSources["history"],
  limit: number,
): CodeCounts["mostChanged"] {
  const counts = new Map<string, { commits: number; readonly last: number }>();
  for (const { paths, at } of commits)
    for (const path of paths) {
      const known = counts.get(path);
      if (known === undefined) counts.set(path, { commits: 1, last: at });
      else known.commits++;
    }
  const most = new Best<string>(limit);
  for (const [path, { commits: count }] of counts) if (index.fileAt(path) !== undefined) most.offer(path, count);
  return most.all().map(([path, count]) => ({
    path,
    commits: count,
    last: new Date(counts.get(path)?.last ?? 0).toISOString(),
  }));
}

function mostCalled(
  index: CodeSources["index"],
  calls: ReadonlyMap<string, number>,
  limit: number,
): CodeCounts["mostCalled"] {
  const most: CodeCounts["mostCalled"] = [];
  for (const [name, count] of [...calls].sort(([, a], [, b]) => b - a)) {
    if (most.length === limit) break;
    const [file, ...others] = name.length < SHORTEST_NAME ? [] : index.definersOf(name);
    const symbol = others.length > 0 ? undefined : file?.parsed.symbols.find((one) => one.name === name);
    if (file !== undefined && symbol !== undefined)
      most.push({ symbol: qualifiedName(symbol), path: file.path, calls: count });
  }
  return most;
}

/** The few with the most, in one pass. Of equals the one that came first. */
class Best<Item> {
  readonly #limit: number;
  #all: (readonly [Item, number])[] = [];
  #least = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  offer(item: Item, worth: number): void {
    if (worth <= this.#least) return;
    this.#all.push([item, worth]);
    if (this.#all.length >= 4 * this.#limit) this.#cut();
  }

  all(): readonly (readonly [Item, number])[] {
    this.#cut();
    return this.#all;
  }

  #cut(): void {
    this.#all = this.#all.sort(([, a], [, b]) => b - a).slice(0, this.#limit);
    if (this.#all.length === this.#limit) this.#least = this.#all.at(-1)?.[1] ?? 0;
  }
}
