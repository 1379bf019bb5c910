import type { RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { ExploreApi, MergeInput, MergeResult } from "../contract/explore.ts";
import { anchoredMemories } from "./anchoredMemories.ts";
import { Browse, checkLength } from "./browse.ts";
import { ChangeWatch } from "./changeWatch.ts";
import { type DuplicatesParts, findDuplicates } from "./findDuplicates.ts";
import type { Freshnesses } from "./freshness.ts";
import { readLanes } from "./lanes.ts";
import { type Lineage, rootOf } from "./lineage.ts";
import { type Metrics, timed } from "./operations/createMetrics.ts";
import type { Clock, Logger } from "./ports.ts";
import type { Recall } from "./recall.ts";
import { relatedMemories } from "./relatedMemories.ts";
import type { GitLineage } from "./seams.ts";
import { holderOf, type StoreAccess } from "./storeAccess.ts";
import { textDocument } from "./textDocument.ts";
import { collectVitals } from "./vitals.ts";

export interface ExploreParts {
  readonly recall: Recall;
  readonly lineage: Lineage;
  readonly git: GitLineage;
  /** The workspace's store, then the user's where there is one. */
  readonly stores: () => Promise<readonly StoreAccess[]>;
  readonly metrics: Metrics;
  readonly freshness: Pick<Freshnesses, "version" | "withChanges">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newId: () => string;
  readonly queryTimeoutMs: number;
  readonly settings: DuplicatesParts["settings"];
  readonly workspace: string;
}

export interface Explore extends ExploreApi {
  close(): void;
}

/** What the explorer asks beside the tools: whole results with facets, details, lanes, duplicates, vitals, changes. */
export function createExplore(parts: ExploreParts): Explore {
  const { recall, lineage, git, stores, metrics, clock, workspace } = parts;
  const browse = new Browse(parts);
  const sketches: DuplicatesParts["sketches"] = new Map();
  const watch = new ChangeWatch({ ...parts, place: (folder) => lineage.place(folder) });
  return {
    browse: (query, context) => timed(parts, "browse", () => browse.browse(query, context)),
    browseRows: (window, context) => timed(parts, "browseRows", () => browse.browseRows(window, context)),
    detail: (id, context, query = "") =>
      timed(parts, "detail", async () => {
        checkLength(query);
        const { memory, view } = await recall.get(id, context);
        const { place, stores: seen } = await recall.standing(context);
        const history = [...(memory.history ?? [])].reverse();
        const holder = seen.find(({ projection }) => projection.rowOf(id) !== undefined);
        const reasons = query.trim() === "" ? [] : (holder?.text.explain(query, textDocument(memory)) ?? []);
        const row = holder?.projection.rowOf(id);
        const states = (row === undefined ? undefined : holder?.freshness.stateOf(row))?.anchors ?? [];
        return {
          memory,
          view: { ...view, reasons: [...reasons] },
          anchors: await parts.freshness.withChanges(states, memory, place),
          history,
          related: relatedMemories(memory, seen, clock.now()),
        };
      }),
    lanes: ({ limit }, context) =>
      timed(parts, "lanes", () => readLanes({ recall, git, now: clock.now() }, limit, context)),
    duplicates: (options, context) =>
      timed(parts, "duplicates", () =>
        findDuplicates({ recall, clock, sketches, settings: parts.settings }, options, context),
      ),
    merge: (input, context) =>
      timed(parts, "merge", () => mergeMemories(input, { lineage, accesses: stores, workspace }, context)),
    anchoredIn: (path, context) =>
      timed(parts, "anchoredIn", async () => {
        const { stores: seen } = await recall.standing(context);
        return anchoredMemories(path, seen, clock.now());
      }),
    vitals: async () => collectVitals(await stores(), metrics),
    onChange: (listener) => watch.listen(listener),
    headMoved: (folder) => watch.headMoved(folder),
    close: () => {
      browse.close();
      watch.close();
    },
  };
}

async function mergeMemories(
  { keep, drop, content }: MergeInput,
  parts: Pick<ExploreParts, "lineage" | "workspace"> & { readonly accesses: ExploreParts["stores"] },
  context: RequestContext,
): Promise<MergeResult> {
  const { lineage, accesses, workspace } = parts;
  const opened = await accesses();
  const [keeps, drops] = [await holderOf(opened, keep), await holderOf(opened, drop)];
  if (keeps !== drops)
    throw new HeirloomError(
      "INVALID_INPUT",
      "One belongs to the user and the other to the repository: forget the one that you don't need.",
    );
  const place = await lineage.place(context.workspace ?? workspace);
  return keeps.merge({
    keep,
    drop,
    ...(content === undefined ? {} : { content }),
    workspace: rootOf(place),
    provenance: await lineage.origin(place, context),
  });
}
