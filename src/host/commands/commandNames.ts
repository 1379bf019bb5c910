import type { MemoryRow } from "../../contract/explore.ts";

/** What each command takes when code runs it; a person runs it without. A test compares the list with package.json. */
export interface CommandArguments {
  "heirloom.openExplorer": readonly [];
  "heirloom.remember": readonly [];
  "heirloom.search": readonly [text?: string];
  "heirloom.copyContext": readonly [question?: string];
  "heirloom.learn": readonly [];
  "heirloom.forget": readonly [id?: string];
  "heirloom.undoForget": readonly [];
  "heirloom.shareMemories": readonly [];
  "heirloom.reviewShared": readonly [];
  "heirloom.importVscodeMemories": readonly [];
  "heirloom.export": readonly [];
  "heirloom.import": readonly [];
  "heirloom.reindex": readonly [];
  "heirloom.indexCode": readonly [];
  "heirloom.pauseCodeIndexing": readonly [];
  "heirloom.resumeCodeIndexing": readonly [];
  "heirloom.clearCodeIndex": readonly [];
  "heirloom.downloadModel": readonly [];
  "heirloom.showHealth": readonly [];
  "heirloom.connectClaudeCode": readonly [];
  "heirloom.connectAgent": readonly [];
  "heirloom.disconnectAgent": readonly [];
  "heirloom.manageTrust": readonly [];
  "heirloom.openSettings": readonly [];
  "heirloom.openLog": readonly [];
  "heirloom.getStarted": readonly [];
  /** From a mark in the editor: the memories of one line. */
  "heirloom.showMemories": readonly [rows: readonly Pick<MemoryRow, "id" | "title" | "kind">[]];
}
export type CommandName = keyof CommandArguments;
