import type { ParseApi } from "../contract/code.ts";
import type { RequestContext } from "../contract/engineApi.ts";
import { type ErrorShape, HeirloomError } from "../contract/errors.ts";
import type { Anchor } from "../contract/memory.ts";
import type { RememberRequest } from "../contract/peer.ts";
import type { CaptureInput, CaptureResult, ReviseInput, ReviseResult } from "../contract/tools.ts";
import { placeAnchor } from "./admit/validate.ts";
import { readDraftAnchors } from "./anchorReader.ts";
import { captureWarnings, type CaptureWarningParts } from "./captureWarnings.ts";
import { type Lineage, rootOf } from "./lineage.ts";
import type { Drafts } from "./ports.ts";
import type { StoreAccess } from "./storeAccess.ts";

export interface WritingParts {
  readonly lineage: Lineage;
  readonly workspace: string;
  readonly workspaceId: string;
  readonly workspaceStore: StoreAccess;
  /** Undefined: nobody reads them. */
  readonly warnings: CaptureWarningParts | undefined;
  readonly drafts: Drafts | undefined;
  readonly parser: ParseApi;
}

/** Remembers one thing where the caller stands, in the store of its scope. See `EngineApi.capture`. */
export async function captureMemory(
  access: StoreAccess,
  parts: WritingParts,
  input: CaptureInput,
  context: RequestContext,
): Promise<CaptureResult> {
  const { lineage, workspace, workspaceId, workspaceStore, warnings: warningParts } = parts;
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
      ...(await seenInDrafts(candidate.anchors, rootOf(place), parts)),
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
  parts: WritingParts,
  input: ReviseInput,
  context: RequestContext,
): Promise<ReviseResult> {
  const { lineage, workspace, workspaceStore } = parts;
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
    ...(await seenInDrafts(changes.anchors, rootOf(place), parts)),
    ...(reason === undefined ? {} : { reason }),
  });
}

/** The owner of the store has not the editors of who asks: what is remembered of a text is read here. */
async function seenInDrafts(
  anchors: readonly Anchor[] | undefined,
  root: string,
  { drafts, parser }: Pick<WritingParts, "drafts" | "parser">,
): Promise<Pick<RememberRequest, "fingerprints">> {
  if (anchors === undefined || drafts === undefined) return {};
  const placed = anchors.flatMap((anchor) => {
    try {
      return [placeAnchor(anchor, root)];
    } catch {
      // Whoever admits it says why not.
      return [];
    }
  });
  const fingerprints = await readDraftAnchors(placed, root, { drafts, parser });
  return Object.keys(fingerprints).length === 0 ? {} : { fingerprints };
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };
/** Without the keys whose value is undefined. */
export const definedFields = <T extends object>(fields: T): Defined<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;

function revived(error: ErrorShape): HeirloomError {
  return new HeirloomError(error.code, error.message, error.details);
}
