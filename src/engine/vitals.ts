import type { Vitals } from "../contract/explore.ts";
import type { Metrics } from "./operations/createMetrics.ts";
import type { StoreAccess } from "./storeAccess.ts";

/** How the engine does: how long it took lately, and what it holds on disk and in memory. */
export async function collectVitals(accesses: readonly StoreAccess[], metrics: Metrics): Promise<Vitals> {
  const stores = await Promise.all(
    accesses.map(async ({ store }, index) => {
      await store.sync();
      const { journalBytes, snapshotBytes } = await store.sizes();
      const { terms, bytes } = store.text.stats();
      return {
        name: index === 0 ? ("workspace" as const) : ("user" as const),
        memories: store.projection.counts().memories,
        journalBytes,
        snapshotBytes,
        indexedTerms: terms,
        indexBytes: bytes,
        role: store.role.role,
      };
    }),
  );
  return { latencies: metrics.minutes(), stores, memoryBytes: process.memoryUsage.rss() };
}
