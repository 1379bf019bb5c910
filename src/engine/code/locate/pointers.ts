import type { MemoryView } from "../../../contract/memory.ts";
import type { CodeIndex, IndexedFile } from "../codeIndex.ts";
import { pathsIn } from "../codeQuestion.ts";

/** A memory that answers the question, and the paths that it speaks of. */
export interface PointingMemory {
  readonly id: string;
  readonly title: string | undefined;
  /** 0..1 */
  readonly score: number;
  /** The code that it speaks of is another by now. */
  readonly isStale: boolean;
  readonly anchored: readonly string[];
  /** Written in its text and not among the anchors. */
  readonly named: readonly string[];
}

/** What a memory that is stale still says of a file, and what a path in a text does that nobody anchored to. */
const STALE_SHARE = 0.5;
const NAMED_SHARE = 0.5;
/** A memory that speaks of more files says little of any of them. */
const MOST_PATHS = 15;
/** Characters of a memory in which paths are looked for. */
const READ_CHARACTERS = 4_000;

/** Those of the memories that speak of files and that this HEAD inherits. */
export function pointersOf(memories: readonly MemoryView[]): readonly PointingMemory[] {
  return memories.flatMap(({ id, title, score, visibility, freshness, anchors, content }) => {
    const anchored = [...new Set(anchors.map(({ path }) => path))];
    const named = pathsIn(content.slice(0, READ_CHARACTERS)).filter((path) => !anchored.includes(path));
    const count = anchored.length + named.length;
    if (visibility === "hidden" || count === 0 || count > MOST_PATHS) return [];
    return [{ id, title, score, isStale: freshness === "drifted" || freshness === "orphaned", anchored, named }];
  });
}

export interface Pointed {
  readonly score: number;
  /** The one that says the most of it. */
  readonly by: PointingMemory;
}

/** What memories lend to the files that they speak of: each its score, divided by the root of how many files it speaks of. */
export function pointedFiles(index: CodeIndex, memories: readonly PointingMemory[]): ReadonlyMap<IndexedFile, Pointed> {
  const found = new Map<IndexedFile, { score: number; most: number; by: PointingMemory }>();
  for (const memory of memories) {
    const { score, isStale, anchored, named } = memory;
    const worth = (score * (isStale ? STALE_SHARE : 1)) / Math.sqrt(anchored.length + named.length);
    const lend = (path: string, share: number): void => {
      const file = index.fileAt(path);
      if (file === undefined) return;
      const known = found.get(file);
      if (known === undefined) found.set(file, { score: share, most: share, by: memory });
      else {
        known.score += share;
        if (share > known.most) Object.assign(known, { most: share, by: memory });
      }
    };
    for (const path of anchored) lend(path, worth);
    for (const path of named) lend(path, worth * NAMED_SHARE);
  }
  return found;
}
