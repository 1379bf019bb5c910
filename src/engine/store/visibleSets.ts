import type { RowSet } from "../../contract/rowSet.ts";
import type { LineageView } from "../seams.ts";
import type { RowTable } from "./rowTable.ts";
import { commitsOf, isShown, parseRule, type VisibilityRule, waits } from "./visibility.ts";
import type { Words } from "./words.ts";

interface KeptSet {
  readonly view: LineageView | undefined;
  readonly commits: number;
  readonly rows: RowSet;
  readonly from: number;
  readonly until: number;
}

/** Views whose sets are kept: as many worktrees and sessions as ask at the same time. */
const KEPT = 16;

/** The rows that views see. A set is kept until the rows change or the next memory in it expires. */
export class VisibleSets {
  readonly #rows: RowTable;
  readonly #words: Words;
  readonly #rules = new Map<number, VisibilityRule>();
  #commits: { readonly version: number; readonly list: readonly string[] } = { version: -1, list: [] };
  #kept: KeptSet[] = [];

  constructor(rows: RowTable, words: Words) {
    this.#rows = rows;
    this.#words = words;
  }

  /** The rows or their visibility changed. */
  changed(): void {
    this.#kept = [];
  }

  /** Words were dropped, so their codes may come to mean something else. */
  recoded(): void {
    this.#rules.clear();
    this.changed();
  }

  /** Without a view: every living row. */
  select(view: LineageView | undefined, now: number): RowSet {
    const known = this.#kept.find((kept) => kept.from <= now && now < kept.until && sameView(kept, view));
    if (known !== undefined) return known.rows;
    const shown = new Uint8Array(this.#words.limit);
    for (const [text, code] of this.#words.of("visibility"))
      if (view === undefined || isShown(this.#rule(text, code), view)) shown[code] = 1;
    const selected = this.#rows.select(shown, now);
    this.#kept = [{ ...selected, view, commits: view?.visibleCommits.size ?? 0 }, ...this.#kept.slice(0, KEPT - 1)];
    return selected.rows;
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

/** The same object, or another with the same content; a set of commits that only grew is noticed by its size. */
function sameView(kept: KeptSet, view: LineageView | undefined): boolean {
  const known = kept.view;
  if (known === undefined || view === undefined) return known === view;
  return (
    known.visibleCommits === view.visibleCommits &&
    kept.commits === view.visibleCommits.size &&
    known.head === view.head &&
    known.branch === view.branch &&
    known.worktree === view.worktree &&
    known.sessionId === view.sessionId
  );
}
