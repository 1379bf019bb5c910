import type { CodeItem, Recalled } from "../seams.ts";
import { GROUP_ORDER, groupHeading } from "./groups.ts";
import { byScore } from "./relevant.ts";
import type { CodeLevel } from "./renderCode.ts";
import type { RenderedItem } from "./renderItem.ts";

/** An item at the level at which it is shown: a memory or a file. */
export interface ShownItem {
  readonly ref: string;
  readonly title: string;
  readonly tokens: number;
  readonly recalled: Recalled | undefined;
  readonly item: CodeItem | undefined;
  readonly memory?: RenderedItem;
  readonly code?: CodeLevel;
}

/** Memories and files as they are read: memories in their groups, files by their scores, those that are only named after the others. */
export function inReadingOrder(
  shown: readonly ShownItem[],
  memoriesFirst: boolean,
): readonly [readonly ShownItem[], readonly ShownItem[]] {
  const memories = shown.filter(({ recalled }) => recalled !== undefined).toSorted(byGroup);
  const files = shown.filter(({ item }) => item !== undefined).toSorted(byPlace);
  return memoriesFirst ? [memories, files] : [files, memories];
}

export function writeBundle(preamble: string, shown: readonly ShownItem[], memoriesFirst: boolean): string {
  return `${[preamble, ...inReadingOrder(shown, memoriesFirst).flatMap(blocksOf)].join("\n\n")}\n`;
}

function blocksOf(items: readonly ShownItem[]): readonly string[] {
  const blocks: string[] = [];
  const named: string[] = [];
  let heading = "";
  for (const { recalled, memory, code } of items) {
    const next = recalled === undefined ? CODE_HEADING : groupHeading(recalled.memory.kind);
    if (next !== heading) blocks.push(next);
    heading = next;
    if (code?.detail === "outline") named.push(code.markdown);
    else blocks.push(memory?.markdown ?? code?.markdown ?? "");
  }
  return named.length === 0 ? blocks : [...blocks, named.join("\n")];
}

export const CODE_HEADING = "## Code";

function byGroup({ recalled: a }: ShownItem, { recalled: b }: ShownItem): number {
  if (a === undefined || b === undefined) return 0;
  return GROUP_ORDER.indexOf(a.memory.kind) - GROUP_ORDER.indexOf(b.memory.kind) || byScore(a, b);
}

function byPlace(a: ShownItem, b: ShownItem): number {
  return (
    placeOf(a) - placeOf(b) ||
    (b.item?.score ?? 0) - (a.item?.score ?? 0) ||
    (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0)
  );
}

/** What leads, then what is shown, then what is only named. */
const placeOf = ({ item, code }: ShownItem): number =>
  code?.detail === "outline" ? 2 : item?.leads === undefined ? 1 : 0;
