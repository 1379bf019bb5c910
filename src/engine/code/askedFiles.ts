import type { SymbolKind } from "../../contract/code.ts";
import { type CodeIndex, type IndexedFile, qualifiedName } from "./codeIndex.ts";
import { globMatcher } from "./globs.ts";
import type { ReadIntent } from "./intent/readIntent.ts";
import type { CodeSources } from "./locate/signals.ts";
import { type LocatedPlace, type LocatedQuestion, locateQuestion } from "./locateQuestion.ts";

export interface AskedFiles {
  readonly located: LocatedQuestion;
  /** Paths of the files that lead. */
  readonly asked: ReadonlySet<string>;
  /** Names that no file of the index has. */
  readonly unknown: readonly string[];
}

/** Files that one name may stand for, and related ones that are weighed. */
const MOST_NAMED = 20;
const MOST_RELATED = 20;
/** What each relation is worth beside the file itself, 0..1. */
const WORTH = { imports: 0.6, importedBy: 0.5, calls: 0.6, changesWith: 0.8 } as const;

/** The files that are asked for by name, in the order of the names, each with the passages that answer the question; then, if wanted, what is related to them. */
export function askedFiles(
  text: string,
  names: readonly string[],
  sources: CodeSources,
  options: { readonly related: boolean; readonly accepts?: (file: IndexedFile) => boolean; readonly read?: ReadIntent },
): AskedFiles {
  const { accepts = () => true } = options;
  const named = names.map((name) => filesNamed(name, sources.index).filter(accepts));
  const files = [...new Set(named.flat())];
  const wanted = new Set(files);
  const located = locateQuestion(
    text,
    sources,
    { limit: files.length, accepts: (file) => wanted.has(file) },
    options.read,
  );
  const places = files.map((file): LocatedPlace => {
    const found = located.places.find((place) => place.file === file);
    const reasons = ["asked for by its path", ...(found?.reasons ?? [])];
    return { file, frames: found?.frames ?? [], chunks: found?.chunks ?? [], reasons, score: 1, evidence: 1 };
  });
  const related = options.related ? relatedTo(files, sources).filter(({ file }) => accepts(file)) : [];
  return {
    located: { ...located, places: [...places, ...related.slice(0, MOST_RELATED)] },
    asked: new Set(files.map(({ path }) => path)),
    unknown: names.filter((_, at) => named[at]?.length === 0),
  };
}

/** A path, the end of one, or a glob. */
function filesNamed(name: string, index: CodeIndex): readonly IndexedFile[] {
  const path = name.replaceAll("\\", "/").replace(/^(?:\.\/)+/u, "");
  const exact = index.fileAt(path);
  if (exact !== undefined) return [exact];
  const matches = /[*?{[]/u.test(path) ? globMatcher(path) : (other: string) => other.endsWith(`/${path}`);
  return [...index.files()]
    .filter((file) => matches(file.path))
    .sort((a, b) => a.path.length - b.path.length || (a.path < b.path ? -1 : 1))
    .slice(0, MOST_NAMED);
}

const CALLED: ReadonlySet<SymbolKind> = new Set(["function", "method", "class"]);
/** Files that import one and are looked at. */
const MOST_IMPORTERS = 50;

function relatedTo(files: readonly IndexedFile[], { index, history, graph }: CodeSources): readonly LocatedPlace[] {
  const found = new Map<IndexedFile, { score: number; readonly reasons: string[] }>();
  const lend = (file: IndexedFile | undefined, score: number, reason: string): void => {
    if (file === undefined || files.includes(file)) return;
    const known = found.get(file);
    if (known === undefined) found.set(file, { score, reasons: [reason] });
    else {
      // Each relation more says so much of what is still missing.
      known.score += (1 - known.score) * score;
      known.reasons.push(reason);
    }
  };
  for (const file of files) {
    for (const other of graph.importsOf(file)) lend(other, WORTH.imports, `is imported by ${file.path}`);
    const symbols = file.parsed.symbols.filter(({ kind }) => CALLED.has(kind));
    for (const other of graph.importersOf(file).slice(0, MOST_IMPORTERS)) {
      lend(other, WORTH.importedBy, `imports ${file.path}`);
      const called = new Set(other.parsed.calls.map(({ name }) => name));
      const symbol = symbols.find(({ name }) => called.has(name));
      if (symbol !== undefined) lend(other, WORTH.calls, `calls ${qualifiedName(symbol)} of ${file.path}`);
    }
    for (const [path, share] of history.changedWith(file.path))
      lend(index.fileAt(path), WORTH.changesWith * share, `changes together with ${file.path}`);
  }
  return [...found]
    .sort(([a, x], [b, y]) => y.score - x.score || (a.path < b.path ? -1 : 1))
    .map(([file, { score, reasons }]) => ({
      file,
      frames: [],
      chunks: [],
      reasons: reasons.slice(0, 4),
      score,
      evidence: 0,
    }));
}
