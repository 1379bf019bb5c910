import type { ParseApi } from "../contract/code.ts";
import { anchorKey, type Fingerprint } from "../contract/freshness.ts";
import type { Anchor } from "../contract/memory.ts";
import { CodeFile } from "./anchors/codeFile.ts";
import { fingerprintOf } from "./anchors/fingerprint.ts";
import { readCode } from "./code/walk/readCode.ts";
import { draftFile } from "./draftFile.ts";
import type { Drafts } from "./ports.ts";
import { parseSymbols } from "./treeSources.ts";

export type Fingerprints = Readonly<Record<string, Fingerprint>>;

export interface ReadAnchors {
  /** What could be read at once, by `anchorKey`. */
  readonly ready: Fingerprints;
  /** What takes longer: the symbols of a file that has to be parsed by a thread that is busy, or has yet to start. */
  readonly late?: Promise<Fingerprints>;
}

/** What a capture waits for the code that it speaks of, in milliseconds. */
const PATIENCE_MS = 100;
/** What is waited for in the background, and by a process that ends. */
const LATE_MS = 2_000;
/** What a capture waits for a text that is not saved: nobody reads it later, and the file says something else. */
const DRAFT_MS = 15_000;

/** Reads what anchors speak of as it is in a work tree now, but for those that are `known`. What cannot be read has no fingerprint. Throws nothing. */
export async function readAnchors(
  anchors: readonly Anchor[],
  root: string,
  parser: ParseApi,
  known: Fingerprints = {},
): Promise<ReadAnchors> {
  const end = performance.now() + PATIENCE_MS;
  const ready: (readonly [string, Fingerprint])[] = [];
  const unknown: Anchor[] = [];
  for (const anchor of anchors) {
    const key = anchorKey(anchor);
    const print = Object.hasOwn(known, key) ? known[key] : undefined;
    if (print === undefined) unknown.push(anchor);
    else ready.push([key, print]);
  }
  const all = [...byPath(unknown)].map(([path, those]) => printsOfFile(path, those, root, parser));
  const late: Promise<Prints>[] = [];
  for (const prints of all) {
    const inTime = await within(end - performance.now(), prints);
    if (inTime === undefined) late.push(prints);
    else ready.push(...inTime);
  }
  // By fromEntries: a path may be `__proto__`.
  if (late.length === 0) return { ready: Object.fromEntries(ready) };
  return {
    ready: Object.fromEntries(ready),
    late: Promise.all(late).then((found) => Object.fromEntries(found.flat())),
  };
}

/** Those that speak of texts which are not saved, as they are there; symbols are waited for. What cannot be read has no fingerprint. Throws nothing. */
export async function readDraftAnchors(
  anchors: readonly Anchor[],
  root: string,
  { drafts, parser }: { readonly drafts: Drafts; readonly parser: ParseApi },
): Promise<Fingerprints> {
  const prints: (readonly [string, Fingerprint])[] = [];
  for (const [path, those] of byPath(anchors)) {
    const draft = drafts.at(root, path);
    if (draft === undefined) continue;
    const at = draftFile(path, draft);
    prints.push(...(at.kind === "file" ? await printsIn(at.file, those, parser, DRAFT_MS) : bytesOnly(those, at.blob)));
  }
  return Object.fromEntries(prints);
}

function byPath(anchors: readonly Anchor[]): ReadonlyMap<string, readonly Anchor[]> {
  const those = new Map<string, Anchor[]>();
  for (const anchor of anchors) those.set(anchor.path, [...(those.get(anchor.path) ?? []), anchor]);
  return those;
}

type Prints = readonly (readonly [key: string, print: Fingerprint])[];

async function printsOfFile(path: string, anchors: readonly Anchor[], root: string, parser: ParseApi): Promise<Prints> {
  const read = await readCode(root, path, { objectFormat: "sha1" });
  if ("leftOut" in read) return bytesOnly(anchors, read.blob);
  return printsIn(new CodeFile(path, read.blob, read.text), anchors, parser);
}

async function printsIn(
  file: CodeFile,
  anchors: readonly Anchor[],
  parser: ParseApi,
  patienceMs = LATE_MS,
): Promise<Prints> {
  if (anchors.some(({ symbol }) => symbol !== undefined)) {
    const symbols = await parseSymbols(parser, file, patienceMs);
    if (symbols === undefined) anchors = anchors.filter(({ symbol }) => symbol === undefined);
    else file.withSymbols(symbols);
  }
  return anchors.flatMap((anchor) => {
    const print = fingerprintOf(anchor, file);
    return print === undefined ? [] : [[anchorKey(anchor), print] as const];
  });
}

/** Of what is no code: only the same bytes are the same. */
const bytesOnly = (anchors: readonly Anchor[], blob: string | undefined): Prints =>
  blob === undefined
    ? []
    : anchors.map((one) => [anchorKey(one), { v: 1, blob, hash: "", tokens: 0, roll: 0, sketch: "" }]);

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), Math.max(0, ms))));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
