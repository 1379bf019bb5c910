import type { MemoryDetail } from "../contract/explore.ts";
import type { MemoryFreshness } from "../contract/freshness.ts";
import type { Memory } from "../contract/memory.ts";
import { addRow, emptyRowSet, hasRow, intersectRows } from "../contract/rowSet.ts";
import { memoryRow } from "./retrieve/memoryRow.ts";
import type { SearchStore } from "./retrieve/storePlan.ts";
import { textDocument } from "./textDocument.ts";

const MOST_RELATED = 8;
const MOST_PATHS = 16;
/** So much of a text says what it is about. */
const ASKED_CHARACTERS = 400;
const CANDIDATES = 24;
/** Share of what a memory with all of the words would score. */
const ALIKE = 0.3;

interface Related {
  readonly memory: Memory;
  readonly visible: boolean;
  readonly freshness: MemoryFreshness | undefined;
  readonly weight: number;
  readonly why: string;
}

/** Memories of the same files or in much the same words, whatever branch they are on. */
export function relatedMemories(memory: Memory, stores: readonly SearchStore[], now: number): MemoryDetail["related"] {
  const found = stores.flatMap((store) => {
    const words = byWords(memory, store, now);
    const anchors = byAnchors(memory, store, now);
    return [...new Set([...words.keys(), ...anchors.keys()])].flatMap((row): readonly Related[] => {
      const other = store.projection.memory(row);
      if (other === undefined || other.id === memory.id) return [];
      const [word, path] = [words.get(row), anchors.get(row)];
      const why = [
        ...(path === undefined ? [] : [`also speaks of ${path}`]),
        ...(word === undefined ? [] : store.text.explain(word.query, textDocument(other)).slice(0, 1)),
      ].join("; ");
      const visible = hasRow(store.projection.visibleRows(store.view, now), row);
      const freshness = store.freshness?.stateOf(row);
      return [
        { memory: other, visible, freshness, weight: (word?.likeness ?? 0) + (path === undefined ? 0 : 0.5), why },
      ];
    });
  });
  return found
    .sort((a, b) => b.weight - a.weight || b.memory.timestamp - a.memory.timestamp)
    .slice(0, MOST_RELATED)
    .map(({ memory: other, visible, freshness, why }) => ({
      ...memoryRow({ memory: other, visible, freshness }),
      why,
    }));
}

function byWords(
  memory: Memory,
  { projection, text }: SearchStore,
  now: number,
): ReadonlyMap<number, { readonly query: string; readonly likeness: number }> {
  const query = `${memory.title ?? ""} ${memory.content.slice(0, ASKED_CHARACTERS)}`;
  const { hits, ceiling } = text.search(query, { limit: CANDIDATES, rows: projection.livingRows(now) });
  return new Map(
    hits
      .map(({ row, score }) => [row, { query, likeness: ceiling > 0 ? score / ceiling : 0 }] as const)
      .filter(([, { likeness }]) => likeness >= ALIKE),
  );
}

/** By row, the first file that both speak of. */
function byAnchors(memory: Memory, { projection }: SearchStore, now: number): ReadonlyMap<number, string> {
  const living = projection.livingRows(now);
  const found = new Map<number, string>();
  const paths = [...new Set(memory.anchors.map(({ path }) => path))].slice(0, MOST_PATHS);
  for (const path of paths) {
    const rows = emptyRowSet(projection.rowLimit);
    for (const row of projection.anchoredIn(path)) addRow(rows, row);
    for (const { row } of projection.newest(intersectRows(rows, living), CANDIDATES))
      if (!found.has(row)) found.set(row, path);
  }
  return found;
}
