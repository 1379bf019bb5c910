import type { ParseApi } from "../contract/code.ts";
import { anchorKey, type Fingerprint } from "../contract/freshness.ts";
import type { Anchor } from "../contract/memory.ts";
import { CodeFile } from "./anchors/codeFile.ts";
import { fingerprintOf } from "./anchors/fingerprint.ts";
import { readCode } from "./code/walk/readCode.ts";
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

/** Reads what anchors speak of as it is in a work tree now. What cannot be read has no fingerprint. Throws nothing. */
export async function readAnchors(
  anchors: readonly Anchor[],
  root: string,
  parser: ParseApi,
  patienceMs = PATIENCE_MS,
): Promise<ReadAnchors> {
  const end = performance.now() + patienceMs;
  const byPath = new Map<string, Anchor[]>();
  for (const anchor of anchors) byPath.set(anchor.path, [...(byPath.get(anchor.path) ?? []), anchor]);
  const all = [...byPath].map(([path, those]) => printsIn(path, those, root, parser));
  const ready: (readonly [string, Fingerprint])[] = [];
  const late: Promise<readonly (readonly [string, Fingerprint])[]>[] = [];
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

async function printsIn(
  path: string,
  anchors: readonly Anchor[],
  root: string,
  parser: ParseApi,
): Promise<readonly (readonly [string, Fingerprint])[]> {
  const read = await readCode(root, path, { objectFormat: "sha1" });
  if ("leftOut" in read)
    return read.blob === undefined ? [] : anchors.map((one) => [anchorKey(one), bytesOnly(read.blob ?? "")]);
  const file = new CodeFile(path, read.blob, read.text);
  if (anchors.some(({ symbol }) => symbol !== undefined)) {
    const symbols = await parseSymbols(parser, file, LATE_MS);
    if (symbols === undefined) anchors = anchors.filter(({ symbol }) => symbol === undefined);
    else file.withSymbols(symbols);
  }
  return anchors.flatMap((anchor) => {
    const print = fingerprintOf(anchor, file);
    return print === undefined ? [] : [[anchorKey(anchor), print] as const];
  });
}

/** Of what is no code: only the same bytes are the same. */
const bytesOnly = (blob: string): Fingerprint => ({ v: 1, blob, hash: "", tokens: 0, roll: 0, sketch: "" });

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), Math.max(0, ms))));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
