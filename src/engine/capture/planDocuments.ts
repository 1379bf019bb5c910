import type { Memory } from "../../contract/memory.ts";
import type { DocumentCandidate } from "./documentCandidates.ts";

export interface DocumentPlan {
  /** Sections that no earlier memory stands for. */
  readonly capture: readonly DocumentCandidate[];
  /** Sections whose text changed, each with the memory whose place it takes. */
  readonly revise: readonly { readonly id: string; readonly candidate: DocumentCandidate }[];
  /** Memories of sections that the documents no longer hold. Other branches may still hold them: nothing to forget without asking. */
  readonly gone: readonly string[];
  readonly unchanged: number;
}

/**
 * What a new reading of the documents changes. `earlier`: the living memories of event type `document` that HEAD inherits; those of other
 * branches are not given, so that a branch with another README gets memories of its own and revises only what it inherited.
 *
 * A section is known again by the mark in its memory's metadata, not by its idempotency key, which a revision leaves behind: same text,
 * unchanged; other text, revised; nothing of that section, captured. Should several memories stand for one section (two branches that were
 * merged), the one with the right text, else the newest, stays and the others are gone.
 */
export function planDocuments(
  candidates: readonly DocumentCandidate[],
  earlier: readonly Pick<Memory, "id" | "metadata" | "anchors" | "timestamp">[],
): DocumentPlan {
  const bySection = new Map<string, Earlier[]>();
  for (const memory of earlier) {
    const mark = markOf(memory);
    if (mark === undefined) continue;
    const one = { ...memory, ...mark };
    const same = bySection.get(mark.section);
    if (same === undefined) bySection.set(mark.section, [one]);
    else same.push(one);
  }
  const capture: DocumentCandidate[] = [];
  const revise: { id: string; candidate: DocumentCandidate }[] = [];
  const gone: string[] = [];
  let unchanged = 0;
  for (const candidate of candidates) {
    const standing = (bySection.get(candidate.supersedesKey) ?? []).sort(rightTextThenNewest(candidate));
    bySection.delete(candidate.supersedesKey);
    const [first, ...others] = standing;
    if (first === undefined) capture.push(candidate);
    else if (isSame(first, candidate)) unchanged++;
    else revise.push({ id: first.id, candidate });
    gone.push(...others.map(({ id }) => id));
  }
  for (const left of bySection.values()) gone.push(...left.map(({ id }) => id));
  return { capture, revise, gone, unchanged };
}

type Earlier = Pick<Memory, "id" | "anchors" | "timestamp"> & { readonly section: string; readonly hash: string };

function markOf({
  metadata,
}: Pick<Memory, "metadata">): { readonly section: string; readonly hash: string } | undefined {
  const mark = metadata["document"];
  if (typeof mark !== "object" || mark === null || Array.isArray(mark)) return undefined;
  const { section, hash } = mark as Readonly<Record<string, unknown>>;
  return typeof section === "string" && typeof hash === "string" ? { section, hash } : undefined;
}

const hashOf = ({ candidate }: DocumentCandidate): string => candidate.metadata.document.hash;

const rightTextThenNewest =
  (candidate: DocumentCandidate) =>
  (a: Earlier, b: Earlier): number =>
    Number(b.hash === hashOf(candidate)) - Number(a.hash === hashOf(candidate)) ||
    b.timestamp - a.timestamp ||
    (a.id < b.id ? -1 : 1);

/** A section that only moved to other lines is the same one; re-finding its anchor is the work of git/. */
const isSame = (memory: Earlier, candidate: DocumentCandidate): boolean => memory.hash === hashOf(candidate);
