import type { Fingerprint } from "../../contract/freshness.ts";
import type { Anchor } from "../../contract/memory.ts";
import type { CodeFile } from "./codeFile.ts";
import { refindRange } from "./refindRange.ts";
import { refindSymbol } from "./refindSymbol.ts";
import { strongHash } from "./hashes.ts";
import { percent, type Refound } from "./refound.ts";
import { likeness, sketchOf, unpackSketch } from "./sketch.ts";

/** A whole file may change by about a tenth of its code before what is said of it as a whole is doubted. */
export const SAME_FILE = 0.8;

/** Finds what was captured in a file that may be another by now; undefined where it is not in it. Symbols are to be read where one is named. */
export function refind(anchor: Anchor, print: Fingerprint, file: CodeFile): Refound | undefined {
  if (print.blob === file.blob) return { freshness: "fresh", why: "unchanged", likeness: 1 };
  if (anchor.symbol !== undefined) return refindSymbol(anchor, print, file);
  if (print.startLine !== undefined) return refindRange(print, file);
  return refindFile(print, file);
}

function refindFile(print: Fingerprint, file: CodeFile): Refound {
  const { hashes } = file.tokens;
  // Of text that has no tokens there is nothing but its bytes to compare.
  if (print.tokens > 0 && print.hash === strongHash(hashes))
    return { freshness: "fresh", why: "same code", likeness: 1 };
  const alike = print.tokens === 0 ? 0 : likeness(unpackSketch(print.sketch), sketchOf(hashes));
  const why = `the file is ${percent(alike)} what it was`;
  return { freshness: alike >= SAME_FILE ? "fresh" : "drifted", why, likeness: alike };
}
