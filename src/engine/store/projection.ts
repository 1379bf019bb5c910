import type { CommitFacts, CommitMapping, MergedInto, RecordedEvent } from "../../contract/events.ts";
import type { RankingExample } from "../../contract/ranking.ts";
import type { Condition } from "../../contract/filter.ts";
import type { Memory } from "../../contract/memory.ts";
import { addRow, emptyRowSet, hasRow, intersectRows, type RowSet } from "../../contract/rowSet.ts";
import { shortCommit } from "../../contract/shortCommit.ts";
import type { Use } from "../../contract/use.ts";
import type {
  ForgottenMemory,
  LineageView,
  PendingMemory,
  Projection,
  ProjectionDelta,
  RowColumns,
  Sessions,
  SharedVerdicts,
} from "../seams.ts";
import { AnchorPaths } from "./anchorPaths.ts";
import { type Applied, applyEvents } from "./applyEvents.ts";
import { comparableText } from "./comparable.ts";
import { COLUMN_WORDS } from "./codeColumns.ts";
import { type CompiledFilter, compileFilter } from "./compileFilter.ts";
import { Estimator } from "./estimator.ts";
import { readExamples } from "./examples.ts";
import { livingEvents } from "./livingEvents.ts";
import { compileMatcher } from "./matchCondition.ts";
import { MemoryCache } from "./memoryCache.ts";
import { MemoryTables } from "./memoryTables.ts";
import { newestRows } from "./newestRows.ts";
import { RecentChanges } from "./recentChanges.ts";
import { anchorCodes, codesOf } from "./rowCodes.ts";
import { readCarriers, readFacts, readMappings } from "./rewrites.ts";
import { readVerdicts } from "./sharedVerdicts.ts";
import { RowTable } from "./rowTable.ts";
import type { SqlDatabase } from "./sqlEngine.ts";
import { visibilityText, whyHidden } from "./visibility.ts";
import { VisibleSets } from "./visibleSets.ts";
import { Words } from "./words.ts";

/** What is kept of the tables beside SQL; made anew from them after a failure. */
interface Beside {
  readonly words: Words;
  readonly tables: MemoryTables;
  readonly rows: RowTable;
  readonly visible: VisibleSets;
  readonly estimator: Estimator;
}

