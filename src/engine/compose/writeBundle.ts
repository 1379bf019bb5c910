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

/** The bundle as it is read: memories in their groups, files in the order of their scores, those that are only named after the others. */
export function writeBundle(preamble: string, shown: readonly ShownItem[], memoriesFirst: boolean): string {
  const parts = [memoryBlocks(shown), codeBlocks(shown)];
  return `${[preamble, ...(memoriesFirst ? parts : parts.toReversed()).flat()].join("\n\n")}\n`;
}

function memoryBlocks(shown: readonly ShownItem[]): readonly string[] {
  const memories = shown.flatMap(({ recalled, memory }) =>
    recalled === undefined || memory === undefined ? [] : [{ recalled, memory }],
  );
  return GROUP_ORDER.flatMap((kind) => {
    const group = memories
      .filter(({ recalled }) => recalled.memory.kind === kind)
      .toSorted((a, b) => byScore(a.recalled, b.recalled));
    return group.length === 0 ? [] : [groupHeading(kind), ...group.map(({ memory }) => memory.markdown)];
  });
}

function codeBlocks(shown: readonly ShownItem[]): readonly string[] {
  const files = shown
    .flatMap(({ item, code }) => (item === undefined || code === undefined ? [] : [{ item, code }]))
    .toSorted(
      (a, b) =>
        leadOrder(a.item) - leadOrder(b.item) || b.item.score - a.item.score || (a.item.path < b.item.path ? -1 : 1),
    );
  if (files.length === 0) return [];
  const named = files.filter(({ code }) => code.detail === "outline").map(({ code }) => code.markdown);
  return [
    "## Code",
    ...files.filter(({ code }) => code.detail !== "outline").map(({ code }) => code.markdown),
    ...(named.length === 0 ? [] : [named.join("\n")]),
  ];
}

const leadOrder = ({ leads }: CodeItem): number => (leads === undefined ? 1 : 0);
