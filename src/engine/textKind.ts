import type { IndexKind } from "./followingIndex.ts";
import { createTextIndex, loadTextIndex } from "./indexing/textIndex.ts";
import type { TextIndex } from "./seams.ts";
import { textDocument } from "./textDocument.ts";

/** The text index over memories. */
export const textKind: IndexKind<TextIndex> = {
  name: "text index",
  create: createTextIndex,
  load: loadTextIndex,
  add: (index, row, memory) => index.add(row, textDocument(memory)),
  remove: (index, row) => index.remove(row),
};
