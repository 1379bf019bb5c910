import type { LearnOptions, LearnResult, RequestContext } from "../contract/engineApi.ts";
import type { Provenance } from "../contract/memory.ts";
import type { RememberOutcome, RememberRequest } from "../contract/peer.ts";
import { commitCandidates } from "./capture/commitCandidates.ts";
import { type DocumentCandidate, documentCandidates } from "./capture/documentCandidates.ts";
import { documentCommits } from "./capture/documentCommits.ts";
import { planDocuments } from "./capture/planDocuments.ts";
import { openWorkspaceFiles } from "./capture/workspaceFiles.ts";
import { holdsElsewhere, inheritedDocuments, replacedBy, twinsOf } from "./documentMemories.ts";
import { learnReverts, type RevertParts } from "./learnReverts.ts";
import { rootOf } from "./lineage.ts";
import type { GitRunner } from "./ports.ts";
import type { GitPlace } from "./seams.ts";
import { unlearnedSections } from "./unlearnedSections.ts";

export interface LearnParts extends RevertParts {
  /** Of something that is captured here and now. */
  readonly origin: Provenance;
  /** Whether what the history took back is remembered as such. */
  readonly reverts: boolean;
}

/** Commits that one repository gives at most, the newest: what is older is rarely asked for and is found in git. */
const MOST_COMMITS = 5_000;
const BATCH = 256;

/**
 * Remembers what the workspace says about itself: one event a commit, one gotcha a change that was taken back, one memory a section of its
 * documents. What is known already is left alone; a section whose text changed revises its memory, or hides it from the commit on that changed
 * it. What was forgotten is not learned again.
 */
export async function learn(parts: LearnParts, options: LearnOptions, context: RequestContext): Promise<LearnResult> {
  const commits = await learnCommits(parts, options, context);
  const reverts = parts.reverts
    ? await learnReverts(parts, {
        commits: options.mostCommits ?? MOST_COMMITS,
        ...(options.evenForgotten === true ? { evenForgotten: true } : {}),
        ...(context.signal === undefined ? {} : { signal: context.signal }),
      })
    : undefined;
  const documents = await learnDocuments(parts, options);
  return { commits, documents, ...(reverts === undefined ? {} : { reverts }) };
}

async function learnCommits(
  { git, anchorGuard, access, place, workspaceId }: LearnParts,
  options: LearnOptions,
  context: RequestContext,
): Promise<LearnResult["commits"]> {
  const { repository } = place;
  const result = { read: 0, created: 0, merged: 0, known: 0, refused: 0, forgotten: 0 };
  if (repository === undefined) return result;
  let batch: RememberRequest[] = [];
  const write = async (): Promise<void> => {
    const paths = batch.flatMap(({ candidate }) => candidate.anchors?.map(({ path }) => path) ?? []);
    const outside = await anchorGuard(repository.root, paths);
    const inside = outside.size === 0 ? batch : batch.map((request) => withoutAnchors(request, outside));
    for (const outcome of await access.remember(inside)) tally(result, outcome);
    batch = [];
    options.onProgress?.(result.read);
  };
  const limits = {
    limit: options.mostCommits ?? MOST_COMMITS,
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  };
  const forgotten = new Set(options.evenForgotten === true ? [] : access.store.projection.unlearned("commit"));
  for await (const { candidate, gitCommit, timestamp, author, idempotencyKey } of commitCandidates(
    git,
    repository.root,
    limits,
  )) {
    result.read++;
    if (access.store.projection.keyed(idempotencyKey) !== undefined) {
      result.known++;
      continue;
    }
    if (forgotten.has(gitCommit)) {
      result.forgotten++;
      continue;
    }
    batch.push({
      candidate,
      workspace: repository.root,
      workspaceId,
      provenance: { at: timestamp, author, commit: gitCommit, dirty: false, pending: false },
      timestamp,
      idempotencyKey,
      dedupe: "merge",
    });
    if (batch.length >= BATCH) await write();
  }
  if (batch.length > 0) await write();
  return result;
}

/** A commit may touch a link that leads out of the workspace: it is worth knowing all the same. */
function withoutAnchors(request: RememberRequest, outside: ReadonlySet<string>): RememberRequest {
  const { anchors = [] } = request.candidate;
  const kept = anchors.filter(({ path }) => !outside.has(path));
  return kept.length === anchors.length ? request : { ...request, candidate: { ...request.candidate, anchors: kept } };
}

