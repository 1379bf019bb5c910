import { BANDS, readBands, signature } from "./admit/signature.ts";
import type { DocumentCandidate } from "./capture/documentCandidates.ts";
import type { Projection } from "./seams.ts";

/** So many of 10 bands are shared by 93 % of the texts of Jaccard similarity 0.85, and by 2 % of those of 0.5. */
const NEARLY_THE_SAME = 3;

/**
 * Tells of each section of a document whether it was forgotten: its text, wherever it stands now, or nearly its text in the same place. The
 * text itself is gone, so that signatures are compared.
 */
export function unlearnedSections(projection: Pick<Projection, "unlearned">): (section: DocumentCandidate) => boolean {
  const hashes = new Set<string>();
  const signatures = new Map<string, string[]>();
  for (const key of projection.unlearned("section")) {
    const [hash = "", section = "", text = ""] = key.split(" ");
    hashes.add(hash);
    const known = signatures.get(section);
    if (known === undefined) signatures.set(section, [text]);
    else known.push(text);
  }
  return ({ candidate: { content, metadata } }) => {
    if (hashes.has(metadata.document.hash)) return true;
    const forgotten = signatures.get(metadata.document.section);
    if (forgotten === undefined) return false;
    const here = signature(content);
    return forgotten.some((one) => sharedBands(one, here) >= NEARLY_THE_SAME);
  };
}

function sharedBands(a: string, b: string): number {
  const [left, right] = [new Uint32Array(BANDS), new Uint32Array(BANDS)];
  if (!readBands(a, left, 0) || !readBands(b, right, 0)) return 0;
  return left.filter((value, band) => value === right[band]).length;
}
