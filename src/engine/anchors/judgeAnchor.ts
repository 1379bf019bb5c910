import type { AnchorState, Fingerprint } from "../../contract/freshness.ts";
import type { Anchor } from "../../contract/memory.ts";
import type { AnchorSources, AtPath } from "./anchorSources.ts";
import type { CodeFile } from "./codeFile.ts";
import { refind } from "./refind.ts";
import type { Refound } from "./refound.ts";
import { unpackSketch } from "./sketch.ts";

export interface AnchorQuestion {
  readonly anchor: Anchor;
  /** Absent where nobody read what it spoke of. */
  readonly print: Fingerprint | undefined;
  /** HEAD when it was captured. */
  readonly commit: string | undefined;
}

export interface AnchorVerdict {
  readonly state: AnchorState;
  /** It was looked for all over the tree: another file may change the answer. */
  readonly isFar: boolean;
}

/** What is as like as this in another file is what went there; a whole file at least half. */
const FOLLOWED = 0.5;
/** A file that has less of what was captured has nothing as like as that in it, if that is so many tokens that another name changes little of them. */
const TRACE = 0.15;
const TRACED_TOKENS = 24;

/** What became of one anchor: in its file, then where git or likeness says that the file or the code went. */
export async function judgeAnchor(question: AnchorQuestion, sources: AnchorSources): Promise<AnchorVerdict> {
  const { anchor, print } = question;
  const at = await sources.read(anchor.path);
  if (at.kind === "other") return { isFar: false, state: compared(anchor, print, at) };
  if (at.kind === "folder")
    return { isFar: false, state: unchecked(anchor, "a folder, of which only its being there is known") };
  if (at.kind === "file") {
    if (print === undefined) return { isFar: false, state: unchecked(anchor, NEVER_READ) };
    const found = await findIn(anchor, print, at.file, sources);
    if (found === "unread") return { isFar: false, state: unchecked(anchor, UNREAD) };
    if (found !== undefined) return { isFar: false, state: stateOf(anchor, anchor.path, found) };
  }
  return followed(question, at.kind === "missing", sources);
}

const UNREAD = "its symbols are not read yet";
const NEVER_READ = "what it spoke of was never read: it was captured without its code";

/** In files that are neither at the path of the anchor nor told by it. */
async function followed(
  { anchor, print, commit }: AnchorQuestion,
  isGone: boolean,
  sources: AnchorSources,
): Promise<AnchorVerdict> {
  const renamed = (): Promise<string | undefined> | undefined =>
    commit === undefined || !isGone ? undefined : sources.renamed(anchor.path, commit);
  if (print === undefined) {
    const path = await renamed();
    if (path === undefined || (await sources.read(path)).kind !== "file") return gone(anchor, isGone);
    const state = { ...unchecked(anchor, `the file is ${path} now; ${NEVER_READ}`), now: { ...anchor, path } };
    return { isFar: true, state };
  }
  const sketch = print.tokens < TRACED_TOKENS ? undefined : unpackSketch(print.sketch);
  const looked = new Map<string, Refound | undefined>();
  const unread: string[] = [];
  const lookIn = async (path: string, same?: string): Promise<Refound | undefined> => {
    if ((looked.has(path) && path !== same) || path === anchor.path) return looked.get(path);
    looked.set(path, undefined);
    const at = await sources.read(path);
    if (at.kind !== "file") return undefined;
    if (sketch !== undefined && path !== same && at.file.shareOf(sketch) < TRACE) return undefined;
    const found = await findIn(anchor, print, at.file, sources);
    if (found === "unread") {
      unread.push(path);
      return undefined;
    }
    looked.set(path, found);
    return found;
  };
  const named = await sources.named(anchor);
  for (const path of named) {
    const found = await lookIn(path);
    if (found?.freshness === "fresh") return { isFar: true, state: stateOf(anchor, path, found) };
  }
  // What git is asked for each commit takes longest.
  const there = await renamed();
  let best: { readonly path: string; readonly found: Refound } | undefined;
  const others = await sources.candidates(anchor, print, commit);
  for (const path of new Set([...(there === undefined ? [] : [there]), ...named, ...others])) {
    const found = await lookIn(path, there);
    // What git calls the same file is it, however much of it changed.
    if (found === undefined || (path !== there && found.likeness < FOLLOWED)) continue;
    if (best === undefined || found.likeness > best.found.likeness) best = { path, found };
    if (best.found.freshness === "fresh") break;
  }
  if (best !== undefined) return { isFar: true, state: stateOf(anchor, best.path, best.found) };
  return unread.length > 0 ? { isFar: true, state: unchecked(anchor, UNREAD) } : gone(anchor, isGone);
}

function gone(anchor: Anchor, isFileGone: boolean): AnchorVerdict {
  const why = isFileGone ? "the file is not there" : `${anchor.symbol ?? "the code"} is not in the file any more`;
  return { isFar: true, state: { anchor, freshness: "orphaned", why } };
}

async function findIn(
  anchor: Anchor,
  print: Fingerprint,
  file: CodeFile,
  sources: AnchorSources,
): Promise<Refound | "unread" | undefined> {
  if (anchor.symbol !== undefined && file.blob !== print.blob && file.symbols === undefined) {
    const symbols = await sources.symbols(file);
    if (symbols === undefined) return "unread";
    file.withSymbols(symbols);
  }
  return refind(anchor, print, file);
}

/** What is no text is the same only byte by byte. */
function compared(anchor: Anchor, print: Fingerprint | undefined, at: Extract<AtPath, { kind: "other" }>): AnchorState {
  if (print === undefined || at.blob === undefined) return unchecked(anchor, `the file is not compared: ${at.why}`);
  if (print.blob === at.blob) return { anchor, freshness: "fresh", why: "unchanged", likeness: 1 };
  return { anchor, freshness: "drifted", why: `the file changed; it is ${at.why}` };
}

const unchecked = (anchor: Anchor, why: string): AnchorState => ({ anchor, freshness: "unchecked", why });

function stateOf(anchor: Anchor, path: string, found: Refound): AnchorState {
  const { freshness, why, symbol, startLine, endLine, likeness } = found;
  const isElsewhere = path !== anchor.path || symbol !== undefined || startLine !== undefined;
  const said = path === anchor.path ? why : `now in ${path}${why === "unchanged" ? "" : `: ${why}`}`;
  const name = symbol ?? anchor.symbol;
  const lines =
    startLine === undefined || endLine === undefined
      ? path === anchor.path
        ? { startLine: anchor.startLine, endLine: anchor.endLine }
        : {}
      : { startLine, endLine };
  const now = Object.fromEntries(
    Object.entries({ path, symbol: name, ...lines }).filter(([, value]) => value !== undefined),
  ) as Anchor;
  return { anchor, freshness, why: said, likeness, ...(isElsewhere ? { now } : {}) };
}
