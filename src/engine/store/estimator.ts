import type { Condition, FieldCondition } from "../../contract/filter.ts";
import type { Memory } from "../../contract/memory.ts";
import { countRows } from "../../contract/rowSet.ts";
import { comparableText } from "./comparable.ts";
import { compileMatcher } from "./matchCondition.ts";
import { pathText, VALUE_TYPE } from "./metadataEntries.ts";
import type { RowTable } from "./rowTable.ts";
import type { SqlDatabase } from "./sqlEngine.ts";
import type { Words } from "./words.ts";

/** Memories on which comparisons are tried that no count answers. */
const SAMPLE = 256;
/** Entries of an index that are counted before the sample decides. */
const DIVE = 1000;
/** Statistics are taken anew when this share of the rows came or went. */
const DRIFT = 0.05;
const REMEMBERED_LEAVES = 1024;
/** A call from SQL into a test of text costs about this many row visits. */
const CALL = 4;

const UNINDEXED: ReadonlySet<string> = new Set(["scope", "workspaceId", "freshness", "pinned"]);

type Leaf = FieldCondition;

interface Estimate {
  /** Share of the rows, 0..1. */
  readonly share: number;
  /** Row visits to list the rows. */
  readonly list: number;
  /** Row visits before a single row can be tested. */
  readonly prepare: number;
}

/**
 * What a condition costs and how many rows it leaves: words are counted as they are used, metadata by a bounded look into its index, the
 * rest on a sample; `and` and `or` take their parts as independent.
 */
export class Estimator {
  readonly #database: SqlDatabase;
  readonly #words: Words;
  readonly #rows: RowTable;
  readonly #read: (row: number) => Memory | undefined;
  readonly #leaves = new Map<string, Estimate>();
  #sample: readonly Memory[] = [];
  #timestamps: Float64Array = new Float64Array(0);
  /** State of the rows when the statistics were taken; -1: never. */
  #takenAt = { limit: -1, living: -1 };

  constructor(database: SqlDatabase, words: Words, rows: RowTable, read: (row: number) => Memory | undefined) {
    this.#database = database;
    this.#words = words;
    this.#rows = rows;
    this.#read = read;
  }

  estimate(condition: Condition): { readonly rows: number; readonly cost: number } {
    this.#refresh();
    const living = this.#rows.living;
    if (living === 0) return { rows: 0, cost: 1 };
    const { share, list } = this.#estimate(condition);
    return { rows: Math.min(living, Math.round(share * living)), cost: Math.max(1, Math.round(list)) };
  }

