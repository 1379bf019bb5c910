import type { JournalEvent, MergedInto, RecordedEvent } from "../../contract/events.ts";
import type { Memory, Provenance } from "../../contract/memory.ts";
import { withOutcome } from "../../contract/use.ts";
import { comparableText } from "./comparable.ts";
import { addExample } from "./examples.ts";
import type { MemoryTables } from "./memoryTables.ts";
import type { SqlDatabase } from "./sqlEngine.ts";
import { followed, related, supersededIds } from "./relations.ts";
import { revise } from "./revise.ts";
import { addFacts, addMapping } from "./rewrites.ts";
import { addVerdicts } from "./sharedVerdicts.ts";
import { Unlearned } from "./unlearned.ts";
import { unmerge } from "./unmerge.ts";
import { originText, provenanceRule } from "./visibility.ts";

/** A row that events touched, as it is after them. */
export interface TouchedRow {
  readonly memory: Memory;
  readonly living: boolean;
}

export interface Applied {
  readonly lastSeq: number;
  readonly touched: ReadonlyMap<number, TouchedRow>;
  /** Text was overwritten or erased. */
  readonly overwritten: boolean;
}

/** The most tags, and the most anchors, that merging may bring a memory to. */
const MERGED_LIMIT = 64;
/** From this many provenances on, one that makes the memory visible nowhere else is not kept: a hook may repeat an event all day. */
const PROVENANCE_LIMIT = 256;

/**
 * Applies the events after `lastSeq` to the tables, inside the caller's transaction. An event about an unknown id changes nothing;
 * one about a forgotten memory changes what would be restored.
 */
export function applyEvents(
  database: SqlDatabase,
  tables: MemoryTables,
  events: readonly RecordedEvent[],
  lastSeq: number,
): Applied {
  const touched = new Map<number, TouchedRow>();
  let seq = lastSeq;
  const batch = new Batch(database, tables, touched);
  for (const recorded of events) {
    if (recorded.seq <= seq) continue;
    batch.apply(recorded.seq, recorded.event);
    seq = recorded.seq;
  }
  return { lastSeq: seq, touched, overwritten: batch.overwritten };
}

class Batch {
  overwritten = false;
  readonly #database: SqlDatabase;
  readonly #tables: MemoryTables;
  readonly #touched: Map<number, TouchedRow>;
  readonly #unlearned: Unlearned;

  constructor(database: SqlDatabase, tables: MemoryTables, touched: Map<number, TouchedRow>) {
    this.#database = database;
    this.#tables = tables;
    this.#touched = touched;
    this.#unlearned = new Unlearned(database);
  }

