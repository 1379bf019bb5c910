import { HeirloomError, toErrorShape } from "../contract/errors.ts";
import type { JournalEvent } from "../contract/events.ts";
import type { MergeResult } from "../contract/explore.ts";
import type { Anchor, Memory, Provenance } from "../contract/memory.ts";
import {
  type ForgetRequest,
  type MergeRequest,
  type NoteRequest,
  type RememberOutcome,
  type RememberRequest,
  type RestoreAnswer,
  type RestoreRequest,
  type ReviseRequest,
  type StoreWrites,
  UPSERT_TOKEN,
  type UpsertAnswer,
  type UpsertRequest,
} from "../contract/peer.ts";
import { duplicateByMeaning } from "./duplicateByMeaning.ts";
import { mergeEvents } from "./mergeMemories.ts";
import { newMemory } from "./newMemory.ts";
import type { Fingerprints, ReadAnchors } from "./anchorReader.ts";
import { admitChanges, admitHistory, revisedEvent } from "./revisions.ts";
import type { Admission, Admitted, DuplicateIndex } from "./seams.ts";
import { Upsert } from "./upsert.ts";
import { createdBy } from "./upsertKeys.ts";
import type { UpsertParts } from "./upsertPlan.ts";

export interface RememberParts extends UpsertParts {
  readonly createDuplicateIndex: () => DuplicateIndex;
  /** What anchors speak of in a work tree now, but for those of which it is known. */
  readonly readAnchors: (
    anchors: readonly Anchor[],
    workspace: string,
    known: Fingerprints | undefined,
  ) => Promise<ReadAnchors>;
}

/** Provenances that one memory keeps of the captures merged into it; more of the same tell nothing new. */
const MOST_PROVENANCES = 32;

/** The way in, for the owner of a store: capture -> admit -> journal -> store -> indexing. */
export class Remember implements StoreWrites {
  readonly #parts: RememberParts;
  readonly #arriving: Arrivals;
  readonly #upsert: Upsert;
  readonly #noting = new Set<Promise<void>>();

  constructor(parts: RememberParts) {
    this.#parts = parts;
    this.#arriving = new Arrivals(parts.createDuplicateIndex());
    this.#upsert = new Upsert(parts);
  }

