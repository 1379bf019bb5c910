import type { CodeSymbol } from "../../contract/code.ts";
import type { Fingerprint } from "../../contract/freshness.ts";
import type { Anchor } from "../../contract/memory.ts";
import type { CodeFile, Span } from "./codeFile.ts";
import { bodyHash, contextAfter, contextBefore, rollOf, strongHash } from "./hashes.ts";
import { packSketch, sketchOf } from "./sketch.ts";
import { blockNamed, spanOf, symbolsNamed } from "./symbolsNamed.ts";

/** What an anchor speaks of in a file; undefined where the file has no such symbol or line. Symbols are to be read where one is named. */
export function fingerprintOf(anchor: Anchor, file: CodeFile): Fingerprint | undefined {
  const place = placeOf(anchor, file);
  if (place === undefined) return undefined;
  const { span, symbol } = place;
  const hashes = file.hashesOf(span);
  const { hashes: all } = file.tokens;
  const isWhole = anchor.symbol === undefined && anchor.startLine === undefined;
  return {
    v: 1,
    blob: file.blob,
    hash: strongHash(hashes),
    tokens: hashes.length,
    roll: rollOf(hashes),
    sketch: packSketch(sketchOf(hashes)),
    ...(symbol === undefined ? {} : { body: bodyHash(hashes, symbol.name) }),
    ...(symbol?.container === undefined ? {} : { container: symbol.container }),
    ...(isWhole
      ? {}
      : { before: contextBefore(all, span.from), after: contextAfter(all, span.to), ...file.placeOf(span) }),
  };
}

interface Place {
  readonly span: Span;
  readonly symbol?: CodeSymbol;
}

function placeOf({ symbol, startLine, endLine = startLine }: Anchor, file: CodeFile): Place | undefined {
  if (symbol !== undefined) {
    const named = symbolsNamed(file, symbol);
    const found =
      named.find((one) => startLine === undefined || overlaps(one, startLine, endLine ?? startLine)) ?? named[0];
    if (found !== undefined) return { span: spanOf(file, found), symbol: found };
    const block = startLine === undefined ? blockNamed(file, symbol) : undefined;
    if (block !== undefined) return { span: block };
  }
  if (startLine !== undefined && endLine !== undefined) {
    const span = file.linesOf(startLine, endLine);
    return span.from < span.to ? { span } : undefined;
  }
  return symbol === undefined ? { span: file.whole } : undefined;
}

const overlaps = (one: CodeSymbol, first: number, last: number): boolean =>
  (one.leadLine ?? one.startLine) <= last && one.endLine >= first;
