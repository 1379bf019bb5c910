import { toErrorShape } from "../contract/errors.ts";
import type { JournalEvent, MemoryChanges } from "../contract/events.ts";
import type { Memory, Provenance } from "../contract/memory.ts";
import type { UpsertRequest } from "../contract/peer.ts";
import type { Settings } from "../contract/settings.ts";
import type { UpsertReport } from "../contract/upsert.ts";
import { foldMemories } from "./foldMemories.ts";
import { type Likeness, meaningThreshold, type TextJudge } from "./judgeTexts.ts";
import type { MemoryStore } from "./memoryStore.ts";
import { mergedInto } from "./mergeMemories.ts";
import { newMemory } from "./newMemory.ts";
import type { Clock } from "./ports.ts";
import { admitChanges, revisedEvent } from "./revisions.ts";
import type { Admission, Admitted } from "./seams.ts";
import { merge } from "./store/applyEvents.ts";
import { revise } from "./store/revise.ts";
import { upsertKey } from "./upsertKeys.ts";

export interface UpsertParts {
  readonly store: MemoryStore;
  readonly admission: Admission;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly settings: Pick<Settings, "duplicateSimilarity" | "duplicateMeaning">;
  /** Absent where there is no model. */
  readonly embed?: ((text: string) => Float32Array) | undefined;
}

export interface UpsertPlanParts extends UpsertParts {
  readonly judge: TextJudge;
  readonly request: UpsertRequest;
}

type Item = UpsertRequest["items"][number];
type MergedEvent = Extract<JournalEvent, { type: "merged" }>;

/** A memory that this call makes or merges into, as it is after the items so far. */
interface Standing {
  readonly base: Memory;
  readonly now: Memory;
  /** Of the item that created it; absent where it was there before. */
  readonly item?: number;
  readonly merged: readonly MergedEvent[];
  readonly changes: MemoryChanges;
  /** Ids of the memories that were merged into it. */
  readonly dropped: readonly string[];
  readonly origins: readonly Provenance[];
}

/** What one call does, decided item by item on the store as it would be then, and written in one append. */
export class UpsertPlan {
  readonly report: UpsertReport[] = [];
  readonly #parts: UpsertPlanParts;
  readonly #now: number;
  readonly #standing = new Map<string, Standing>();
  readonly #captured: Extract<JournalEvent, { type: "captured" }>[] = [];

  constructor(parts: UpsertPlanParts) {
    this.#parts = parts;
    this.#now = parts.clock.now();
  }

  async take(at: number, admitted: Admitted | Error): Promise<void> {
    const { request } = this.#parts;
    const item = request.items[at];
    if (item === undefined) return;
    const { index } = item;
    const { strategy } = request;
    if (admitted instanceof Error) {
      this.report.push({ index, outcome: "refused", strategy, changes: [], error: toErrorShape(admitted) });
      return;
    }
    const found = this.#best(item, admitted);
    try {
      if (found === undefined) this.#create(item, admitted);
      else await this.#fold(item, admitted, found);
    } catch (error) {
      this.report.push({ index, outcome: "refused", strategy, changes: [], error: toErrorShape(error) });
    }
  }

