import type { CodeSymbol } from "../../contract/code.ts";
import type { Fingerprint } from "../../contract/freshness.ts";
import type { Anchor } from "../../contract/memory.ts";
import type { CodeFile, Span } from "./codeFile.ts";
import { bodyHash, strongHash } from "./hashes.ts";
import type { Refound } from "./refound.ts";
import { refindRange } from "./refindRange.ts";
import { likeness, shinglesOf, type Sketch, sketchOf, unpackSketch } from "./sketch.ts";
import { blockNamed, partsOf, spanOf, symbolsNamed } from "./symbolsNamed.ts";

/** From here on another symbol is what became of one that is gone. */
const SUCCESSOR = 0.5;
/** Share of what was captured that each part of a split has, and that all have together. */
const PART = 0.15;
const PARTS_TOGETHER = 0.5;
/** Below this what has the name is another thing, if the same body stands under another name. */
const OTHER_THING = 0.3;
/** A symbol of fewer tokens, but for its name, is like too many. */
const TELLING_TOKENS = 8;

/** A symbol by its name, then by its body under another name, then by where its parts went. Undefined where there is no trace of it. */
export function refindSymbol(anchor: Anchor, print: Fingerprint, file: CodeFile): Refound | undefined {
  const symbol = anchor.symbol ?? "";
  const sketch = unpackSketch(print.sketch);
  if ((file.symbols ?? []).length === 0) return refindBlock(symbol, print, file, sketch);
  const named = symbolsNamed(file, symbol, print.container).map((one) => judged(one, file, sketch));
  const same = named.find(({ hash }) => hash === print.hash);
  if (same !== undefined) return { freshness: "fresh", likeness: 1, ...sameCode(print, same) };
  const best = named.reduce<Judged | undefined>((a, b) => (a === undefined || b.alike > a.alike ? b : a), undefined);
  const renamed =
    best === undefined || best.alike < OTHER_THING ? sameBody(print, file, partsOf(symbol).name, named) : undefined;
  if (renamed !== undefined)
    return { freshness: "fresh", why: `renamed to ${nameOf(renamed)}`, likeness: 1, ...now(renamed) };
  const parts = splitInto(file, print, sketch, best?.symbol);
  if (best !== undefined) {
    const went = parts.length === 0 ? "" : `, parts of it are in ${listed(parts)}`;
    return { freshness: "drifted", why: `body changed${went}`, likeness: best.alike, ...lines(best.symbol) };
  }
  const successor = mostAlike(file, print, sketch);
  if (successor !== undefined && parts.length < 2)
    return {
      freshness: "drifted",
      why: `renamed to ${nameOf(successor.symbol)} and changed`,
      likeness: successor.alike,
      ...now(successor.symbol),
    };
  const first = parts[0];
  if (first !== undefined && parts.length > 1)
    return { freshness: "drifted", why: `split into ${listed(parts)}`, likeness: successor?.alike ?? 0, ...now(first) };
  // Code that lost its name may stand somewhere all the same, inlined for instance.
  const range = print.tokens < TELLING_TOKENS ? undefined : refindRange(print, file);
  if (range === undefined) return undefined;
  const place = file.placeOf(spanOfLines(file, range, print));
  return {
    freshness: "drifted",
    why: `${partsOf(symbol).name} is gone, its code is on lines ${place.startLine} to ${place.endLine}`,
    likeness: range.likeness,
    ...place,
  };
}

interface Judged {
  readonly symbol: CodeSymbol;
  readonly hash: string;
  readonly alike: number;
}

function judged(symbol: CodeSymbol, file: CodeFile, sketch: Sketch): Judged {
  const hashes = file.hashesOf(spanOf(file, symbol));
  return { symbol, hash: strongHash(hashes), alike: likeness(sketch, sketchOf(hashes)) };
}

function sameCode(print: Fingerprint, { symbol }: Judged): Pick<Refound, "why" | "startLine" | "endLine"> {
  const place = lines(symbol);
  return place.startLine === print.startLine ? { why: "same code" } : { why: "same code", ...place };
}

