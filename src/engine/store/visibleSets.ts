import type { RowSet } from "../../contract/rowSet.ts";
import type { LineageView } from "../seams.ts";
import type { RowTable } from "./rowTable.ts";
import { commitsOf, isShown, parseRule, type VisibilityRule, waits } from "./visibility.ts";
import type { Words } from "./words.ts";

interface KeptSet {
  /** By visibility code, whether its rows are in the set. */
  readonly shown: Uint8Array;
  readonly rows: RowSet;
  readonly from: number;
  readonly until: number;
}

/** Sets that are kept: as many as there are worktrees, and sessions with memories of their own, that ask at the same time. */
const KEPT = 16;

/** The rows that views see. A set is kept until the rows change or the next memory in it expires. */
export class VisibleSets {
  readonly #rows: RowTable;
  readonly #words: Words;
  readonly #rules = new Map<number, VisibilityRule>();
  #commits: { readonly version: number; readonly list: readonly string[] } = { version: -1, list: [] };
  #kept: KeptSet[] = [];
  /** Views are never changed, so one that was asked before need not be compared with every rule again. */
  #known = new WeakMap<LineageView, KeptSet>();

  constructor(rows: RowTable, words: Words) {
    this.#rows = rows;
    this.#words = words;
  }

  /** The rows or their visibility changed. */
  changed(): void {
    this.#kept = [];
    this.#known = new WeakMap();
  }

  /** Words were dropped, so their codes may come to mean something else. */
  recoded(): void {
    this.#rules.clear();
    this.changed();
  }

  /** Without a view: every living row. */
  select(view: LineageView | undefined, now: number): RowSet {
    const holds = (kept: KeptSet | undefined): kept is KeptSet =>
      kept !== undefined && kept.from <= now && now < kept.until;
    const known = view === undefined ? undefined : this.#known.get(view);
    if (holds(known)) return known.rows;
    const shown = new Uint8Array(this.#words.limit);
    for (const [text, code] of this.#words.of("visibility"))
      if (view === undefined || isShown(this.#rule(text, code), view)) shown[code] = 1;
    // Most sessions have no memories of their own: they see what others on the same HEAD see.
    let set = this.#kept.find((kept) => holds(kept) && Buffer.compare(kept.shown, shown) === 0);
    if (set === undefined) {
      set = { ...this.#rows.select(shown, now), shown };
      this.#kept = [set, ...this.#kept.slice(0, KEPT - 1)];
    }
    if (view !== undefined) this.#known.set(view, set);
    return set.rows;
  }

  /** Commits that living memories belong to: the same array as long as they are the same, whatever else changed. */
  commits(version: number): readonly string[] {
    if (this.#commits.version === version) return this.#commits.list;
    const commits = new Set<string>();
    const used = this.#usedCodes();
    for (const [text, code] of this.#words.of("visibility"))
      if (used[code] === 1) for (const commit of commitsOf(this.#rule(text, code))) commits.add(commit);
    const { list } = this.#commits;
    const same = list.length === commits.size && list.every((commit) => commits.has(commit));
    this.#commits = { version, list: same ? list : [...commits] };
    return this.#commits.list;
  }

  /** Living rows with a provenance that waits for a commit, ascending. */
  waiting(): readonly number[] {
    const waiting = new Uint8Array(this.#words.limit);
    let any = false;
    for (const [text, code] of this.#words.of("visibility")) {
      if (!waits(this.#rule(text, code))) continue;
      waiting[code] = 1;
      any = true;
    }
    const rows: number[] = [];
    if (!any) return rows;
    for (let row = 1; row < this.#rows.limit; row++) if (waiting[this.#rows.visibility(row)] === 1) rows.push(row);
    return rows;
  }

  #usedCodes(): Uint8Array {
    const used = new Uint8Array(this.#words.limit);
    for (let row = 1; row < this.#rows.limit; row++) used[this.#rows.visibility(row)] = 1;
    return used;
  }

  #rule(text: string, code: number): VisibilityRule {
    const known = this.#rules.get(code);
    if (known !== undefined) return known;
    const rule = parseRule(text);
    this.#rules.set(code, rule);
    return rule;
  }
}
