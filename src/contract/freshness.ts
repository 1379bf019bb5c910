import type { Anchor, FRESHNESS } from "./anchor.ts";

export type Freshness = (typeof FRESHNESS)[number];

/** `path#symbol:1-2`: names an anchor among those of one memory. */
export function anchorKey({ path, symbol, startLine, endLine }: Anchor): string {
  const lines = startLine === undefined ? "" : `:${startLine}${endLine === undefined ? "" : `-${endLine}`}`;
  return `${path}${symbol === undefined ? "" : `#${symbol}`}${lines}`;
}

/** What an anchor spoke of when it was captured, so that it is known again: docs/anchors.md says what each part is for. */
export interface Fingerprint {
  readonly v: 1;
  /** Address of the file's content. */
  readonly blob: string;
  /** Of the tokens, without whitespace and comments, and how many those are. */
  readonly hash: string;
  readonly tokens: number;
  /** The same in a form that is found anywhere in a file in one pass. */
  readonly roll: number;
  /** Base64 of the smallest hashes of its shingles: how like two texts are. */
  readonly sketch: string;
  /** Of a symbol: its tokens but for its own name. */
  readonly body?: string;
  /** What the symbol stood in. */
  readonly container?: string;
  /** Hashes of the tokens right before and right after. */
  readonly before?: number;
  readonly after?: number;
  /** Where it stood; absent for a whole file. */
  readonly startLine?: number;
  readonly endLine?: number;
}

/** The lines that are others than in the commit that a memory was captured on; a person is shown them who asks for the memory. */
export interface AnchorChange {
  readonly added: number;
  readonly removed: number;
  /** The first of them, as a diff has them, `+` or `-` before each; secrets are taken out. */
  readonly lines: readonly string[];
}

/** What became of one anchor in a work tree. */
export interface AnchorState {
  readonly anchor: Anchor;
  readonly freshness: Exclude<Freshness, "unanchored">;
  /** In a few words, for a person and an agent. */
  readonly why: string;
  /** Where it is now, where that is elsewhere. */
  readonly now?: Anchor;
  /** How like what is there is to what was captured, 0..1. */
  readonly likeness?: number;
  /** The commit that changed it first, or that it is not committed yet. */
  readonly since?: { readonly commit: string; readonly subject: string; readonly at: number } | "uncommitted";
}

/** What became of all anchors of a memory. */
export interface MemoryFreshness {
  readonly freshness: Freshness;
  /** `drifted since abc1234: body changed`; absent where there is nothing to say. */
  readonly why?: string;
  readonly anchors: readonly AnchorState[];
}