  #refresh(): void {
    const { limit, living } = this.#rows;
    const moved = Math.abs(limit - this.#takenAt.limit) + Math.abs(living - this.#takenAt.living);
    if (this.#takenAt.limit >= 0 && moved <= DRIFT * living) return;
    this.#takenAt = { limit, living };
    this.#leaves.clear();
    this.#timestamps = this.#rows.sampleTimestamps(4096);
    const sample: Memory[] = [];
    const step = Math.max(1, limit / SAMPLE);
    for (let at = 1; at < limit; at += step) {
      const memory = this.#rows.isLiving(Math.floor(at)) ? this.#read(Math.floor(at)) : undefined;
      if (memory !== undefined) sample.push({ ...memory, content: "", parts: [], mergedFrom: [] });
    }
    this.#sample = sample;
  }

  #estimate(condition: Condition): Estimate {
    const total = this.#rows.living;
    switch (condition.op) {
      case "and":
        return this.#and(condition.of.map((inner) => this.#estimate(inner)));
      case "or": {
        const parts = condition.of.map((inner) => this.#estimate(inner));
        const list = sum(parts.map((part) => part.list));
        const prepare = sum(parts.map((part) => part.prepare));
        return {
          share: 1 - product(parts.map((part) => 1 - part.share)),
          list: Math.min(list, total + prepare),
          prepare,
        };
      }
      case "not": {
        const inner = this.#estimate(condition.of);
        return { share: 1 - inner.share, list: total + inner.prepare, prepare: inner.prepare };
      }
      case "among":
        return { share: Math.min(1, countRows(condition.rows) / total), list: total * CALL, prepare: 0 };
      default: {
        const key = JSON.stringify(condition);
        const known = this.#leaves.get(key);
        if (known !== undefined) return known;
        const made = this.#leaf(condition);
        if (this.#leaves.size >= REMEMBERED_LEAVES) this.#leaves.clear();
        this.#leaves.set(key, made);
        return made;
      }
    }
  }

  /** The cheapest part lists the rows, the others test them. */
  #and(parts: readonly Estimate[]): Estimate {
    const total = this.#rows.living;
    const prepare = sum(parts.map((part) => part.prepare));
    const list = Math.min(total + prepare, ...parts.map((part) => part.list + prepare - part.prepare));
    return { share: product(parts.map((part) => part.share)), list, prepare };
  }

  #leaf(leaf: Leaf): Estimate {
    const total = this.#rows.living;
    const opposite = positive(leaf);
    if (opposite !== undefined) {
      const inner = this.#leaf(opposite);
      return { share: 1 - inner.share, list: total + inner.prepare, prepare: inner.prepare };
    }
    const share = Math.min(1, Math.max(0, this.#share(leaf)));
    const matched = share * total;
    const { ref } = leaf;
    const calls = leaf.op === "regex" || leaf.op === "fuzzy" || leaf.op === "near" || leaf.op === "within";
    if (ref.field === "metadata") {
      const held = this.#words.uses(this.#words.find("path", pathText(ref.path)));
      const visits = calls ? held * CALL : matched;
      return { share, list: visits + matched, prepare: visits };
    }
    if (ref.field === "id" || ref.field === "timestamp")
      return { share, list: calls ? total * CALL : matched, prepare: 0 };
    const words = calls ? this.#words.distinct(ref.field) * CALL : 0;
    if (ref.field === "tags") return { share, list: words + matched * 2, prepare: words + matched };
    const indexed = !UNINDEXED.has(ref.field);
    return { share, list: words + (indexed ? matched : total), prepare: words };
  }

  #share(leaf: Leaf): number {
    const { ref } = leaf;
    const total = this.#rows.living;
    if (ref.field === "timestamp") return this.#timestampShare(leaf);
    if (ref.field === "metadata") return this.#metadataShare(leaf, ref.path);
    if (ref.field === "id") {
      if (leaf.op === "eq") return 1 / total;
      if (leaf.op === "in") return leaf.values.length / total;
      return leaf.op === "exists" ? 1 : this.#sampled(leaf);
    }
    const { field } = ref;
    const held = this.#held();
    const used = (value: unknown): number =>
      typeof value === "string" ? this.#words.uses(this.#words.find(field, value)) / held : 0;
    if (leaf.op === "eq") return used(leaf.value);
    if (leaf.op === "in") {
      const shares = [...new Set(leaf.values)].map(used);
      return field === "tags" ? 1 - product(shares.map((share) => 1 - share)) : sum(shares);
    }
    return this.#sampled(leaf);
  }

  #timestampShare(leaf: Leaf): number {
    const below = (value: unknown, orEqual: boolean): number =>
      typeof value === "number" ? shareBelow(this.#timestamps, value, orEqual) : 0;
    switch (leaf.op) {
      case "lt":
        return below(leaf.value, false);
      case "lte":
        return below(leaf.value, true);
      case "gt":
        return typeof leaf.value === "number" ? 1 - below(leaf.value, true) : 0;
      case "gte":
        return typeof leaf.value === "number" ? 1 - below(leaf.value, false) : 0;
      case "eq":
        return Math.max(below(leaf.value, true) - below(leaf.value, false), 1 / this.#rows.living);
      case "in":
        return leaf.values.length / this.#rows.living;
      case "exists":
        return 1;
      default:
        return 0;
    }
  }

  #metadataShare(leaf: Leaf, path: readonly string[]): number {
    if (path.length === 0) return this.#sampled(leaf);
    const code = this.#words.find("path", pathText(path));
    if (code === undefined) return 0;
    switch (leaf.op) {
      case "exists":
        return this.#words.uses(code) / this.#held();
      case "eq":
        return this.#dive(leaf, code, "=", leaf.value);
      case "in": {
        const [...values] = new Set(leaf.values);
        const looked = values.slice(0, 16).map((value) => this.#dive({ ...leaf, values: [value] }, code, "=", value));
        return looked.length === 0 ? 0 : (sum(looked) / looked.length) * values.length;
      }
      case "gt":
      case "gte":
      case "lt":
      case "lte":
        return this.#dive(leaf, code, { gt: ">", gte: ">=", lt: "<", lte: "<=" }[leaf.op], leaf.value);
      default:
        return this.#sampled(leaf);
    }
  }

  /** Counts entries of the index up to a bound; beyond it the sample is good enough. */
  #dive(leaf: Leaf, path: number, sign: string, value: string | number | boolean | null): number {
    const type = VALUE_TYPE[value === null ? "null" : (typeof value as "string" | "number" | "boolean")];
    const bound = typeof value === "string" ? comparableText(value) : Number(value);
    const counted = this.#database.first(
      `SELECT count(*) FROM (SELECT 1 FROM entry WHERE path = ? AND type = ? AND value ${sign} ? LIMIT ${DIVE})`,
      path,
      type,
      bound,
    )?.[0];
    const share = Number(counted) / this.#held();
    return counted === DIVE ? Math.max(share, this.#sampled(leaf)) : share;
  }

  #sampled(leaf: Leaf): number {
    const matches = compileMatcher(leaf);
    const hits = this.#sample.filter(matches).length;
    // Half a hit more, so that what the sample does not show is rare and not impossible.
    return (hits + 0.5) / (this.#sample.length + 1);
  }

  /** Rows in the tables: the living, and the forgotten that can be restored. */
  #held(): number {
    let held = 0;
    for (const [, code] of this.#words.of("kind")) held += this.#words.uses(code);
    return Math.max(1, held);
  }
}

/** What a leaf that holds for missing fields is the negation of. */
function positive(leaf: Leaf): Leaf | undefined {
  if (leaf.op === "ne") return { op: "eq", ref: leaf.ref, value: leaf.value };
  if (leaf.op === "nin") return { op: "in", ref: leaf.ref, values: leaf.values };
  return leaf.op === "exists" && !leaf.value ? { op: "exists", ref: leaf.ref, value: true } : undefined;
}

function shareBelow(sorted: Float64Array, value: number, orEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = sorted[middle] ?? 0;
    if (at < value || (orEqual && at === value)) low = middle + 1;
    else high = middle;
  }
  return sorted.length === 0 ? 0 : low / sorted.length;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const product = (numbers: readonly number[]): number => numbers.reduce((total, number) => total * number, 1);
