import { HeirloomError } from "../contract/errors.ts";
import type { Memory } from "../contract/memory.ts";
import { addRow, emptyRowSet, hasRow, type RowSet } from "../contract/rowSet.ts";
import type { GitLineage, GitPlace, LineageView, Projection } from "./seams.ts";
import type { SearchStore } from "./retrieve/storePlan.ts";
import { isShown, parseRule, visibilityText } from "./store/visibility.ts";

/** A point of the history that a question is asked of. */
export interface AsOf {
  /** Where HEAD was; absent without a repository, or before its first commit. */
  readonly commit?: string;
  /** Milliseconds since the epoch; absent where a commit was named. */
  readonly at?: number;
}

/** `2026-11-28`, or with a time; a commit is never written so. */
const TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/u;

/** INVALID_INPUT for what is neither a time nor a commit. */
export async function readAsOf(
  text: string,
  place: GitPlace,
  git: Pick<GitLineage, "commitOf" | "headAt">,
): Promise<AsOf> {
  const at = TIME.test(text) ? Date.parse(text.replace(" ", "T")) : Number.NaN;
  if (!Number.isNaN(at)) {
    const commit = await git.headAt(place, at);
    return { at, ...(commit === undefined ? {} : { commit }) };
  }
  const named = await git.commitOf(place, text);
  if (named !== undefined) return { commit: named.commit };
  throw new HeirloomError(
    "INVALID_INPUT",
    `asOf ${JSON.stringify(text.slice(0, 100))} is neither a commit that git knows here nor a time such as 2026-11-28 or 2026-11-28T09:00:00Z.`,
  );
}

/** A store as it answered then: `view` is that of the commit. What was forgotten or has expired since is gone then as well. */
export function storeAsOf(store: SearchStore, view: LineageView, { at }: AsOf): Omit<SearchStore, "freshness"> {
  let made: { readonly of: Projection; readonly projection: Projection } | undefined;
  const projection = (): Projection => {
    const { projection: now } = store;
    if (made?.of !== now) made = { of: now, projection: at === undefined ? now : projectionAt(now, at) };
    return made.projection;
  };
  const then = { projection: { get: projection }, view: { value: view }, freshness: { value: undefined } };
  return Object.create(store, then) as Omit<SearchStore, "freshness">;
}

/** The same rows, each memory as it was then; those that came later are not visible. */
function projectionAt(projection: Projection, at: number): Projection {
  const memory = (row: number): Memory | undefined => {
    const found = projection.memory(row);
    return found === undefined ? undefined : memoryAt(found, at);
  };
  const sets = new Map<LineageView, RowSet>();
  const visibleRows = (view: LineageView, now: number): RowSet => {
    const known = sets.get(view);
    if (known !== undefined) return known;
    const [living, rows] = [projection.livingRows(now), emptyRowSet(projection.rowLimit)];
    for (let row = 1; row < projection.rowLimit; row++) {
      if (!hasRow(living, row) || (projection.timestamp(row) ?? Infinity) > at) continue;
      const found = memory(row);
      if (found !== undefined && isShown(parseRule(visibilityText(found)), view)) addRow(rows, row);
    }
    sets.set(view, rows);
    return rows;
  };
  const hiddenBecause = (row: number, view: LineageView, now: number): string | undefined =>
    (projection.timestamp(row) ?? 0) > at ? "was not known yet" : projection.hiddenBecause(row, view, now);
  const own: Partial<Projection> = { memory, visibleRows, hiddenBecause };
  return new Proxy(projection, {
    get(target, name) {
      const value: unknown = Reflect.get(Object.hasOwn(own, name) ? own : target, name, target);
      // Its methods need the object that they are of.
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Without what was revised and said since; of more revisions than are kept the oldest that is. */
export function memoryAt(memory: Memory, at: number): Memory {
  const later = (memory.history ?? []).filter((revision) => revision.at > at);
  const relations = memory.relations?.filter((relation) => relation.at <= at);
  if (later.length === 0 && relations?.length === memory.relations?.length) return memory;
  const { relations: _now, history: _later, ...rest } = memory;
  const before = later.reduceRight((fields, revision) => ({ ...fields, ...revision.before }), {});
  const [first] = later;
  const history = memory.history?.filter((revision) => revision.at <= at) ?? [];
  return {
    ...rest,
    ...before,
    ...(first === undefined ? {} : { revision: first.revision, parts: "content" in before ? [] : memory.parts }),
    ...(history.length === 0 ? {} : { history }),
    ...(relations === undefined || relations.length === 0 ? {} : { relations }),
  };
}
