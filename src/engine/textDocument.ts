import type { Memory } from "../contract/memory.ts";
import type { TextDocument } from "./seams.ts";

/** The words of a memory, by field, as text search sees them. */
export function textDocument(memory: Memory): TextDocument {
  return {
    title: memory.title ?? "",
    body: memory.content,
    tags: memory.tags,
    anchors: memory.anchors.map(({ path, symbol }) => (symbol === undefined ? path : `${path} ${symbol}`)),
    parts: memory.parts,
  };
}