  apply(seq: number, event: JournalEvent): void {
    switch (event.type) {
      case "captured":
        this.#captured(seq, event);
        break;
      case "merged":
        this.#key(event.idempotencyKey, this.#rowOf(event.id), seq);
        this.#change(event.id, (memory) => merge(memory, event));
        break;
      case "revised":
        this.overwritten = true;
        this.#change(event.id, (memory) => revise(memory, event));
        break;
      case "forgotten":
        this.#forgotten(seq, event);
        break;
      case "restored":
        this.#restored(event);
        break;
      case "bound":
        for (const id of event.ids)
          this.#change(id, (memory) => bind(memory, event.worktree, event.commit, event.branch));
        break;
      case "fingerprinted":
        this.#change(event.id, (memory) => ({
          ...memory,
          fingerprints: { ...event.fingerprints, ...memory.fingerprints },
        }));
        break;
      case "observed":
        addFacts(this.#database, seq, event.facts);
        break;
      case "mapped":
        addMapping(this.#database, seq, event.mapping);
        break;
      case "related":
        this.#related(event);
        break;
      case "shared":
        addVerdicts(this.#database, seq, event);
        break;
      case "moved":
        for (const id of event.ids) this.#change(id, (memory) => move(memory, event.commit, event.branch));
        break;
      case "feedback":
        for (const id of event.ids)
          this.#change(id, (memory) => ({ ...memory, use: withOutcome(memory.use, event.outcome, event.at) }));
        if (event.example !== undefined) addExample(this.#database, seq, event.example);
        break;
      case "rankingReset":
        this.#database.run("DELETE FROM example");
        break;
      case "unlearned":
        this.#unlearned.add(event.keys, seq);
    }
  }

  #captured(seq: number, event: Extract<JournalEvent, { type: "captured" }>): void {
    const { memory } = event;
    if (!this.#tables.insert(seq, memory)) {
      const holder = this.#rowOf(memory.id);
      if (holder === undefined || this.#read(holder)?.living !== false) return;
      // The id of a forgotten memory is captured anew, by an import for instance: then there is nothing left to restore.
      this.#erase(holder);
      this.#tables.insert(seq, memory);
    }
    this.#touched.set(seq, { memory, living: true });
    this.#key(event.idempotencyKey, seq, seq);
    this.#unlearned.captured(memory, event.idempotencyKey);
  }

  #forgotten(seq: number, event: Extract<JournalEvent, { type: "forgotten" }>): void {
    for (const id of event.ids) {
      const row = this.#rowOf(id);
      const held = row === undefined ? undefined : this.#read(row);
      if (row === undefined || held === undefined) continue;
      if (!held.living) {
        // What can still be brought back is given up as well when it is forgotten for good.
        if (event.undoToken !== "") continue;
        this.#database.run("UPDATE forgotten SET token = '', at = 0, seq = ? WHERE row = ?", seq, row);
        this.#unlearned.givenUp(row, seq);
        continue;
      }
      this.#tables.setLiving(row, false);
      this.#database.run(
        "INSERT INTO forgotten VALUES (?, ?, ?, ?, ?)",
        row,
        comparableText(event.undoToken),
        // Without a token there is no way back: as if the time for it had passed long ago.
        event.undoToken === "" ? 0 : event.at,
        seq,
        event.merged === undefined ? null : JSON.stringify(event.merged),
      );
      this.#unlearned.forgot(row, held.memory, seq);
      this.#touched.set(row, { memory: held.memory, living: false });
      this.#follow(held.memory, false);
    }
  }

  #restored({ undoToken, ids }: Extract<JournalEvent, { type: "restored" }>): void {
    const rows = this.#database.all("SELECT row, merged FROM forgotten WHERE token = ?", comparableText(undoToken));
    for (const [value, json] of rows) {
      const row = Number(value);
      const held = this.#read(row);
      if (held === undefined || ids?.includes(held.memory.id) === false) continue;
      if (typeof json === "string") {
        const merged = JSON.parse(json) as MergedInto;
        this.overwritten = true;
        this.#change(merged.id, (memory) => unmerge(memory, merged));
      }
      this.#tables.setLiving(row, true);
      this.#database.run("DELETE FROM forgotten WHERE row = ?", row);
      this.#unlearned.restored(row);
      this.#touched.set(row, { memory: held.memory, living: true });
      this.#follow(held.memory, true);
    }
  }

  #change(id: string, change: (memory: Memory) => Memory): void {
    const row = this.#rowOf(id);
    const held = row === undefined ? undefined : this.#read(row);
    if (row === undefined || held === undefined) return;
    const memory = change(held.memory);
    if (memory === held.memory) return;
    this.#tables.replace(row, held.memory, memory);
    this.#touched.set(row, { memory, living: held.living });
    if (originText(memory) !== originText(held.memory)) this.#follow(memory, held.living);
  }

  #related(event: Extract<JournalEvent, { type: "related" }>): void {
    const held = (id: string): TouchedRow | undefined => {
      const row = this.#rowOf(id);
      return row === undefined ? undefined : this.#read(row);
    };
    const [from, to] = [held(event.from), held(event.to)];
    if (from === undefined || to === undefined || event.from === event.to) return;
    this.#change(event.from, (memory) => related(memory, event, to));
    this.#change(event.to, (memory) => related(memory, event, from));
  }

  /** What it stands in the place of is hidden exactly where it is seen. */
  #follow(memory: Memory, isLiving: boolean): void {
    for (const id of supersededIds(memory)) this.#change(id, (old) => followed(old, memory, isLiving));
  }

  #erase(row: number): void {
    const held = this.#read(row);
    if (held === undefined) return;
    this.overwritten = true;
    this.#tables.erase(row, held.memory);
    this.#touched.set(row, { memory: held.memory, living: false });
  }

  #key(key: string | undefined, row: number | undefined, seq: number): void {
    if (key === undefined || row === undefined) return;
    this.#database.run("INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?)", comparableText(key), row, seq);
  }

  #rowOf(id: string): number | undefined {
    const row = this.#database.first("SELECT row FROM memory WHERE id = ?", comparableText(id))?.[0];
    return typeof row === "number" ? row : undefined;
  }

  #read(row: number): TouchedRow | undefined {
    const touched = this.#touched.get(row);
    if (touched !== undefined) return touched;
    const memory = this.#tables.read(row);
    if (memory === undefined) return undefined;
    return { memory, living: this.#database.first("SELECT living FROM memory WHERE row = ?", row)?.[0] === 1 };
  }
}

