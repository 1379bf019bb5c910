import type { Memory } from "../contract/memory.ts";
import { codeHead } from "./codeHead.ts";
import type { TextDocument } from "./seams.ts";

/** The words of a memory, by field, as text search sees them. */
export function textDocument(memory: Memory): TextDocument {
  return {
    title: memory.title ?? codeHead(memory.content) ?? "",
    body: memory.content,
    tags: memory.tags,
    anchors: memory.anchors.map(({ path, symbol }) => (symbol === undefined ? path : `${path} ${symbol}`)),
    parts: memory.parts,
  };
}
