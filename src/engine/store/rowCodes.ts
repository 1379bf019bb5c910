import { documentPath } from "../../contract/document.ts";
import type { Memory } from "../../contract/memory.ts";
import { COLUMN_WORDS, type RowColumn } from "./codeColumns.ts";
import { freshnessOf } from "./memoryTables.ts";
import type { Words } from "./words.ts";

/** What is kept of a memory beside the tables: the code of its word for each column, 0 where it has none. */
export function codesOf(memory: Memory, words: Words): Readonly<Record<RowColumn, number>> {
  const { branch, agent, commit } = memory.provenance;
  const code = (column: RowColumn, text: string | undefined): number =>
    text === undefined ? 0 : (words.find(COLUMN_WORDS[column], text) ?? 0);
  return {
    kind: code("kind", memory.kind),
    scope: code("scope", memory.scope),
    freshness: code("freshness", freshnessOf(memory)),
    branch: code("branch", branch),
    agent: code("agent", agent),
    commit: code("commit", commit),
    pinned: code("pinned", String(memory.pinned === true)),
    whole: memory.sessionId === undefined ? documentCode(memory, words) : code("whole", memory.sessionId),
  };
}

/** Of the file that it is a part of; 0 where it is not anchored to it. */
function documentCode(memory: Memory, words: Words): number {
  const path = documentPath(memory);
  return path === undefined ? 0 : (words.find("anchorPath", path) ?? 0);
}

/** Of the files that it is anchored to. */
export const anchorCodes = ({ anchors }: Memory, words: Words): readonly number[] => [
  ...new Set(anchors.flatMap(({ path }) => words.find("anchorPath", path) ?? [])),
];
