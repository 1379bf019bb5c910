import type { RequestContext } from "../contract/engineApi.ts";
import { type ErrorShape, HeirloomError } from "../contract/errors.ts";
import type { CaptureInput, CaptureResult, ReviseInput, ReviseResult } from "../contract/tools.ts";
import { captureWarnings, type CaptureWarningParts } from "./captureWarnings.ts";
import { type Lineage, rootOf } from "./lineage.ts";
import type { StoreAccess } from "./storeAccess.ts";

export interface WritingParts {
  readonly lineage: Lineage;
  readonly workspace: string;
  readonly workspaceId: string;
  readonly workspaceStore: StoreAccess;
  /** Undefined: nobody reads them. */
  readonly warnings: CaptureWarningParts | undefined;
}

/** Remembers one thing where the caller stands, in the store of its scope. See `EngineApi.capture`. */
export async function captureMemory(
  access: StoreAccess,
  { lineage, workspace, workspaceId, workspaceStore, warnings: warningParts }: WritingParts,
  input: CaptureInput,
  context: RequestContext,
): Promise<CaptureResult> {
  const { dedupe, idempotencyKey, supersedes, sessionId = context.sessionId, ...candidate } = input;
  if (input.scope === "session" && sessionId === undefined) {
    throw new HeirloomError("INVALID_INPUT", "Scope session needs a sessionId: say which session it belongs to.");
  }
  const place = await lineage.place(context.workspace ?? workspace);
  const provenance = await lineage.origin(place, { ...context, ...(sessionId === undefined ? {} : { sessionId }) });
  const [outcome] = await access.remember([
    {
      candidate: definedFields(candidate),
      workspace: rootOf(place),
      workspaceId,
      provenance,
      dedupe: dedupe ?? "merge",
      ...(supersedes === undefined ? {} : { supersedes }),
      readAnchors: true,
      ...(sessionId === undefined ? {} : { sessionId }),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    },
  ]);
  if (outcome === undefined) throw new HeirloomError("INTERNAL", "The owner of the store answered nothing.");
  if (!outcome.ok) throw revived(outcome.error);
  const { id, outcome: what, redactions } = outcome.result;
  if (provenance.commit !== undefined) lineage.observe(workspaceStore, place, provenance.commit);
  const { branch, commit, dirty, pending } = provenance;
  const warnings = warningParts === undefined ? [] : await captureWarnings(input, place, warningParts);
  return {
    id,
    outcome: what,
    redactions,
    provenance: {
      ...(branch === undefined ? {} : { branch }),
      ...(commit === undefined ? {} : { commit }),
      dirty,
      pending,
    },
    ...(warnings.length === 0 ? {} : { warnings: [...warnings] }),
  };
}

/** Corrects or completes a memory of the store that holds it. See `EngineApi.revise`. */
export async function reviseMemory(
  access: StoreAccess,
  { lineage, workspace, workspaceStore }: WritingParts,
  input: ReviseInput,
  context: RequestContext,
): Promise<ReviseResult> {
  const { id, reason, ...changes } = input;
  if (Object.values(changes).every((value) => value === undefined)) {
    throw new HeirloomError(
      "INVALID_INPUT",
      "Name at least one field to change: content, kind, scope, title, tags, metadata, anchors, ttlSeconds or pinned.",
    );
  }
  if ((changes.scope === "user") !== (access !== workspaceStore) && changes.scope !== undefined) {
    throw new HeirloomError(
      "INVALID_INPUT",
      "A memory can't move between the repository and the user: capture it with the other scope, and forget this one.",
    );
  }
  const place = await lineage.place(context.workspace ?? workspace);
  return access.revise({
    id,
    workspace: rootOf(place),
    provenance: await lineage.origin(place, context),
    changes: definedFields(changes),
    ...(reason === undefined ? {} : { reason }),
  });
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };
/** Without the keys whose value is undefined. */
export const definedFields = <T extends object>(fields: T): Defined<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;

function revived(error: ErrorShape): HeirloomError {
  return new HeirloomError(error.code, error.message, error.details);
}
