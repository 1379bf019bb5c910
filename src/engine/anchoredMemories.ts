import { HeirloomError } from "../contract/errors.ts";
import type { MemoryRow } from "../contract/explore.ts";
import type { Anchor } from "../contract/memory.ts";
import { hasRow } from "../contract/rowSet.ts";
import { memoryRow } from "./retrieve/memoryRow.ts";
import type { SearchStore } from "./retrieve/storePlan.ts";

/** A file of a long history is touched by thousands of commits; nobody reads more marks than these. */
const MOST = 500;

/** Visible memories with anchors in the file, pinned ones first, then the newest. INVALID_INPUT for a path that is not relative. */
export function anchoredMemories(
  path: string,
  stores: readonly SearchStore[],
  now: number,
): readonly (MemoryRow & { readonly in: readonly Anchor[] })[] {
  if (path === "" || path.startsWith("/") || path.includes("\\"))
    throw new HeirloomError("INVALID_INPUT", "Give the path relative to the workspace root, with forward slashes.");
  return stores
    .flatMap(({ projection, view }) => {
      const visible = projection.visibleRows(view, now);
      return projection
        .anchoredIn(path)
        .filter((row) => hasRow(visible, row))
        .sort((a, b) => (projection.timestamp(b) ?? 0) - (projection.timestamp(a) ?? 0) || b - a)
        .slice(0, MOST)
        .flatMap((row) => {
          const memory = projection.memory(row);
          if (memory === undefined) return [];
          const anchors = memory.anchors.filter((anchor) => anchor.path === path);
          return [{ ...memoryRow({ memory, visible: true }), in: anchors }];
        });
    })
    .sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.timestamp - a.timestamp)
    .slice(0, MOST);
}
