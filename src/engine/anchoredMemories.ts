import { HeirloomError } from "../contract/errors.ts";
import type { MemoryRow } from "../contract/explore.ts";
import type { MemoryFreshness } from "../contract/freshness.ts";
import type { Anchor, Memory } from "../contract/memory.ts";
import { hasRow } from "../contract/rowSet.ts";
import { memoryRow } from "./retrieve/memoryRow.ts";
import type { SearchStore } from "./retrieve/storePlan.ts";

/** A file of a long history is touched by thousands of commits; nobody reads more marks than these. */
const MOST = 500;

/** Visible memories with anchors that are in the file now, pinned ones first, then the newest. INVALID_INPUT for a path that is not relative. */
export function anchoredMemories(
  path: string,
  stores: readonly SearchStore[],
  now: number,
): readonly (MemoryRow & { readonly in: readonly Anchor[] })[] {
  if (path === "" || path.startsWith("/") || path.includes("\\"))
    throw new HeirloomError("INVALID_INPUT", "Give the path relative to the workspace root, with forward slashes.");
  return stores
    .flatMap(({ projection, view, freshness }) => {
      const visible = projection.visibleRows(view, now);
      return [...new Set([...projection.anchoredIn(path), ...(freshness?.nowIn(path) ?? [])])]
        .filter((row) => hasRow(visible, row))
        .sort((a, b) => (projection.timestamp(b) ?? 0) - (projection.timestamp(a) ?? 0) || b - a)
        .slice(0, MOST)
        .flatMap((row) => {
          const memory = projection.memory(row);
          if (memory === undefined) return [];
          const known = freshness?.stateOf(row);
          const anchors = placesNow(memory, known).filter((anchor) => anchor.path === path);
          return anchors.length === 0
            ? []
            : [{ ...memoryRow({ memory, visible: true, freshness: known }), in: anchors }];
        });
    })
    .sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.timestamp - a.timestamp)
    .slice(0, MOST);
}

/** Where its anchors are now, as far as that is known; what is gone stands where it was. */
export const placesNow = ({ anchors }: Memory, known: MemoryFreshness | undefined): readonly Anchor[] =>
  known === undefined || known.anchors.length === 0 ? anchors : known.anchors.map(({ anchor, now }) => now ?? anchor);
