import type { AnalyzeResult } from "../contract/analyze.ts";
import type { RequestContext } from "../contract/engineApi.ts";
import type { MemoryRow } from "../contract/explore.ts";
import type { Anchor } from "../contract/memory.ts";
import { anchoredMemories } from "./anchoredMemories.ts";
import type { RememberedPlace } from "./code/analyze/analyzeCode.ts";
import type { Clock } from "./ports.ts";
import type { Recall } from "./recall.ts";
import { memoryRow } from "./retrieve/memoryRow.ts";

/** Memories that are told of one place. */
const MOST = 8;
/** Of those that only speak of it by name. */
const MOST_BY_NAME = 4;

type Told = AnalyzeResult["memories"][number];

/** Visible memories whose anchors are at a place of the code, those of its own lines first, then those that speak of it by name. */
export async function memoriesAbout(
  place: RememberedPlace,
  { recall, clock }: { readonly recall: Recall; readonly clock: Clock },
  context: RequestContext,
): Promise<AnalyzeResult["memories"]> {
  const { stores } = await recall.standing(context);
  const anchored = anchoredMemories(place.path, stores, clock.now())
    .map((row) => ({ row, why: nearness(row.in, place) }))
    .sort((a, b) => NEARNESS.indexOf(a.why) - NEARNESS.indexOf(b.why));
  const told = new Map(anchored.slice(0, MOST).map(({ row, why }) => [row.id, tell(row, why)]));
  const name = place.symbol?.split(".").at(-1) ?? place.path.slice(place.path.lastIndexOf("/") + 1);
  const { results } = await recall.search(name, {}, 2 * MOST_BY_NAME, context);
  const written = new RegExp(`(?<![\\w$])${name.replace(/[\\^$.*+?()[\]{}|]/gu, "\\$&")}(?![\\w$])`, "u");
  for (const { memory, visible, freshness } of results) {
    if (told.size >= MOST || told.has(memory.id) || !written.test(`${memory.title ?? ""} ${memory.content}`)) continue;
    told.set(memory.id, tell(memoryRow({ memory, visible, freshness }), "speaks of it by name"));
  }
  return [...told.values()];
}

const NEARNESS = ["is about it", "is about lines of it", "is about its file"] as const;

function nearness(
  anchors: readonly Anchor[],
  { symbol, startLine, endLine }: RememberedPlace,
): (typeof NEARNESS)[number] {
  if (symbol === undefined) return "is about it";
  const name = symbol.split(".").at(-1);
  if (anchors.some((anchor) => anchor.symbol === symbol || anchor.symbol === name)) return "is about it";
  const isWithin = ({ startLine: first, endLine: last = first }: Anchor): boolean =>
    first !== undefined &&
    last !== undefined &&
    startLine !== undefined &&
    endLine !== undefined &&
    first <= endLine &&
    last >= startLine;
  return anchors.some(isWithin) ? "is about lines of it" : "is about its file";
}

const tell = ({ id, title, kind, excerpt, freshness }: MemoryRow, why: string): Told => ({
  ...{ id, title, kind, excerpt, freshness, why },
});