/** The projection over a database whose schema is up to date. */
export class SqlProjection implements Projection {
  readonly #database: SqlDatabase;
  readonly #cache = new MemoryCache(8_000, 8_000_000);
  #beside: Beside;
  /** Made when first asked for, and kept up then. */
  #anchors: AnchorPaths | undefined;
  #lastSeq: number;
  #version = 0;
  readonly #changes = new RecentChanges();
  #pending: { readonly version: number; readonly list: readonly PendingMemory[] } = { version: -1, list: [] };
  /** Read when first asked for, and kept up then. */
  #uses: Map<number, Use> | undefined;
  #examples: readonly RankingExample[] | undefined;
  #mappings: readonly CommitMapping[] | undefined;
  #shared: SharedVerdicts | undefined;
  /** Text was erased or overwritten since the database was last written anew. */
  #scrub = false;
  /** The tests that the running filter calls. */
  #filter: CompiledFilter = { sql: "", values: [], texts: [], points: [], rows: [] };

  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#lastSeq = this.#storedSeq();
    this.#beside = this.#load(RowTable.load(database));
    database.define("holds_text", (slot: number, text: unknown) =>
      typeof text === "string" && this.#filter.texts[slot]?.(text) === true ? 1 : 0,
    );
    database.define("holds_row", (slot: number, row: number) =>
      hasRow(this.#filter.rows[slot] ?? NO_ROWS, row) ? 1 : 0,
    );
    database.define("holds_point", (slot: number, lat: number, lon: number) =>
      this.#filter.points[slot]?.({ lat, lon }) === true ? 1 : 0,
    );
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  get version(): number {
    return this.#version;
  }

  changedSince(version: number): ReadonlySet<number> | undefined {
    return this.#changes.since(version);
  }

  get rowLimit(): number {
    return this.#beside.rows.limit;
  }

  apply(events: readonly RecordedEvent[]): ProjectionDelta {
    this.#database.script("BEGIN");
    let applied: Applied;
    try {
      applied = applyEvents(this.#database, this.#beside.tables, events, this.#lastSeq);
      if (applied.lastSeq > this.#lastSeq)
        this.#database.run("UPDATE meta SET value = ? WHERE name = 'lastSeq'", applied.lastSeq);
      this.#database.script("COMMIT");
    } catch (thrown) {
      this.#database.script("ROLLBACK");
      // The words count what was rolled back.
      this.#beside = this.#load(this.#beside.rows);
      throw thrown;
    }
    if (events.some(({ event }) => event.type === "feedback" || event.type === "rankingReset"))
      this.#examples = undefined;
    if (events.some(({ event }) => event.type === "mapped")) this.#mappings = undefined;
    if (events.some(({ event }) => event.type === "shared")) this.#shared = undefined;
    if (applied.lastSeq > this.#lastSeq) this.#version++;
    this.#lastSeq = applied.lastSeq;
    return this.#keep(applied);
  }

  rowOf(id: string): number | undefined {
    const row = this.#database.first("SELECT row FROM memory WHERE id = ? AND living = 1", comparableText(id))?.[0];
    return typeof row === "number" ? row : undefined;
  }

  memory(row: number): Memory | undefined {
    if (!this.#beside.rows.isLiving(row)) return undefined;
    const known = this.#cache.get(row);
    if (known !== undefined) return known;
    const memory = this.#read(row);
    if (memory !== undefined) this.#cache.set(row, memory);
    return memory;
  }

  timestamp(row: number): number | undefined {
    const { rows } = this.#beside;
    return rows.isLiving(row) ? rows.timestamp(row) : undefined;
  }

  isAnchored(row: number): boolean {
    return this.anchorsOf(row).length > 0;
  }

  anchorsOf(row: number): Uint32Array {
    return this.#anchorPaths().of(row);
  }

  anchoredMemories(file: number, most: number, rowBound?: number): number {
    return rowBound === undefined ? this.#beside.words.uses(file) : this.newestAnchored(file, most, rowBound).length;
  }

  newestAnchored(file: number, limit: number, rowBound = Infinity): readonly number[] {
    return this.#anchorPaths().newest(file, limit, rowBound);
  }

  visibleRows(view: LineageView, now: number): RowSet {
    return this.#beside.visible.select(view, now);
  }

  livingRows(now: number): RowSet {
    return this.#beside.visible.select(undefined, now);
  }

  hiddenBecause(row: number, view: LineageView, now: number): string | undefined {
    const memory = this.memory(row);
    if (memory === undefined) return this.#read(row) === undefined ? undefined : "forgotten";
    if (this.#beside.rows.expires(row) <= now) return "expired";
    const why = whyHidden(memory, view);
    const { commit } = memory.provenance;
    const offer = this.mappings().find(({ from, state }) => from === commit && state === "offered");
    if (why === undefined || offer === undefined || memory.scope !== "lineage") return why;
    const sureness = Math.round(100 * offer.sureness);
    return `${why}; ${shortCommit(offer.to)} may have taken its place (${offer.how}, ${sureness} %): memory_lineage and heirloom lineage tell`;
  }

  rowsWhere(condition: Condition): RowSet {
    this.#filter = compileFilter(condition);
    // One text instead of a step a row, as a call into SQLite costs more than reading a number; and whether a row lives is known here, so
    // that an index alone can answer.
    const sql = `SELECT group_concat(row) FROM memory WHERE ${this.#filter.sql}`;
    const listed = this.#database.first(sql, ...this.#filter.values)?.[0];
    const rows = emptyRowSet(this.rowLimit);
    if (listed !== null && listed !== undefined) addListed(rows, String(listed));
    return intersectRows(rows, this.livingRows(-Infinity));
  }

  keepWhere(condition: Condition, rows: readonly number[]): readonly number[] {
    const matches = compileMatcher(condition);
    return rows.filter((row) => {
      const memory = this.memory(row);
      return memory !== undefined && matches(memory, row);
    });
  }

  estimate(condition: Condition): { readonly rows: number; readonly cost: number } {
    return this.#beside.estimator.estimate(condition);
  }

  newest(
    rows: RowSet,
    limit: number,
    after?: { readonly timestamp: number; readonly row: number },
  ): readonly { readonly row: number; readonly timestamp: number }[] {
    return newestRows(this.#beside.rows, rows, limit, after);
  }

  columns(): RowColumns {
    const { rows, words } = this.#beside;
    return {
      facet: (facet) => rows.codes.of(facet),
      timestamps: rows.timestamps,
      // Sorted when it is asked for: a search only wants the codes.
      get byTime() {
        return rows.byTime();
      },
      codeLimit: words.limit,
      codeOf: (facet, text) => words.find(COLUMN_WORDS[facet], text),
      textOf: (code) => words.text(code),
    };
  }

  sessions(): Sessions {
    const { rows, words } = this.#beside;
    return {
      of: rows.codes.of("whole"),
      limit: words.limit,
      isDocument: (session) => words.field(session) === "anchorPath",
    };
  }

  beside(
    row: number,
    reach: number,
    within: RowSet,
  ): { readonly before: readonly number[]; readonly after: readonly number[] } {
    return this.#beside.rows.beside(row, reach, within);
  }

  anchoredIn(path: string): readonly number[] {
    const { rows, words } = this.#beside;
    const code = words.find("anchorPath", path);
    if (code === undefined) return [];
    return this.#database
      .all("SELECT row FROM anchor WHERE word = ? ORDER BY row", code)
      .map(([row]) => Number(row))
      .filter((row) => rows.isLiving(row));
  }

  anchoredWhere(accepts: (path: string) => boolean): RowSet {
    const { rows, words } = this.#beside;
    const files = new Set<number>();
    for (const [path, code] of words.of("anchorPath")) if (accepts(path)) files.add(code);
    const found = emptyRowSet(rows.limit);
    if (files.size === 0) return found;
    for (let row = 1; row < rows.limit; row++)
      if (this.anchorsOf(row).some((file) => files.has(file))) addRow(found, row);
    return found;
  }

  *signatures(): Generator<{ readonly row: number; readonly signature: string }> {
    const { rows } = this.#beside;
    for (let from = 0; from < rows.limit; from += SIGNATURES_AT_ONCE) {
      const listed = this.#database.first(SIGNATURES, from, from + SIGNATURES_AT_ONCE)?.[0];
      if (typeof listed !== "string") continue;
      for (const line of listed.split("\n")) {
        const space = line.indexOf(" ");
        const row = Number(line.slice(0, space));
        if (rows.isLiving(row)) yield { row, signature: line.slice(space + 1) };
      }
    }
  }

  *memories(): Generator<{ readonly row: number; readonly memory: Memory }> {
    for (let row = 1; row < this.#beside.rows.limit; row++) {
      const memory = this.#beside.rows.isLiving(row) ? this.#read(row) : undefined;
      if (memory !== undefined) yield { row, memory };
    }
  }

  memoryCommits(): readonly string[] {
    return this.#beside.visible.commits(this.#version);
  }

  /** Asked by every request, and looks at every way to be visible: a repository of 5,000 learned commits has as many. */
  pending(): readonly PendingMemory[] {
    if (this.#pending.version === this.#version) return this.#pending.list;
    const list = this.#beside.visible.waiting().flatMap((row) => {
      const memory = this.memory(row);
      if (memory === undefined) return [];
      return [memory.provenance, ...memory.mergedFrom]
        .filter((provenance) => provenance.pending)
        .map(({ at, commit, branch, worktree }) => ({
          id: memory.id,
          row,
          at,
          ...(commit === undefined ? {} : { commit }),
          ...(branch === undefined ? {} : { branch }),
          ...(worktree === undefined ? {} : { worktree }),
        }));
    });
    this.#pending = { version: this.#version, list };
    return list;
  }

  commitFacts(commit: string): CommitFacts | undefined {
    return readFacts(this.#database, commit);
  }

  carriersOf(commit: string): readonly CommitFacts[] {
    return readCarriers(this.#database, commit);
  }

  shared(): SharedVerdicts {
    return (this.#shared ??= readVerdicts(this.#database));
  }

  mappings(): readonly CommitMapping[] {
    return (this.#mappings ??= readMappings(this.#database));
  }

  keyed(idempotencyKey: string): string | undefined {
    const row = this.#database.first("SELECT row FROM idempotency WHERE key = ?", comparableText(idempotencyKey))?.[0];
    return typeof row === "number" ? this.memory(row)?.id : undefined;
  }

  unlearned(kind: "commit" | "section"): readonly string[] {
    return this.#database
      .all("SELECT key FROM unlearned WHERE key >= ? AND key < ?", `${kind}:`, `${kind};`)
      .map(([key]) => String(key).slice(kind.length + 1));
  }

  counts(): {
    readonly memories: number;
    readonly byKind: Readonly<Record<string, number>>;
    readonly byScope: Readonly<Record<string, number>>;
  } {
    const by = (column: "kind" | "scope"): Record<string, number> =>
      Object.fromEntries(
        this.#database
          .all(
            `SELECT text, count(*) FROM memory JOIN word ON code = ${column} WHERE living = 1 GROUP BY code ORDER BY text`,
          )
          .map(([text, count]) => [String(text), Number(count)]),
      );
    return { memories: this.#beside.rows.living, byKind: by("kind"), byScope: by("scope") };
  }

  use(row: number): Use | undefined {
    this.#uses ??= new Map(
      this.#database
        .all("SELECT row, positive, negative, at FROM rating")
        .map(([rated, positive, negative, at]) => [
          Number(rated),
          { positive: Number(positive), negative: Number(negative), at: Number(at) },
        ]),
    );
    return this.#uses.get(row);
  }

  examples(): readonly RankingExample[] {
    return (this.#examples ??= readExamples(this.#database));
  }

  undoable(undoToken: string): readonly string[] {
    return this.#database
      .all("SELECT row FROM forgotten WHERE token = ? ORDER BY row", comparableText(undoToken))
      .flatMap(([row]) => this.#read(Number(row))?.id ?? []);
  }

  lastForgotten(limit: number): ReturnType<Projection["lastForgotten"]> {
    const held =
      "SELECT row, at FROM forgotten WHERE token <> '' AND merged IS NULL ORDER BY at DESC, row DESC LIMIT ?";
    return this.#database.all(held, limit).flatMap(([row, at]) => {
      const memory = this.#read(Number(row));
      return memory === undefined ? [] : [{ memory, at: Number(at) }];
    });
  }

  undoTokenOf(id: string): string | undefined {
    const held = "SELECT token FROM memory JOIN forgotten USING (row) WHERE id = ? AND token <> '' AND merged IS NULL";
    const token = this.#database.first(held, comparableText(id))?.[0];
    return typeof token === "string" ? token : undefined;
  }

  isForgotten(id: string): boolean {
    const held = "SELECT 1 FROM memory JOIN forgotten USING (row) WHERE id = ?";
    return this.#database.first(held, comparableText(id)) !== undefined;
  }

  *forgotten(): Generator<ForgottenMemory> {
    const held = this.#database.all("SELECT row, token, merged FROM forgotten WHERE token <> '' ORDER BY row");
    for (const [row, token, merged] of held) {
      const memory = this.#read(Number(row));
      if (memory === undefined) continue;
      const into = typeof merged === "string" ? { mergedInto: (JSON.parse(merged) as MergedInto).id } : {};
      yield { memory, undoToken: String(token), ...into };
    }
  }

  oldestForgotten(): number | undefined {
    const at = this.#database.first("SELECT min(at) FROM forgotten")?.[0];
    return typeof at === "number" ? at : undefined;
  }

  living(keepForgottenSince: number): Iterable<RecordedEvent> {
    return livingEvents(this.#database, this.#beside.rows, (row) => this.#read(row), keepForgottenSince);
  }

  image(keepForgottenSince: number): Uint8Array {
    const { tables, words, rows, visible } = this.#beside;
    this.#database.script("BEGIN");
    try {
      for (const [row] of this.#database.all("SELECT row FROM forgotten WHERE at <= ?", keepForgottenSince)) {
        const memory = this.#read(Number(row));
        if (memory === undefined) continue;
        tables.erase(Number(row), memory);
        this.#scrub = true;
      }
      words.save();
      rows.save(this.#database);
      this.#database.script("COMMIT");
    } catch (thrown) {
      this.#database.script("ROLLBACK");
      this.#beside = this.#load(rows);
      throw thrown;
    }
    visible.recoded();
    // Pages that were split may still hold a copy of a deleted cell in their free space; only a database written anew does not.
    if (this.#scrub) this.#database.script("VACUUM");
    this.#scrub = false;
    return this.#database.export();
  }

  close(): void {
    this.#cache.clear();
    this.#database.close();
  }

  #keep({ touched, overwritten }: Applied): ProjectionDelta {
    const { words, rows, visible } = this.#beside;
    const added: { row: number; memory: Memory }[] = [];
    const changed: { row: number; memory: Memory }[] = [];
    const removed: number[] = [];
    for (const [row, { memory, living }] of touched) {
      const before = rows.isLiving(row);
      this.#cache.delete(row);
      this.#anchors?.set(row, anchorCodes(memory, words));
      if (living) {
        (before ? changed : added).push({ row, memory });
        if (memory.use !== undefined) this.#uses?.set(row, memory.use);
        rows.codes.set(row, codesOf(memory, words));
        rows.set(
          row,
          words.find("visibility", visibilityText(memory)) ?? 0,
          memory.timestamp,
          memory.expiresAt ?? Infinity,
        );
      } else if (before) {
        removed.push(row);
        rows.hide(row);
      }
    }
    if (touched.size > 0) visible.changed();
    this.#changes.note(touched.keys(), this.#version);
    if (overwritten) this.#scrub = true;
    return { added, changed, removed };
  }

  #load(rows: RowTable): Beside {
    const words = new Words(this.#database);
    const tables = new MemoryTables(this.#database, words);
    const visible = new VisibleSets(rows, words);
    return {
      words,
      tables,
      rows,
      visible,
      estimator: new Estimator(this.#database, words, rows, (row) => tables.read(row)),
    };
  }

  #anchorPaths(): AnchorPaths {
    if (this.#anchors === undefined || this.#anchors.isWorn)
      this.#anchors = AnchorPaths.read(this.#database, this.rowLimit);
    return this.#anchors;
  }

  #read(row: number): Memory | undefined {
    return this.#beside.tables.read(row);
  }

  #storedSeq(): number {
    return Number(this.#database.first("SELECT value FROM meta WHERE name = 'lastSeq'")?.[0] ?? 0);
  }
}

const NO_ROWS = emptyRowSet(0);
const SIGNATURES_AT_ONCE = 2000;
const SIGNATURES = "SELECT group_concat(row || ' ' || signature, char(10)) FROM memory WHERE row >= ? AND row < ?";

/** Adds rows written as decimal numbers with commas between them. */
function addListed(rows: RowSet, listed: string): void {
  let row = 0;
  for (let at = 0; at <= listed.length; at++) {
    const digit = listed.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) {
      row = row * 10 + digit;
      continue;
    }
    const word = row >> 5;
    rows[word] = (rows[word] ?? 0) | (1 << (row & 31));
    row = 0;
  }
}
