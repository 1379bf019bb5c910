import type { ExploreApi } from "../contract/explore.ts";
import type { GitLineage } from "./seams.ts";
import type { Lineage } from "./lineage.ts";
import type { Metrics } from "./operations/createMetrics.ts";
import type { Clock, Logger } from "./ports.ts";
import type { Recall } from "./recall.ts";
import type { StoreAccess } from "./storeAccess.ts";

export interface ExploreParts {
  readonly recall: Recall;
  readonly lineage: Lineage;
  readonly git: GitLineage;
  /** The workspace's store, then the user's where there is one. */
  readonly stores: () => Promise<readonly StoreAccess[]>;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly workspace: string;
  readonly workspaceId: string;
}

export interface Explore extends ExploreApi {
  close(): void;
}

/** What the explorer asks beside the tools: whole results with facets, details, lanes, duplicates, vitals, changes. */
export function createExplore(_parts: ExploreParts): Explore {
  throw new Error("being built");
}
