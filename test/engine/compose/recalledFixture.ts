import type { Memory } from "../../../src/contract/memory.ts";
import { createTokenCounter } from "../../../src/engine/admit/tokens.ts";
import type { Recalled } from "../../../src/engine/seams.ts";

export const realTokens = createTokenCounter();
await realTokens.load();

export function memoryOf(changes: Partial<Memory> & { readonly id: string }): Memory {
  const content = changes.content ?? `Content of ${changes.id}`;
  return {
    kind: "fact",
    scope: "lineage",
    eventType: "note",
    content,
    tags: [],
    metadata: {},
    anchors: [],
    timestamp: Date.UTC(2026, 10, 20),
    workspaceId: "w",
    provenance: { at: 0, dirty: false, pending: false, branch: "main", commit: "1234567890".repeat(4) },
    mergedFrom: [],
    tokens: realTokens.count(content),
    parts: [],
    revision: 1,
    flags: [],
    signature: "",
    ...changes,
  };
}

export function recalled(
  changes: Partial<Memory> & { readonly id: string },
  found: Partial<Omit<Recalled, "memory">> = {},
): Recalled {
  return { memory: memoryOf(changes), score: 0.5, visible: true, reasons: ["matches"], ...found };
}

/** Lines of a Markdown text that stand outside of its code fences, read as CommonMark says; `open` when a fence is never closed. */
export function outsideFences(markdown: string): { readonly lines: readonly string[]; readonly open: boolean } {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split(/\r\n|\n|\r/u)) {
    const marker = /^ {0,3}(`{3,}|~{3,})(.*)$/u.exec(line);
    if (fence !== undefined) {
      if (marker?.[1]?.startsWith(fence) === true && marker[2]?.trim() === "") fence = undefined;
    } else if (marker?.[1] !== undefined && !(marker[1].startsWith("`") && marker[2]?.includes("`") === true)) {
      fence = marker[1];
    } else {
      lines.push(line);
    }
  }
  return { lines, open: fence !== undefined };
}
