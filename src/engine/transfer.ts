import type { ImportOptions, ImportProblem, ImportResult, RequestContext } from "../contract/engineApi.ts";
import { toErrorShape } from "../contract/errors.ts";
import type { ImportLine } from "../contract/importLine.ts";
import type { Provenance } from "../contract/memory.ts";
import type { NoteRequest, RememberOutcome, RememberRequest } from "../contract/peer.ts";
import { exportLine } from "./lifecycle/exportLine.ts";
import { candidateOfLine, provenanceOfLine, restoredOfLine, timeOfLine } from "./lifecycle/importedMemory.ts";
import { parseImportLine } from "./lifecycle/parseImportLine.ts";
import type { StoreAccess } from "./storeAccess.ts";

export interface ImportPlace {
  readonly workspace: string;
  readonly workspaceId: string;
  /** What holds for a line that names no origin. */
  readonly provenance: Provenance;
  readonly accessOf: (scope: string | undefined) => Promise<StoreAccess>;
}

/** Lines of one batch: large enough to share an fsync and a transaction, small enough for steady progress. */
const BATCH = 512;

interface ReadLine {
  readonly number: number;
  readonly line: ImportLine;
}

/** The next batch is read and admitted while the one before is being written. */
export async function importLines(
  lines: AsyncIterable<string>,
  options: ImportOptions,
  place: ImportPlace,
  context: RequestContext,
): Promise<ImportResult> {
  const total = { read: 0, created: 0, merged: 0, duplicates: 0, redactions: 0 };
  const problems: ImportProblem[] = [];
  const said: ImportedRelation[] = [];
  let number = 0;
  let batch: ReadLine[] = [];
  let writing: Promise<void> = Promise.resolve();

  const write = async (taken: readonly ReadLine[]): Promise<void> => {
    for (const user of [false, true]) {
      const mine = taken.filter(({ line }) => (line.scope === "user") === user);
      if (mine.length === 0) continue;
      const access = await place.accessOf(user ? "user" : undefined);
      const outcomes = await access.remember(mine.map((one) => requestOf(one, options, place)));
      for (const [index, outcome] of outcomes.entries())
        if (outcome.ok) said.push(...relationsOf(outcome.result.id, mine[index]?.line, access));
      for (const [index, outcome] of outcomes.entries()) count(outcome, mine[index]?.number ?? 0);
    }
    options.onProgress?.(total.read);
  };
  const count = (outcome: RememberOutcome, line: number): void => {
    if (!outcome.ok) {
      problems.push({ line, message: outcome.error.message });
      return;
    }
    total.redactions += outcome.result.redactions;
    total[outcome.result.outcome === "duplicate" ? "duplicates" : outcome.result.outcome]++;
  };
  const flush = async (): Promise<void> => {
    const taken = batch;
    batch = [];
    await writing;
    writing = write(taken);
    // The failure is thrown where the batch is awaited.
    writing.catch(() => undefined);
  };

  for await (const text of lines) {
    number++;
    context.signal?.throwIfAborted();
    try {
      const line = parseImportLine(text);
      if (line === undefined) continue;
      total.read++;
      batch.push({ number, line });
    } catch (error) {
      total.read++;
      problems.push({ line: number, message: toErrorShape(error).message });
    }
    if (batch.length >= BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  await writing;
  // Both sides are there now, whichever came first.
  for (const access of new Set(said.map((one) => one.access)))
    await access.note(said.filter((one) => one.access === access).map(({ event }) => event));
  return { ...total, problems: problems.sort((a, b) => a.line - b.line) };
}

interface ImportedRelation {
  readonly access: StoreAccess;
  readonly event: Extract<NoteRequest, { type: "related" }>;
}

/** A line that names no id speaks of none that others know. */
function relationsOf(id: string, line: ImportLine | undefined, access: StoreAccess): readonly ImportedRelation[] {
  if (line?.id !== id) return [];
  return (line.relations ?? []).map(({ is, id: to, since, at, author, agent, reason }) => ({
    access,
    event: {
      ...{ type: "related" as const, from: id, to, relation: is, at },
      ...(since === undefined ? {} : { since }),
      ...(author === undefined ? {} : { author }),
      ...(agent === undefined ? {} : { agent }),
      ...(reason === undefined ? {} : { reason }),
    },
  }));
}

function requestOf({ number, line }: ReadLine, options: ImportOptions, place: ImportPlace): RememberRequest {
  const provenance = provenanceOfLine(line, place.provenance);
  const timestamp = timeOfLine(line);
  // A line that says where it comes from says all of it: what it leaves out was not there.
  const sessionId = line.sessionId ?? (line.provenance === undefined ? provenance.sessionId : undefined);
  return {
    candidate: candidateOfLine(line),
    workspace: place.workspace,
    workspaceId: place.workspaceId,
    provenance,
    dedupe: options.dedupe,
    ...(options.onceKey === undefined ? {} : { idempotencyKey: `${options.onceKey}:${number}` }),
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(sessionId === undefined ? {} : { sessionId }),
    restored: restoredOfLine(line),
  };
}

/** Every living memory of the stores, in order, as lines that import reads. */
export async function* exportLines(stores: readonly StoreAccess[], now: () => number): AsyncGenerator<string> {
  for (const { store } of stores) {
    await store.sync();
    for (const { memory } of store.projection.memories()) {
      if (memory.expiresAt === undefined || memory.expiresAt > now()) yield exportLine(memory);
    }
  }
}
