import {
  DOCUMENT_PREFIX,
  type DocumentInput,
  type DocumentPart,
  documentPath,
  type DocumentResult,
  type MissingPart,
} from "../contract/document.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { Memory } from "../contract/memory.ts";
import { hasRow } from "../contract/rowSet.ts";
import type { DocumentSection } from "./capture/documentCandidates.ts";
import { type Held, heldSections, placeSections } from "./documentParts.ts";
import type { SearchStore } from "./retrieve/storePlan.ts";

export interface DocumentParts {
  /** As the request sees them. */
  readonly stores: readonly SearchStore[];
  /** Sections of the file as it is in the request's work tree; undefined where it can't be read. */
  readonly sectionsOf: (path: string) => Promise<readonly DocumentSection[] | undefined>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const DEFAULT_LIMIT = 50;

/**
 * A document put together again: the sections of a file, each a memory of its own, in the order of the file; or the passages of one long memory.
 * What belongs to it and is not returned is named. See `EngineApi.document`.
 */
export async function readDocument(input: DocumentInput, parts: DocumentParts): Promise<DocumentResult> {
  const { parentId, itemId, from = 0, limit = DEFAULT_LIMIT } = input;
  const id = parentId ?? itemId;
  if (id === undefined || (parentId !== undefined && itemId !== undefined))
    throw new HeirloomError("INVALID_INPUT", "Give either parentId or itemId.");
  const whole = await find(id, input.includeHidden === true, parts);
  const shown = whole.parts.slice(from, from + limit);
  const next = from + shown.length;
  return {
    ...whole,
    parts: shown,
    count: whole.parts.length,
    ...(next < whole.parts.length ? { nextFrom: next } : {}),
  };
}

async function find(id: string, includeHidden: boolean, parts: DocumentParts): Promise<DocumentResult> {
  if (id.startsWith(DOCUMENT_PREFIX)) {
    const path = id.slice(DOCUMENT_PREFIX.length);
    for (const store of parts.stores) {
      const held = heldSections(store, path, parts.now);
      if (held.length > 0) return ofFile(path, held, includeHidden, parts);
    }
    throw new HeirloomError("NOT_FOUND", `Nothing is remembered of a document with the id ${id}.`);
  }
  for (const store of parts.stores) {
    const { projection } = store;
    const row = projection.rowOf(id);
    const memory = row === undefined ? undefined : projection.memory(row);
    const known = memory ?? forgotten(store, id);
    const path = known === undefined ? undefined : documentPath(known);
    if (path !== undefined) return ofFile(path, heldSections(store, path, parts.now), includeHidden, parts);
    if (row !== undefined && memory !== undefined) return ofMemory(memory, row, store, includeHidden, parts.now);
  }
  throw new HeirloomError("NOT_FOUND", `There is no memory with the id ${id}.`);
}

/** A section that was forgotten still tells its document. */
function forgotten({ projection }: SearchStore, id: string): Memory | undefined {
  if (!projection.isForgotten(id)) return undefined;
  for (const { memory } of projection.forgotten()) if (memory.id === id) return memory;
  return undefined;
}

async function ofFile(
  path: string,
  held: readonly Held[],
  includeHidden: boolean,
  { sectionsOf }: DocumentParts,
): Promise<DocumentResult> {
  const sections = await sectionsOf(path);
  const { parts, missing, elsewhere } = placeSections(held, sections, includeHidden);
  const shown = held.filter(({ memory }) => parts.some(({ id }) => id === memory.id));
  const learned = shown.map(({ memory }) => memory.timestamp);
  return {
    parentId: DOCUMENT_PREFIX + path,
    title: path.slice(path.lastIndexOf("/") + 1),
    source: { path, readable: sections !== undefined },
    parts,
    count: parts.length,
    complete: missing.length === 0,
    missing,
    ...(elsewhere.length === 0 ? {} : { elsewhere }),
    metadata: {
      sections: sections?.length ?? parts.length + missing.length,
      tokens: parts.reduce((sum, { tokens }) => sum + tokens, 0),
      kinds: [...new Set(shown.map(({ memory }) => memory.kind))],
      ...(learned.length === 0 ? {} : { learned: new Date(Math.max(...learned)).toISOString() }),
    },
  };
}

function ofMemory(
  memory: Memory,
  row: number,
  { projection, view }: SearchStore,
  includeHidden: boolean,
  now: number,
): DocumentResult {
  const expired = !hasRow(projection.livingRows(now), row);
  const hiddenBecause = hasRow(projection.visibleRows(view, now), row)
    ? undefined
    : projection.hiddenBecause(row, view, now);
  const shown = !expired && (hiddenBecause === undefined || includeHidden);
  const parts = shown ? passagesOf(memory, hiddenBecause) : [];
  const missing: readonly MissingPart[] = shown
    ? []
    : [{ id: memory.id, why: expired ? "expired" : "hidden", reason: hiddenBecause ?? "expired" }];
  return {
    parentId: memory.id,
    ...(memory.title === undefined || !shown ? {} : { title: memory.title }),
    parts: [...parts],
    count: parts.length,
    complete: shown,
    missing: [...missing],
    metadata: shown ? memory.metadata : {},
  };
}

function passagesOf(
  { id, content, tokens, parts }: Memory,
  hiddenBecause: string | undefined,
): readonly DocumentPart[] {
  const hidden = hiddenBecause === undefined ? {} : { hiddenBecause };
  if (parts.length === 0) return [{ id, index: 0, text: content, tokens, ...hidden }];
  let line = 1;
  return parts.map((part, index) => {
    const text = content.slice(part.start, part.end);
    const startLine = line;
    line += text.split("\n").length - 1;
    const endLine = text.endsWith("\n") ? line - 1 : line;
    return { id, index, text, headings: [...part.headings], startLine, endLine, tokens: part.tokens, ...hidden };
  });
}
