import type { RequestContext } from "../contract/engineApi.ts";
import type { Memory } from "../contract/memory.ts";
import type { Contradiction } from "../contract/relate.ts";
import { hasRow } from "../contract/rowSet.ts";
import { findDuplicates, type DuplicatesParts } from "./findDuplicates.ts";
import { memoryRow } from "./retrieve/memoryRow.ts";
import type { SearchStore } from "./retrieve/storePlan.ts";
import { opposed } from "./opposedTexts.ts";

const USUAL_LIMIT = 50;
/** Pairs of much the same words or meaning that are read. */
const MOST_READ = 500;
const LEAST_ALIKE = 0.3;
/** Memories of one place of which each is compared with each. */
const MOST_AT_A_PLACE = 40;

/** Visible memories of one place, or of much the same words or meaning, that say opposite things, the surest first. Those that a person judged are left out. */
export async function findContradictions(
  parts: DuplicatesParts,
  { limit = USUAL_LIMIT }: { readonly limit?: number | undefined },
  context: RequestContext,
): Promise<readonly Contradiction[]> {
  const { stores } = await parts.recall.standing(context);
  const now = parts.clock.now();
  const found = new Map<string, Contradiction>();
  const compare = (a: Memory, b: Memory): void => {
    const key = [a.id, b.id].sort().join(" ");
    if (
      !isStatement(a) ||
      !isStatement(b) ||
      a.id === b.id ||
      found.has(key) ||
      a.relations?.some(({ id }) => id === b.id) === true
    )
      return;
    const opposition = opposed(a.content, b.content);
    if (opposition === undefined) return;
    const [newer, older] = a.timestamp >= b.timestamp ? [a, b] : [b, a];
    found.set(key, { a: sideOf(newer), b: sideOf(older), ...opposition, anchors: [...sharedPlaces(a, b)] });
  };
  for (const store of stores) for (const memories of memoriesByPlace(store, now).values()) eachPair(memories, compare);
  const byId = memoriesById(stores, now);
  for (const { a, b } of await findDuplicates(parts, { similarity: LEAST_ALIKE, limit: MOST_READ }, context)) {
    const [one, other] = [byId(a.id), byId(b.id)];
    if (one !== undefined && other !== undefined) compare(one, other);
  }
  return [...found.values()].sort((x, y) => y.sureness - x.sureness || y.a.timestamp - x.a.timestamp).slice(0, limit);
}

function memoriesByPlace({ projection, view }: SearchStore, now: number): ReadonlyMap<string, readonly Memory[]> {
  const visible = projection.visibleRows(view, now);
  const places = new Map<string, Memory[]>();
  for (let row = projection.rowLimit - 1; row > 0; row--) {
    if (!hasRow(visible, row) || !projection.isAnchored(row)) continue;
    const memory = projection.memory(row);
    for (const place of memory === undefined ? [] : placesOf(memory)) {
      const known = places.get(place) ?? [];
      if (memory !== undefined && known.length < MOST_AT_A_PLACE) places.set(place, [...known, memory]);
    }
  }
  return places;
}

function memoriesById(stores: readonly SearchStore[], now: number): (id: string) => Memory | undefined {
  return (id) => {
    for (const { projection, view } of stores) {
      const row = projection.rowOf(id);
      if (row !== undefined && hasRow(projection.visibleRows(view, now), row)) return projection.memory(row);
    }
    return undefined;
  };
}

function eachPair(memories: readonly Memory[], compare: (a: Memory, b: Memory) => void): void {
  for (const [at, a] of memories.entries()) for (const b of memories.slice(at + 1)) compare(a, b);
}

/** What happened, or was to be done, is no statement about what holds. */
const isStatement = ({ kind }: Memory): boolean => kind !== "event" && kind !== "task";

const placesOf = ({ anchors }: Memory): readonly string[] => [
  ...new Set(anchors.map(({ path, symbol }) => (symbol === undefined ? path : `${path}#${symbol}`))),
];

function sharedPlaces(a: Memory, b: Memory): readonly string[] {
  const others = new Set(placesOf(b));
  return placesOf(a).filter((place) => others.has(place));
}

function sideOf(memory: Memory): Contradiction["a"] {
  const { id, kind, title, timestamp, branch, commit } = memoryRow({ memory, visible: true });
  return {
    ...{ id, kind, title, content: memory.content, timestamp },
    ...(branch === undefined ? {} : { branch }),
    ...(commit === undefined ? {} : { commit }),
  };
}
