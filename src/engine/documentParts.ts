import type { DocumentPart, MissingPart } from "../contract/document.ts";
import type { Memory } from "../contract/memory.ts";
import { hasRow } from "../contract/rowSet.ts";
import type { DocumentMark, DocumentSection } from "./capture/documentCandidates.ts";
import type { SearchStore } from "./retrieve/storePlan.ts";

/** A memory of a section of a document, and how the request stands to it. */
export interface Held {
  readonly memory: Memory;
  readonly mark: DocumentMark;
  readonly state: "visible" | "hidden" | "expired" | "forgotten";
  /** Why it is not visible, for a person. */
  readonly reason?: string;
}

/** Every memory of the document's sections, whatever became of it, as long as its text is held. */
export function heldSections(store: SearchStore, path: string, now: number): readonly Held[] {
  const { projection, view } = store;
  const rows = projection.rowsWhere({
    op: "and",
    of: [
      { op: "eq", ref: { field: "eventType" }, value: "document" },
      { op: "eq", ref: { field: "metadata", path: ["document", "path"] }, value: path },
    ],
  });
  const [living, visible] = [projection.livingRows(now), projection.visibleRows(view, now)];
  const held = projection.newest(rows, Infinity).flatMap(({ row }): readonly Held[] => {
    const memory = projection.memory(row);
    const mark = memory === undefined ? undefined : markOf(memory);
    if (memory === undefined || mark === undefined) return [];
    if (hasRow(visible, row)) return [{ memory, mark, state: "visible" }];
    const reason = projection.hiddenBecause(row, view, now) ?? "not visible here";
    return [{ memory, mark, state: hasRow(living, row) ? "hidden" : "expired", reason }];
  });
  for (const { memory, mergedInto } of projection.forgotten()) {
    const mark = memory.eventType === "document" ? markOf(memory) : undefined;
    if (mark?.path !== path) continue;
    const reason = mergedInto === undefined ? "it was forgotten" : `it was merged into ${mergedInto}`;
    held.push({ memory, mark, state: "forgotten", reason });
  }
  return held;
}

export interface PlacedSections {
  readonly parts: DocumentPart[];
  readonly missing: MissingPart[];
  readonly elsewhere: MissingPart[];
}

/**
 * The sections in the order of the file, where it is known: lines that memories name are those of when they were learned. Without it every section
 * that is held counts as one of the document, in the order of those lines.
 */
export function placeSections(
  held: readonly Held[],
  file: readonly DocumentSection[] | undefined,
  includeHidden: boolean,
): PlacedSections {
  const bySection = new Map<string, Held[]>();
  for (const one of held) bySection.set(one.mark.section, [...(bySection.get(one.mark.section) ?? []), one]);
  const placed: PlacedSections = { parts: [], missing: [], elsewhere: [] };
  const place = (standing: readonly Held[], section: DocumentSection | undefined): void => {
    const shown = standing.filter(({ state }) => state === "visible" || (includeHidden && state === "hidden"));
    const [best, ...others] = shown.toSorted(rightTextThenNewest(section?.hash));
    if (best !== undefined) {
      placed.parts.push(partOf(best, others, section, placed.parts.length, file !== undefined));
      return;
    }
    const into = file !== undefined && section === undefined ? placed.elsewhere : placed.missing;
    into.push(missingOf(standing.toSorted((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state))[0], section));
  };
  for (const section of file ?? []) {
    place(bySection.get(section.section) ?? [], section);
    bySection.delete(section.section);
  }
  const rest = [...bySection.values()].sort((a, b) => firstLine(a) - firstLine(b));
  for (const standing of rest) place(standing, undefined);
  return placed;
}

/** Which of the memories that are not to be seen says best why the section is missing. */
const STATES: readonly Held["state"][] = ["hidden", "expired", "forgotten", "visible"];

const rightTextThenNewest =
  (hash: string | undefined) =>
  (a: Held, b: Held): number =>
    Number(b.state === "visible") - Number(a.state === "visible") ||
    Number(b.mark.hash === hash) - Number(a.mark.hash === hash) ||
    b.memory.timestamp - a.memory.timestamp;

const firstLine = (standing: readonly Held[]): number =>
  Math.min(...standing.map(({ memory }) => memory.anchors[0]?.startLine ?? Infinity));

function partOf(
  { memory, mark, state, reason }: Held,
  others: readonly Held[],
  section: DocumentSection | undefined,
  index: number,
  fileKnown: boolean,
): DocumentPart {
  const lines = section ?? memory.anchors[0];
  const drift =
    section === undefined ? (fileKnown ? "gone" : undefined) : section.hash === mark.hash ? undefined : "changed";
  return {
    id: memory.id,
    index,
    text: memory.content,
    ...(memory.title === undefined ? {} : { title: memory.title }),
    ...(section === undefined ? {} : { headings: [...section.headings] }),
    ...(lines?.startLine === undefined ? {} : { startLine: lines.startLine }),
    ...(lines?.endLine === undefined ? {} : { endLine: lines.endLine }),
    tokens: memory.tokens,
    ...(state === "hidden" && reason !== undefined ? { hiddenBecause: reason } : {}),
    ...(drift === undefined ? {} : { drift }),
    ...(others.length === 0 ? {} : { alsoHeldBy: others.map(({ memory: other }) => other.id) }),
  };
}

/** Of what is forgotten or expired nothing but its id is told; the headings are those of the file. */
function missingOf(held: Held | undefined, section: DocumentSection | undefined): MissingPart {
  const at = section === undefined ? {} : { headings: [...section.headings], startLine: section.startLine };
  if (held === undefined || held.state === "visible")
    return { why: "not learned", reason: "the file has it, and it was not learned yet", ...at };
  return { id: held.memory.id, why: held.state, reason: held.reason ?? held.state, ...at };
}

function markOf({ metadata }: Memory): DocumentMark | undefined {
  const mark = metadata["document"] as Partial<DocumentMark> | null | undefined;
  const whole = typeof mark?.path === "string" && typeof mark.section === "string" && typeof mark.hash === "string";
  return whole ? (mark as DocumentMark) : undefined;
}
