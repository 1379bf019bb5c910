import type { CodeSymbol } from "./code.ts";
import type { IndexResult } from "./codeTools.ts";
import type { RequestContext } from "./engineApi.ts";

/** A symbol of the index, enough to list it and to go there. */
export interface SymbolRow extends Pick<
  CodeSymbol,
  "kind" | "name" | "container" | "signature" | "startLine" | "endLine" | "isTest"
> {
  /** Relative to the root of the work tree, with forward slashes. */
  readonly path: string;
}

export interface SymbolQuery {
  /** A name or a part of one, in any case; `Container.name` narrows to what stands in there. "" finds nothing. */
  readonly text: string;
  readonly limit: number;
}

export interface SymbolsFound {
  /** Names that are the text first, then those that begin with it, those of whose words one does, and those that hold it. */
  readonly symbols: readonly SymbolRow[];
  /** Whether there are more than the limit. */
  readonly more: boolean;
}

/** What VS Code and the explorer ask of the code, beside what tools ask. */
export interface CodeExplorerApi {
  /** Brings the index up to what is known to have changed, without a walk where a watcher tells. Throws what listing the files threw. */
  followCode(context: RequestContext): Promise<IndexResult>;
  /** INVALID_INPUT where code is not indexed. */
  findSymbols(query: SymbolQuery, context: RequestContext): Promise<SymbolsFound>;
}
