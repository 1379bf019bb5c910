import type { CodeSymbol } from "../../contract/code.ts";
import type { Fingerprint } from "../../contract/freshness.ts";
import type { Anchor } from "../../contract/memory.ts";
import type { CodeFile } from "./codeFile.ts";

/** What is at a path of a work tree: a file that can be compared, a folder, nothing, or something that is not compared. */
export type AtPath =
  | { readonly kind: "file"; readonly file: CodeFile }
  | { readonly kind: "folder" | "missing" }
  | { readonly kind: "other"; readonly why: string; readonly blob?: string };

/** The work tree that anchors are found again in. Paths are relative to its root; nothing outside of it is read. */
export interface AnchorSources {
  read(path: string): Promise<AtPath>;
  /** Undefined where they are not known in time. */
  symbols(file: CodeFile): Promise<readonly CodeSymbol[] | undefined>;
  /** What git says the file of a commit is called now; undefined where it says nothing. */
  renamed(path: string, commit: string): Promise<string | undefined>;
  /** Files that have the name of a symbol in them, the likeliest first: a few. */
  named(anchor: Anchor): Promise<readonly string[]>;
  /** Others in which something may be that is gone from where it was, the likeliest first: a few. */
  candidates(anchor: Anchor, print: Fingerprint, commit: string | undefined): Promise<readonly string[]>;
}
