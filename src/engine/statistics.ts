import type { StatsResult } from "../contract/engineApi.ts";
import type { FRESHNESS } from "../contract/memory.ts";
import { countRows, hasRow } from "../contract/rowSet.ts";
import type { SearchStore } from "./retrieve/storePlan.ts";
import type { StoreAccess } from "./storeAccess.ts";

export interface StatsParts {
  readonly workspaceId: string;
  readonly workspace: string;
  /** The stores as the request sees them, and the same stores as they are open; the workspace's is the first. */
  readonly stores: readonly SearchStore[];
  readonly accesses: readonly StoreAccess[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly planEstimateError: number;
}

/** Memories that a request sees and that are anchored to code, by kind. */
export function countAnchored(
  stores: readonly SearchStore[],
  now: number,
): { readonly anchored: number; readonly byKind: Readonly<Record<string, number>> } {
  const byKind: Record<string, number> = {};
  let anchored = 0;
  for (const { projection, view } of stores) {
    const visible = projection.visibleRows(view, now);
    const columns = projection.columns();
    const kinds = columns.facet("kind");
    for (let row = 1; row < projection.rowLimit; row++) {
      if (!hasRow(visible, row) || !projection.isAnchored(row)) continue;
      const kind = columns.textOf(kinds[row] ?? 0) ?? "";
      byKind[kind] = (byKind[kind] ?? 0) + 1;
      anchored++;
    }
  }
  return { anchored, byKind };
}

/** Memories that a request sees, by how fresh they are. */
export function countFreshness(
  stores: readonly SearchStore[],
  now: number,
): Readonly<Record<(typeof FRESHNESS)[number], number>> {
  const counts = { fresh: 0, drifted: 0, orphaned: 0, unanchored: 0, unchecked: 0 };
  for (const { projection, view, freshness } of stores) {
    const visible = projection.visibleRows(view, now);
    for (let row = 1; row < projection.rowLimit; row++)
      if (hasRow(visible, row))
        counts[freshness?.of(row) ?? (projection.isAnchored(row) ? "unchecked" : "unanchored")]++;
  }
  return counts;
}

/** What the stores hold, how much of it the request sees, and what it takes on the disk. */
export async function collectStats(parts: StatsParts): Promise<StatsResult> {
  const { workspaceId, workspace, stores, accesses, now, planEstimateError } = parts;
  const byKind: Record<string, number> = {};
  const byScope: Record<string, number> = {};
  const total = { visible: 0, living: 0, pending: 0 };
  for (const { projection, view } of stores) {
    const counts = projection.counts();
    for (const [kind, count] of Object.entries(counts.byKind)) byKind[kind] = (byKind[kind] ?? 0) + count;
    for (const [scope, count] of Object.entries(counts.byScope)) byScope[scope] = (byScope[scope] ?? 0) + count;
    total.visible += countRows(projection.visibleRows(view, now));
    total.living += countRows(projection.livingRows(now));
    total.pending += projection.pending().length;
  }
  return {
    workspaceId,
    workspace,
    byKind,
    byScope,
    visible: total.visible,
    hidden: total.living - total.visible,
    pending: total.pending,
    stores: await Promise.all(
      accesses.map(async ({ store }, index) => {
        const { journalBytes, snapshotBytes } = await store.sizes();
        return {
          name: index === 0 ? ("workspace" as const) : ("user" as const),
          role: store.role.role,
          epoch: store.epoch,
          folder: store.folder,
          memories: store.projection.counts().memories,
          journalBytes,
          snapshotBytes,
          indexedTerms: store.text.stats().terms,
          planEstimateError,
        };
      }),
    ),
  };
}
