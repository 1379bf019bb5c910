import type { MemoryRow } from "../../contract/explore.ts";
import type { MemoryFreshness } from "../../contract/freshness.ts";
import type { Memory } from "../../contract/memory.ts";
import { excerptOf, firstWords } from "./excerpt.ts";

export interface RowParts {
  readonly memory: Memory;
  readonly visible: boolean;
  /** What became of its anchors; absent where nobody looked. */
  readonly freshness?: MemoryFreshness | undefined;
  /** Index of the passage that matched. */
  readonly part?: number;
  readonly score?: number;
  /** What the excerpt is to show, from `wordsToFind`. */
  readonly words?: readonly string[];
}

/** One memory as a line of a list. */
export function memoryRow({ memory, visible, freshness, part, score, words = [] }: RowParts): MemoryRow {
  const { branch, commit, agent, pending } = memory.provenance;
  const passage = part === undefined ? undefined : memory.parts[part];
  const text = passage === undefined ? memory.content : memory.content.slice(passage.start, passage.end);
  const title = memory.title ?? firstWords(memory.content);
  return {
    id: memory.id,
    title,
    excerpt: excerptOf(text, words, title),
    kind: memory.kind,
    scope: memory.scope,
    // Until anchors are compared with the code, nothing may be called fresh.
    freshness: freshness?.freshness ?? (memory.anchors.length === 0 ? "unanchored" : "unchecked"),
    ...(freshness?.why === undefined ? {} : { freshnessReason: freshness.why }),
    visibility: visible ? "visible" : "hidden",
    pending,
    pinned: memory.pinned === true,
    ...(branch === undefined ? {} : { branch }),
    ...(commit === undefined ? {} : { commit }),
    ...(agent === undefined ? {} : { agent }),
    timestamp: memory.timestamp,
    anchors: memory.anchors.length,
    ...(score === undefined ? {} : { score }),
  };
}