  /** Whether what is merged into is as it was when that was decided. */
  stillHolds(): boolean {
    return [...this.#standing.values()].every(({ base, item }) => {
      const stored = item === undefined ? this.#stored(base.id) : base;
      return stored === base || JSON.stringify(stored) === JSON.stringify(base);
    });
  }

  events(): readonly JournalEvent[] {
    const { undoToken } = this.#parts.request;
    const changed = [...this.#standing.values()].filter(({ dropped }) => dropped.length > 0);
    const events = changed.flatMap((standing): readonly JournalEvent[] => {
      const { base, merged, changes, dropped, origins } = standing;
      const revised = Object.keys(changes).length > 0;
      const into = mergedInto(base, { revised, origins });
      return [
        ...merged,
        ...(revised ? [this.#revised(base, dropped, changes)] : []),
        { type: "forgotten", ids: dropped, undoToken, at: this.#now, merged: into },
      ];
    });
    return [...this.#captured, ...events];
  }

  /** The most similar memory that the item may become one with. */
  #best(item: Item, admitted: Admitted): { readonly standing: Standing; readonly likeness: Likeness } | undefined {
    const { store, settings, request, judge } = this.#parts;
    const from = {
      words: request.threshold ?? settings.duplicateSimilarity,
      meaning: request.threshold ?? meaningThreshold(settings, admitted.kind),
    };
    const fits = (memory: Memory | undefined): boolean => this.#fits(memory, item, admitted);
    const twin = store.duplicates.find(
      admitted,
      (row) => store.projection.memory(row)?.content ?? "",
      (row) => fits(store.projection.memory(row)),
    );
    const twinId = twin === undefined ? undefined : store.projection.memory(twin.row)?.id;
    const created = [...this.#standing.values()].filter((one) => one.item !== undefined).map(({ base }) => base.id);
    let best: { readonly standing: Standing; readonly likeness: Likeness } | undefined;
    // Skipping for one that is hidden here would leave nothing of it here.
    const hidden = twinId === undefined || request.strategy === "skip" ? [] : [twinId];
    for (const id of new Set([...item.alike, ...created, ...hidden])) {
      const standing = this.#standing.get(id) ?? this.#unchanged(id);
      if (standing === undefined || !fits(standing.now)) continue;
      const likeness = judge.compare(standing.now.content, admitted.content, from);
      if (likeness !== undefined && likeness.similarity > (best?.likeness.similarity ?? 0))
        best = { standing, likeness };
    }
    return best;
  }

  #fits(memory: Memory | undefined, { sessionId }: Item, { scope }: Admitted): boolean {
    const { workspaceId, since } = this.#parts.request;
    return (
      memory !== undefined &&
      memory.scope === scope &&
      (scope === "user" || memory.workspaceId === workspaceId) &&
      (scope !== "session" || memory.sessionId === sessionId) &&
      (memory.expiresAt === undefined || memory.expiresAt > this.#now) &&
      (since === undefined || memory.timestamp >= since)
    );
  }

  #create(
    item: Item,
    admitted: Admitted,
    why: Pick<UpsertReport, "reason" | "conflict" | "similarity" | "by"> = {},
  ): void {
    const memory = this.#capture(item, admitted);
    this.#standing.set(memory.id, { ...nothingYet(memory), item: item.index });
    const { dryRun, strategy } = this.#parts.request;
    this.report.push({
      index: item.index,
      outcome: "created",
      ...(dryRun ? {} : { id: memory.id }),
      strategy,
      changes: [],
      ...why,
    });
  }

  async #fold(
    item: Item,
    admitted: Admitted,
    { standing, likeness }: { readonly standing: Standing; readonly likeness: Likeness },
  ): Promise<void> {
    const { request, admission } = this.#parts;
    const { base, now } = standing;
    // What is not visible to who asks holds on other branches: it is seen here from now on, and says what it said.
    const theirs = standing.item === undefined && !item.alike.includes(base.id);
    const strategy = theirs ? "prefer_existing" : request.strategy;
    const expiresAt = admitted.ttlSeconds === undefined ? undefined : this.#now + admitted.ttlSeconds * 1000;
    const kindNamed = item.candidate.kind !== undefined;
    const incoming = { admitted, kindNamed, ...(expiresAt === undefined ? {} : { expiresAt }) };
    const fold = foldMemories(now, incoming, strategy);
    const similarity = { similarity: Math.round(likeness.similarity * 1000) / 1000, by: likeness.by };
    const conflict = "conflict" in fold ? { conflict: this.#named(fold.conflict) } : {};
    if (fold.outcome === "created") {
      this.#create(item, admitted, { reason: fold.reason, ...conflict, ...similarity });
      return;
    }
    const { dryRun } = request;
    const isNew = standing.item !== undefined;
    // A dry run has no id of what it would create.
    const who = dryRun && isNew ? {} : { id: base.id, mergedWith: base.id };
    const entry = {
      ...{ index: item.index, ...who, ...similarity, strategy },
      ...(isNew ? { mergedWithItem: standing.item } : {}),
    };
    if (fold.outcome === "skipped") {
      this.report.push({ ...entry, outcome: "skipped", changes: [], reason: fold.reason });
      return;
    }
    const content = fold.text;
    const changes: MemoryChanges =
      content === undefined
        ? fold.changes
        : await admitChanges(admission, now, { workspace: request.workspace, changes: { content } }, this.#now);
    const after = this.#merged(item, admitted, standing, changes);
    const fields = CHANGING.filter((field) => JSON.stringify(after.now[field]) !== JSON.stringify(now[field]));
    if (fields.length === 0 && !theirs && now.content === admitted.content) {
      this.report.push({ ...entry, outcome: "skipped", changes: [], reason: "it is known already" });
      return;
    }
    const dropped = this.#capture(item, admitted).id;
    this.#standing.set(base.id, { ...after, dropped: [...after.dropped, dropped] });
    this.report.push({ ...entry, outcome: "merged", changes: fields, reason: fold.reason, ...conflict });
  }

  /** The standing memory with the item in it, through what the journal's events do to it. */
  #merged({ candidate: _, sessionId }: Item, admitted: Admitted, standing: Standing, changes: MemoryChanges): Standing {
    const { tags, metadata, anchors } = admitted;
    const provenance = this.#provenance(sessionId);
    const event: MergedEvent = { type: "merged", id: standing.base.id, provenance, tags, metadata, anchors };
    const merged = [...standing.merged, event];
    const all = { ...standing.changes, ...changes };
    const joined = merged.reduce(merge, standing.base);
    const now = Object.keys(all).length === 0 ? joined : revise(joined, this.#revised(standing.base, [], all));
    return { ...standing, merged, changes: all, now, origins: [...standing.origins, provenance] };
  }

  #revised(
    base: Memory,
    dropped: readonly string[],
    changes: MemoryChanges,
  ): Extract<JournalEvent, { type: "revised" }> {
    const { provenance } = this.#parts.request;
    const reason = `merged with ${dropped.join(", ")}`.slice(0, 1000);
    return revisedEvent({ id: base.id, provenance, reason }, changes, base.revision + 1);
  }

  #capture(item: Item, admitted: Admitted): Memory {
    const { newId, request } = this.#parts;
    const { index, sessionId } = item;
    const provenance = this.#provenance(sessionId);
    const origin = { workspaceId: request.workspaceId, provenance, ...(sessionId === undefined ? {} : { sessionId }) };
    const memory = newMemory(newId(), origin, admitted, this.#now);
    this.#captured.push({ type: "captured", memory, idempotencyKey: upsertKey(request.undoToken, index) });
    return memory;
  }

  #provenance(sessionId: string | undefined): Provenance {
    const { provenance } = this.#parts.request;
    return sessionId === undefined ? provenance : { ...provenance, sessionId };
  }

  /** A dry run has no id for what it would create. */
  #named({ id, ...conflict }: NonNullable<UpsertReport["conflict"]>): NonNullable<UpsertReport["conflict"]> {
    const known = id !== undefined && !(this.#parts.request.dryRun && this.#standing.get(id)?.item !== undefined);
    return { ...conflict, ...(known ? { id } : {}) };
  }

  #unchanged(id: string): Standing | undefined {
    const memory = this.#stored(id);
    return memory === undefined ? undefined : nothingYet(memory);
  }

  #stored(id: string): Memory | undefined {
    const { projection } = this.#parts.store;
    const row = projection.rowOf(id);
    return row === undefined ? undefined : projection.memory(row);
  }
}

const CHANGING = [
  "content",
  "title",
  "kind",
  "tags",
  "metadata",
  "anchors",
  "expiresAt",
] as const satisfies readonly (keyof Memory)[];

const nothingYet = (memory: Memory): Standing => ({
  base: memory,
  now: memory,
  merged: [],
  changes: {},
  dropped: [],
  origins: [],
});
