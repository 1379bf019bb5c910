import type { Memory, Provenance } from "../contract/memory.ts";
import { intersectRows, type RowSet } from "../contract/rowSet.ts";
import type { DocumentCandidate, DocumentMark } from "./capture/documentCandidates.ts";
import type { SearchStore } from "./retrieve/storePlan.ts";
import { replacedAt } from "./store/visibility.ts";

/** The memories of sections that this HEAD inherits. */
export function inheritedDocuments({ projection, view }: SearchStore, now: number): readonly Memory[] {
  return documentsAmong(projection, projection.visibleRows(view, now));
}

/**
 * Memories that say the same as a section that is captured, by its idempotency key, and that this HEAD does not inherit: learned on another
 * branch. Where both are inherited, one is enough.
 */
export function twinsOf(
  { projection }: SearchStore,
  now: number,
  captured: readonly DocumentCandidate[],
): ReadonlyMap<string, readonly Memory[]> {
  if (captured.length === 0) return new Map();
  const bySection = new Map<string, Memory[]>();
  for (const memory of documentsAmong(projection, projection.livingRows(now))) {
    const mark = memory.metadata["document"] as Partial<DocumentMark> | null | undefined;
    const key = `${mark?.section} ${mark?.hash}`;
    const same = bySection.get(key);
    if (same === undefined) bySection.set(key, [memory]);
    else same.push(memory);
  }
  return new Map(
    captured.map(({ idempotencyKey, candidate: { metadata } }) => {
      const { section, hash } = metadata.document;
      return [idempotencyKey, bySection.get(`${section} ${hash}`) ?? []];
    }),
  );
}

/**
 * Whether branches without the commit of the new text go on with the old one, which then stays as it is for them. A pinned memory is
 * revised all the same, since a person wants that one.
 */
export function holdsElsewhere(
  { provenance: { commit, pending }, pinned }: Memory,
  changed: Provenance,
): changed is Provenance & { readonly commit: string } {
  if (pinned || pending || changed.pending || commit === undefined || changed.commit === undefined) return false;
  return commit !== changed.commit;
}

/** More commits than these, of rewritten histories, are not worth asking git for. */
const MOST_REPLACED = 20;

export function replacedBy(memory: Memory, commit: string): Memory["metadata"] {
  const mark = memory.metadata["document"];
  const commits = [...replacedAt(memory).filter((one) => one !== commit), commit].slice(-MOST_REPLACED);
  return { ...memory.metadata, document: { ...(mark as DocumentMark), replacedAt: commits } };
}

function documentsAmong(projection: SearchStore["projection"], rows: RowSet): readonly Memory[] {
  const documents = projection.rowsWhere({ op: "eq", ref: { field: "eventType" }, value: "document" });
  return projection.newest(intersectRows(documents, rows), Infinity).flatMap(({ row }) => projection.memory(row) ?? []);
}