/** The memory after a duplicate arrived. */
export function merge(memory: Memory, event: Extract<JournalEvent, { type: "merged" }>): Memory {
  const tags = memory.tags
    .concat(event.tags.filter((tag) => !memory.tags.includes(tag)))
    .slice(0, limitFor(memory.tags));
  const known = new Set(memory.anchors.map((anchor) => anchorText(anchor)));
  const anchors = memory.anchors
    .concat(event.anchors.filter((anchor) => !known.has(anchorText(anchor))))
    .slice(0, limitFor(memory.anchors));
  const metadata = Object.keys(event.metadata).every((key) => Object.hasOwn(memory.metadata, key))
    ? memory.metadata
    : { ...event.metadata, ...memory.metadata };
  const mergedFrom = keepsProvenance(memory, event.provenance)
    ? [...memory.mergedFrom, event.provenance]
    : memory.mergedFrom;
  return {
    ...memory,
    mergedFrom,
    metadata,
    tags: tags.length === memory.tags.length ? memory.tags : [...new Set(tags)],
    anchors: anchors.length === memory.anchors.length ? memory.anchors : anchors,
    ...(event.fingerprints === undefined ? {} : { fingerprints: { ...memory.fingerprints, ...event.fingerprints } }),
  };
}

const limitFor = (list: readonly unknown[]): number => Math.max(MERGED_LIMIT, list.length);

const anchorText = ({ path, symbol, startLine, endLine }: Memory["anchors"][number]): string =>
  JSON.stringify([path, symbol, startLine, endLine]);

function keepsProvenance(memory: Memory, provenance: Provenance): boolean {
  const known = [memory.provenance, ...memory.mergedFrom];
  const text = provenanceText(provenance);
  if (known.some((other) => other.at === provenance.at && provenanceText(other) === text)) return false;
  if (known.length < PROVENANCE_LIMIT) return true;
  const rule = provenanceRule(provenance);
  return !known.some((other) => provenanceRule(other) === rule);
}

const provenanceText = (provenance: Provenance): string => JSON.stringify(Object.entries(provenance).sort());

/** The provenances of the memory that wait in `worktree` now belong to `commit`. */
function move(memory: Memory, commit: string, branch: string | undefined): Memory {
  const { branch: _before, ...provenance } = memory.provenance;
  const moved = { ...provenance, commit, pending: false, ...(branch === undefined ? {} : { branch }) };
  return { ...memory, provenance: moved };
}

function bind(memory: Memory, worktree: string, commit: string, branch: string | undefined): Memory {
  const waits = (provenance: Provenance): boolean => provenance.pending && provenance.worktree === worktree;
  const bound = (provenance: Provenance): Provenance =>
    waits(provenance)
      ? { ...provenance, pending: false, commit, ...(branch === undefined ? {} : { branch }) }
      : provenance;
  if (!waits(memory.provenance) && !memory.mergedFrom.some(waits)) return memory;
  return { ...memory, provenance: bound(memory.provenance), mergedFrom: memory.mergedFrom.map(bound) };
}