async function learnDocuments(
  { git, access, place, seen, origin, workspaceId, now }: LearnParts,
  { evenForgotten, committedOnly }: LearnOptions,
): Promise<LearnResult["documents"]> {
  const root = rootOf(place);
  const skipped: { path: string; why: string }[] = [];
  const found: DocumentCandidate[] = [];
  const onSkipped = (path: string, why: string): void => void skipped.push({ path, why });
  for await (const candidate of documentCandidates(openWorkspaceFiles(root), { onSkipped })) found.push(candidate);

  const originOf = await documentOrigins(git, place, origin, found);
  const candidates = committedOnly === true ? found.filter((section) => !originOf(section).pending) : found;
  const earlier = inheritedDocuments(seen, now);
  const plan = planDocuments(candidates, earlier);
  const isForgotten = evenForgotten === true ? () => false : unlearnedSections(access.store.projection);
  const capture = plan.capture.filter((section) => !isForgotten(section));
  const result = {
    sections: candidates.length,
    created: 0,
    merged: 0,
    known: plan.unchanged,
    refused: 0,
    forgotten: plan.capture.length - capture.length,
    revised: 0,
    skipped,
  };
  const request = (section: DocumentCandidate): RememberRequest => {
    const provenance = originOf(section);
    return {
      candidate: section.candidate,
      workspace: root,
      workspaceId,
      provenance,
      // A section that another branch holds is not inherited here: it is captured for its commit here as well.
      idempotencyKey: `${section.idempotencyKey}@${provenance.commit ?? ""}`,
      dedupe: "none",
      readAnchors: true,
    };
  };
  const twins = twinsOf(seen, now, capture);
  for (const [index, outcome] of (await access.remember(capture.map(request))).entries()) {
    tally(result, outcome);
    const section = capture[index];
    if (section === undefined || !outcome.ok || outcome.result.outcome !== "created") continue;
    const provenance = originOf(section);
    for (const twin of twins.get(section.idempotencyKey) ?? []) {
      if (!holdsElsewhere(twin, provenance)) continue;
      const changes = { metadata: replacedBy(twin, provenance.commit) };
      await access.revise({ id: twin.id, workspace: root, provenance, reason: "found in an earlier commit", changes });
    }
  }
  const replacing: DocumentCandidate[] = [];
  for (const { id, candidate } of plan.revise) {
    const memory = earlier.find((one) => one.id === id);
    const provenance = originOf(candidate);
    const revision = { id, workspace: root, provenance, reason: "the document changed" };
    if (memory !== undefined && holdsElsewhere(memory, provenance)) {
      await access.revise({ ...revision, changes: { metadata: replacedBy(memory, provenance.commit) } });
      replacing.push(candidate);
    } else {
      const { content, metadata, anchors, title } = candidate.candidate;
      const changes = {
        content,
        metadata,
        ...(anchors === undefined ? {} : { anchors }),
        ...(title === undefined ? {} : { title }),
      };
      await access.revise({ ...revision, changes });
    }
    result.revised++;
  }
  // After what they replace is hidden: should this never come, the sections are missing here and the next learning captures them.
  await access.remember(replacing.map(request));
  return result;
}

/**
 * A section belongs to the commit that last changed its file, so that it is seen on every branch that has the file as it is here. What is
 * modified, untracked, or reached by a link belongs to this HEAD.
 */
async function documentOrigins(
  git: GitRunner,
  { repository }: GitPlace,
  origin: Provenance,
  candidates: readonly DocumentCandidate[],
): Promise<(section: DocumentCandidate) => Provenance> {
  if (repository?.head === undefined) return () => origin;
  const paths = new Set(candidates.filter(isNoLink).map(({ file }) => file));
  const commits = await documentCommits(git, repository.root, repository.head, [...paths]);
  return (section) => {
    const commit = isNoLink(section) ? commits.get(section.file) : undefined;
    return commit === undefined ? origin : { ...origin, commit, dirty: false, pending: false };
  };
}

const isNoLink = ({ file, candidate }: DocumentCandidate): boolean => candidate.metadata.document.path === file;

function tally(
  into: { created: number; merged: number; known: number; refused: number },
  outcome: RememberOutcome,
): void {
  if (!outcome.ok) into.refused++;
  else into[outcome.result.outcome === "duplicate" ? "known" : outcome.result.outcome]++;
}