/** What has the same body under another name, or the same name in another container: the class was renamed, or it went to another one. */
function sameBody(print: Fingerprint, file: CodeFile, name: string, named: readonly Judged[]): CodeSymbol | undefined {
  if (print.body === undefined || print.tokens < TELLING_TOKENS) return undefined;
  const others = new Set(named.map(({ symbol }) => symbol));
  const found = file.definitions.filter((one) => {
    const span = spanOf(file, one);
    if (others.has(one) || span.to - span.from !== print.tokens) return false;
    return bodyHash(file.hashesOf(span), one.name) === print.body;
  });
  return (
    found.find((one) => one.name === name) ?? found.find(({ container }) => container === print.container) ?? found[0]
  );
}

function mostAlike(file: CodeFile, print: Fingerprint, sketch: Sketch): Judged | undefined {
  if (print.tokens < TELLING_TOKENS) return undefined;
  let best: Judged | undefined;
  for (const symbol of file.definitions) {
    const span = spanOf(file, symbol);
    // A class holds what its methods hold: what is much longer or shorter is no successor.
    const length = span.to - span.from;
    if (length > 2 * print.tokens + TELLING_TOKENS || 2 * length + TELLING_TOKENS < print.tokens) continue;
    const one = judged(symbol, file, sketch);
    if (one.alike >= SUCCESSOR && (best === undefined || one.alike > best.alike)) best = one;
  }
  return best;
}

/** Innermost symbols, but `except`, that hold a good part each of what was captured, and with it most of that together. */
function splitInto(
  file: CodeFile,
  print: Fingerprint,
  sketch: Sketch,
  except: CodeSymbol | undefined,
): readonly CodeSymbol[] {
  if (print.tokens < 2 * TELLING_TOKENS || sketch.length === 0) return [];
  const wanted = new Set(sketch);
  const heldBy = (symbol: CodeSymbol): ReadonlySet<number> =>
    new Set(shinglesOf(file.hashesOf(spanOf(file, symbol))).filter((hash) => wanted.has(hash)));
  const all = file.symbols ?? [];
  const innermost = all.filter(
    (one) =>
      !all.some(
        (other) =>
          other !== one && one.startLine <= other.startLine && other.endLine <= one.endLine && span(other) < span(one),
      ),
  );
  const rest = new Set(except === undefined ? [] : heldBy(except));
  const parts: CodeSymbol[] = [];
  for (const symbol of innermost) {
    if (symbol === except) continue;
    const fresh = [...heldBy(symbol)].filter((hash) => !rest.has(hash));
    if (fresh.length / sketch.length < PART) continue;
    for (const hash of fresh) rest.add(hash);
    parts.push(symbol);
  }
  return rest.size / sketch.length < PARTS_TOGETHER ? [] : parts;
}

const span = ({ startLine, endLine }: CodeSymbol): number => endLine - startLine;

/** Where nothing tells symbols: by the block that begins with its name, then by the code wherever it is. */
function refindBlock(symbol: string, print: Fingerprint, file: CodeFile, sketch: Sketch): Refound | undefined {
  const block = blockNamed(file, symbol);
  if (block !== undefined && strongHash(file.hashesOf(block)) === print.hash) {
    const place = file.placeOf(block);
    return { freshness: "fresh", why: "same code", likeness: 1, ...(place.startLine === print.startLine ? {} : place) };
  }
  const found = refindRange(print, file);
  if (found?.freshness === "fresh" || block === undefined) return found;
  const alike = likeness(sketch, sketchOf(file.hashesOf(block)));
  return { freshness: "drifted", why: "body changed", likeness: alike, ...file.placeOf(block) };
}

function spanOfLines(file: CodeFile, { startLine, endLine }: Refound, print: Fingerprint): Span {
  const first = startLine ?? print.startLine ?? 1;
  return file.linesOf(first, endLine ?? print.endLine ?? first);
}

const nameOf = ({ name, container }: CodeSymbol): string => (container === undefined ? name : `${container}.${name}`);
const lines = ({ startLine, endLine }: CodeSymbol): { readonly startLine: number; readonly endLine: number } => ({
  startLine,
  endLine,
});
const now = (symbol: CodeSymbol): Pick<Refound, "symbol" | "startLine" | "endLine"> => ({
  symbol: nameOf(symbol),
  ...lines(symbol),
});
const listed = (symbols: readonly CodeSymbol[]): string => symbols.slice(0, 3).map(nameOf).join(" and ");