  async remember(asked: readonly RememberRequest[]): Promise<readonly RememberOutcome[]> {
    const first = asked[0];
    if (first === undefined) return [];
    const requests = await Promise.all(asked.map((request) => withScreenedHistory(this.#parts.admission, request)));
    const admitted = await this.#parts.admission.admitMany(
      requests.map((request) => request.candidate),
      { workspace: first.workspace },
    );
    const read = await Promise.all(admitted.map((one, index) => this.#read(one, requests[index])));
    // One append for the whole batch, decided in order and without a pause, so that a batch finds duplicates within itself.
    const batch = new Batch();
    const late: LatePrints[] = [];
    const outcomes = requests.map((request, index) => {
      const one = admitted[index];
      if (one === undefined || one instanceof Error) return { failed: one ?? new Error("not admitted") };
      try {
        const outcome = this.#decide(request, one, read[index]?.ready ?? {}, batch, requests.length === 1);
        if (outcome.ok) late.push({ id: outcome.result.id, prints: read[index]?.late });
        return outcome;
      } catch (error) {
        return { failed: error };
      }
    });
    try {
      await Promise.all(batch.awaited);
      await this.#parts.store.commit(batch.events);
    } catch (error) {
      batch.settle(error);
      throw error;
    } finally {
      for (const slot of batch.slots) this.#arriving.remove(slot);
    }
    batch.settle();
    for (const one of late) this.#noteLate(one);
    return outcomes.map((outcome) =>
      "failed" in outcome ? { ok: false, error: toErrorShape(outcome.failed) } : outcome,
    );
  }

  /** What the anchors of a capture speak of; nothing of an import, which speaks of what was. */
  async #read(admitted: Admitted | Error, request: RememberRequest | undefined): Promise<ReadAnchors | undefined> {
    if (admitted instanceof Error || admitted.anchors.length === 0 || request?.readAnchors !== true) return undefined;
    return this.#parts.readAnchors(admitted.anchors, request.workspace, request.fingerprints);
  }

  /** What takes longer than a capture waits is noted when it is there. */
  #noteLate({ id, prints }: LatePrints): void {
    if (prints === undefined) return;
    const noted = prints
      .then(async (fingerprints) => {
        if (Object.keys(fingerprints).length > 0)
          await this.#parts.store.commit([{ type: "fingerprinted", id, fingerprints }]);
      })
      // The memory is there; its anchors stay unchecked.
      .catch(() => undefined)
      .finally(() => this.#noting.delete(noted));
    this.#noting.add(noted);
  }

  /** Resolves when what was noted late is written. */
  async settled(): Promise<void> {
    await Promise.all(this.#noting);
  }

  async revise(request: ReviseRequest): Promise<{ readonly id: string; readonly revision: number }> {
    const { store, admission, clock } = this.#parts;
    const admitted = await admitChanges(admission, this.#living(request.id), request, clock.now());
    const read =
      admitted.anchors === undefined
        ? undefined
        : await this.#parts.readAnchors(admitted.anchors, request.workspace, request.fingerprints);
    const changes = read === undefined ? admitted : { ...admitted, fingerprints: read.ready };
    const revision = this.#living(request.id).revision + 1;
    await store.commit([revisedEvent(request, changes, revision)]);
    this.#noteLate({ id: request.id, prints: read?.late });
    return { id: request.id, revision };
  }

  async merge(request: MergeRequest): Promise<MergeResult> {
    const { store, admission, clock, newId } = this.#parts;
    const { keep, drop, content, undoToken = newId() } = request;
    if (keep === drop) throw new HeirloomError("INVALID_INPUT", "A memory can't be merged with itself: name two.");
    // Who asked may not have heard the answer: then it is done already.
    const done = (): boolean => store.projection.undoable(undoToken).includes(drop);
    if (done()) return { id: keep, revision: this.#living(keep).revision, undoToken };
    const kept = this.#living(keep);
    const admitted =
      content === undefined
        ? {}
        : await admitChanges(admission, kept, { ...request, changes: { content } }, clock.now());
    const events = mergeEvents(this.#living(keep), this.#living(drop), {
      ...request,
      changes: admitted,
      undoToken,
      now: clock.now(),
    });
    await store.commit(events);
    return { id: keep, revision: this.#living(keep).revision, undoToken };
  }

  async forget(request: ForgetRequest): Promise<{ readonly undoToken?: string }> {
    const { store, clock, newId } = this.#parts;
    const { projection } = store;
    const ids = request.ids.filter(
      (id) => projection.rowOf(id) !== undefined || (request.now && projection.isForgotten(id)),
    );
    const undoToken = request.now ? "" : (request.undoToken ?? newId());
    if (ids.length > 0) await store.commit([{ type: "forgotten", ids, undoToken, at: clock.now() }]);
    if (!request.now) return { undoToken };
    await store.compact({ purge: true });
    return {};
  }

  upsert(request: UpsertRequest): Promise<UpsertAnswer> {
    return this.#upsert.run(request);
  }

  async restore({ undoToken, ids: only }: RestoreRequest): Promise<RestoreAnswer> {
    const { store, clock } = this.#parts;
    const all = store.projection.undoable(undoToken);
    const ids = only === undefined ? all : all.filter((id) => only.includes(id));
    const created = only === undefined ? createdBy(store.projection, undoToken) : [];
    const mayUndo = ids.length > 0 || created.some((id) => store.mayUndo(this.#living(id).provenance.at));
    if (!mayUndo) {
      throw new HeirloomError(
        "NOT_FOUND",
        "Nothing can be brought back with this undo token: it is unknown, used, or the time for undoing is over.",
      );
    }
    const at = clock.now();
    const restored: JournalEvent = { type: "restored", undoToken, at, ...(only === undefined ? {} : { ids: only }) };
    if (!undoToken.startsWith(UPSERT_TOKEN)) {
      await store.commit([restored]);
      return { restored: ids.length };
    }
    return this.#takeBack(restored, ids, created);
  }

  /** What an upsert merged in is restored only to be taken out of what it was merged into, and what it created is forgotten. */
  async #takeBack(
    restored: Extract<JournalEvent, { type: "restored" }>,
    ids: readonly string[],
    created: readonly string[],
  ): Promise<RestoreAnswer> {
    const { store, newId } = this.#parts;
    const { at } = restored;
    const into = new Set<string>();
    for (const { undoToken, mergedInto } of store.projection.forgotten())
      if (undoToken === restored.undoToken && mergedInto !== undefined) into.add(mergedInto);
    for (const id of created) into.delete(id);
    const redo = newId();
    await store.commit([
      ...(ids.length === 0 ? [] : [restored, { type: "forgotten", ids, undoToken: "", at } as const]),
      ...(created.length === 0 ? [] : [{ type: "forgotten", ids: created, undoToken: redo, at } as const]),
    ]);
    return {
      restored: into.size,
      forgotten: created.length,
      ...(created.length === 0 ? {} : { undoToken: redo }),
    };
  }

  async note(requests: readonly NoteRequest[]): Promise<void> {
    const { projection } = this.#parts.store;
    const pending = new Set(projection.pending().map(({ id }) => id));
    const news = requests.filter((request) => {
      if (request.type === "bound") return request.ids.some((id) => pending.has(id));
      if (request.type !== "observed") return true;
      return JSON.stringify(projection.commitFacts(request.facts.commit)) !== JSON.stringify(request.facts);
    });
    await this.#parts.store.commit(news);
  }

  /** What becomes of one admitted candidate. Synchronous: between looking for duplicates and joining the batch nothing else happens. */
  #decide(
    request: RememberRequest,
    admitted: Admitted,
    fingerprints: Fingerprints,
    batch: Batch,
    alone: boolean,
  ): RememberOutcome {
    const { store, newId } = this.#parts;
    const result = (id: string, outcome: "created" | "merged" | "duplicate"): RememberOutcome => ({
      ok: true,
      result: { id, outcome, redactions: admitted.redactions, provenance: request.provenance },
    });
    if (request.idempotencyKey !== undefined) {
      const id = store.projection.keyed(request.idempotencyKey);
      if (id !== undefined) return result(id, "duplicate");
      const arriving = this.#arriving.keyed(request.idempotencyKey);
      if (arriving !== undefined) {
        batch.await(arriving.durable);
        return result(arriving.id, "duplicate");
      }
    }
    const wanted = request.restored?.id;
    const arrivingTwin = wanted === undefined ? undefined : this.#arriving.identified(wanted);
    const known = wanted === undefined ? undefined : (this.#known(wanted) ?? arrivingTwin?.memory);
    if (known !== undefined) {
      if (known.content === admitted.content) {
        if (arrivingTwin !== undefined) batch.await(arrivingTwin.durable);
        return result(known.id, "duplicate");
      }
      throw new HeirloomError(
        "INVALID_INPUT",
        `The id ${known.id} is taken by another memory; leave the id out to get a new one.`,
      );
    }
    const duplicate = request.dedupe === "none" ? undefined : this.#duplicateOf(request, admitted, alone);
    if (duplicate !== undefined) {
      if (duplicate.durable !== undefined) batch.await(duplicate.durable);
      if (request.dedupe === "skip" || !tellsMore(duplicate.memory, request.provenance))
        return result(duplicate.memory.id, "duplicate");
      batch.events.push({
        type: "merged",
        id: duplicate.memory.id,
        provenance: request.provenance,
        tags: admitted.tags,
        metadata: admitted.metadata,
        anchors: admitted.anchors,
        ...(Object.keys(fingerprints).length === 0 ? {} : { fingerprints }),
        ...(request.idempotencyKey === undefined ? {} : { idempotencyKey: request.idempotencyKey }),
      });
      return result(duplicate.memory.id, "merged");
    }
    const superseded = (request.supersedes ?? []).map((id) => this.#living(id).id);
    const memory = newMemory(request.restored?.id ?? newId(), request, admitted, this.#parts.clock.now(), fingerprints);
    batch.events.push({
      type: "captured",
      memory,
      ...(request.idempotencyKey === undefined ? {} : { idempotencyKey: request.idempotencyKey }),
    });
    const { at, author, agent } = request.provenance;
    for (const to of superseded)
      batch.events.push({
        ...{ type: "related", from: memory.id, to, relation: "supersedes", at },
        ...(author === undefined ? {} : { author }),
        ...(agent === undefined ? {} : { agent }),
      });
    batch.slots.push(this.#arriving.add(memory, request.idempotencyKey, batch.durable));
    return result(memory.id, "created");
  }

  #duplicateOf(
    request: RememberRequest,
    admitted: Admitted,
    alone: boolean,
  ): { readonly memory: Memory; readonly durable?: Promise<void> } | undefined {
    const { store, clock } = this.#parts;
    const now = clock.now();
    const fits = (memory: Memory | undefined): boolean =>
      memory !== undefined &&
      // What it stands in the place of may differ in a word.
      request.supersedes?.includes(memory.id) !== true &&
      memory.scope === admitted.scope &&
      (memory.scope === "user" || memory.workspaceId === request.workspaceId) &&
      (memory.scope !== "session" || memory.sessionId === request.sessionId) &&
      (memory.expiresAt === undefined || memory.expiresAt > now);
    const stored = store.duplicates.find(
      admitted,
      (row) => store.projection.memory(row)?.content ?? "",
      (row) => fits(store.projection.memory(row)),
    );
    const memory = stored === undefined ? undefined : store.projection.memory(stored.row);
    if (memory !== undefined) return { memory };
    const arriving = this.#arriving.find(admitted, fits);
    // An import, or many writers at once, are compared by words alone: looking through all vectors for each would cost more than it finds.
    if (arriving !== undefined || !alone || !this.#arriving.isEmpty) return arriving;
    const close = duplicateByMeaning(admitted, fits, this.#parts);
    return close === undefined ? undefined : { memory: close };
  }

  #known(id: string): Memory | undefined {
    const { projection } = this.#parts.store;
    const row = projection.rowOf(id);
    return row === undefined ? undefined : projection.memory(row);
  }

  #living(id: string): Memory {
    const memory = this.#known(id);
    if (memory === undefined) throw new HeirloomError("NOT_FOUND", `There is no memory with the id ${id}.`);
    return memory;
  }
}

interface LatePrints {
  readonly id: string;
  readonly prints: Promise<Fingerprints> | undefined;
}

/** What one call to `remember` appends, and what it waits for. */
class Batch {
  readonly events: JournalEvent[] = [];
  readonly slots: number[] = [];
  readonly awaited: Promise<void>[] = [];
  /** Resolves when the events of this batch are durable. */
  readonly durable: Promise<void>;
  #resolve: () => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor() {
    this.durable = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Nobody may be waiting for this batch.
    this.durable.catch(() => undefined);
  }

  await(durable: Promise<void>): void {
    if (durable !== this.durable) this.awaited.push(durable);
  }

  settle(error?: unknown): void {
    if (error === undefined) this.#resolve();
    else this.#reject(error);
  }
}

interface Arrival {
  readonly memory: Memory;
  readonly key: string | undefined;
  readonly durable: Promise<void>;
}

/** Memories that were decided upon but are not durable yet: a duplicate that arrives meanwhile must find them. */
class Arrivals {
  readonly #index: DuplicateIndex;
  readonly #slots: (Arrival | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #byKey = new Map<string, Arrival>();
  readonly #byId = new Map<string, Arrival>();

  constructor(index: DuplicateIndex) {
    this.#index = index;
  }

  add(memory: Memory, key: string | undefined, durable: Promise<void>): number {
    const slot = this.#free.pop() ?? this.#slots.length;
    const arrival = { memory, key, durable };
    this.#slots[slot] = arrival;
    this.#index.add(slot, memory.signature);
    this.#byId.set(memory.id, arrival);
    if (key !== undefined) this.#byKey.set(key, arrival);
    return slot;
  }

  remove(slot: number): void {
    const arrival = this.#slots[slot];
    if (arrival?.key !== undefined) this.#byKey.delete(arrival.key);
    if (arrival !== undefined) this.#byId.delete(arrival.memory.id);
    this.#slots[slot] = undefined;
    this.#index.remove(slot);
    this.#free.push(slot);
  }

  keyed(key: string): { readonly id: string; readonly durable: Promise<void> } | undefined {
    const arrival = this.#byKey.get(key);
    return arrival === undefined ? undefined : { id: arrival.memory.id, durable: arrival.durable };
  }

  identified(id: string): Arrival | undefined {
    return this.#byId.get(id);
  }

  get isEmpty(): boolean {
    return this.#free.length === this.#slots.length;
  }

  find(admitted: Admitted, fits: (memory: Memory | undefined) => boolean): Arrival | undefined {
    if (this.isEmpty) return undefined;
    const found = this.#index.find(
      admitted,
      (slot) => this.#slots[slot]?.memory.content ?? "",
      (slot) => fits(this.#slots[slot]?.memory),
    );
    return found === undefined ? undefined : this.#slots[found.row];
  }
}

async function withScreenedHistory(admission: Admission, request: RememberRequest): Promise<RememberRequest> {
  const history = request.restored?.history;
  if (history === undefined || history.length === 0) return request;
  return { ...request, restored: { ...request.restored, history: await admitHistory(admission, history, request) } };
}

/** Whether a capture from `provenance` adds anything to what the memory knows of its origins. */
function tellsMore(memory: Memory, provenance: Provenance): boolean {
  if (memory.mergedFrom.length < MOST_PROVENANCES) return true;
  const place = ({ branch, commit, pending, worktree }: Provenance): string =>
    JSON.stringify([branch, commit, pending, pending ? worktree : undefined]);
  return ![memory.provenance, ...memory.mergedFrom].some((known) => place(known) === place(provenance));
}
