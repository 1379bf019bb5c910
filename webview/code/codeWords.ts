import type { SymbolKind } from "../../src/contract/code.ts";
import type { SymbolRow } from "../../src/contract/codeExplorer.ts";
import type { IndexResult } from "../../src/contract/codeTools.ts";
import type { IconName } from "../parts/elements.tsx";

export const SYMBOL_ICONS: Readonly<Record<SymbolKind, IconName>> = {
  module: "symbol-namespace",
  class: "symbol-class",
  interface: "symbol-interface",
  enum: "symbol-enum",
  type: "symbol-parameter",
  function: "symbol-method",
  method: "symbol-method",
  field: "symbol-field",
  constant: "symbol-constant",
  variable: "symbol-variable",
  test: "beaker",
  heading: "markdown",
  key: "symbol-key",
};

/** Of a kind of symbol, or of what else has a place. */
export const iconOf = (kind: string): IconName =>
  (SYMBOL_ICONS as Readonly<Record<string, IconName>>)[kind] ?? "file-code";

export const STATES: Readonly<Record<IndexResult["state"], { readonly icon: IconName; readonly words: string }>> = {
  empty: { icon: "circle-slash", words: "Not indexed" },
  indexing: { icon: "sync", words: "Indexing" },
  ready: { icon: "pass-filled", words: "Indexed" },
  failed: { icon: "error", words: "Could not be indexed" },
  paused: { icon: "debug-pause", words: "Paused" },
  off: { icon: "circle-slash", words: "Switched off" },
};

/** What leaves a file out of the index, for who does not know the word. */
const REASONS: Readonly<Record<string, string>> = {
  secret: "there to hold secrets",
  ignored: "ignored by .gitignore or .heirloomignore",
  excluded: "excluded by VS Code's settings",
  vendored: "somebody else's code",
  generated: "written by a tool",
  minified: "minified",
  binary: "no text",
  "too large": "larger than 1 MB",
  "too many files": "past heirloom.code.maxFiles",
  submodule: "of a submodule",
  "nested repository": "of a repository inside",
  "symbolic link": "links to other places",
  "no regular file": "no regular files",
  "name not UTF-8": "with a name that is no UTF-8",
  missing: "gone before they were read",
  unreadable: "that cannot be read",
  outside: "outside of the folder",
};
export const reasonWords = (reason: string): string => REASONS[reason] ?? reason;

/** `Server.close` */
export const qualified = ({ name, container }: Pick<SymbolRow, "name" | "container">): string =>
  container === undefined ? name : `${container}.${name}`;
