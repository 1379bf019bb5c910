import type { ParseApi } from "../contract/code.ts";
import type { Memory } from "../contract/memory.ts";
import type { RememberRequest } from "../contract/peer.ts";
import { hasRow, intersectRows } from "../contract/rowSet.ts";
import type { AnchorGuard } from "./admit/anchorGuard.ts";
import { type ChangedFile, changedLines } from "./capture/changedLines.ts";
import { anchoredFiles, REVERT_EVENT, revertCandidate, revertMark, revertTitle } from "./capture/revertCandidate.ts";
import { findReverts, readHistory, type Revert } from "./capture/reverts.ts";
import { changedSymbols } from "./changedSymbols.ts";
import type { GitRunner } from "./ports.ts";
import type { SearchStore } from "./retrieve/storePlan.ts";
import type { GitLineage, GitPlace } from "./seams.ts";
import { backAt } from "./store/visibility.ts";
import type { StoreAccess } from "./storeAccess.ts";

export interface RevertParts {
  readonly git: GitRunner;
  readonly lineage: Pick<GitLineage, "patchPairs">;
  readonly parser: ParseApi;
  readonly anchorGuard: AnchorGuard;
  readonly access: StoreAccess;
  readonly place: GitPlace;
  /** The workspace's store as this HEAD sees it. */
  readonly seen: SearchStore;
  readonly workspaceId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface RevertOptions {
  /** The newest so many commits are read. */
  readonly commits: number;
  /** Only what these took back is remembered; absent: all. */
  readonly only?: ReadonlySet<string>;
  /** Also what was learned before and then forgotten. */
  readonly evenForgotten?: boolean;
  readonly signal?: AbortSignal;
}

/** Commits whose patches are compared, the newest: that costs some 4 ms of git each, once. */
export const MOST_COMPARED = 500;
/** Reverts in whose files symbols are looked for, the newest. */
const MOST_WITH_SYMBOLS = 100;
/** A change that came back more often is not worth asking git for. */
const MOST_BACK = 20;

/**
 * Remembers what was tried in the history of HEAD and taken back, each as a gotcha of the commit that took it back, anchored to what that changed.
 * Where the change came back, the memory is hidden from the commit on that brought it.
 */
export async function learnReverts(
  parts: RevertParts,
  options: RevertOptions,
): Promise<{ readonly found: number; readonly created: number }> {
  const { git, lineage, place, access } = parts;
  const { repository } = place;
  if (repository?.head === undefined) return { found: 0, created: 0 };
  const history = await readHistory(git, repository.root, options.commits, options.signal);
  const newest = history.slice(-MOST_COMPARED).map(({ id }) => id);
  const reverts = findReverts(history, await lineage.patchPairs(place, newest));
  const unknown = await withoutKnown(parts, reverts);
  const forgotten = new Set(options.evenForgotten === true ? [] : access.store.projection.unlearned("commit"));
  const news = unknown.filter(
    ({ by: { id } }) => options.only?.has(id) !== false && !forgotten.has(keyOf(id).slice("commit:".length)),
  );
  const requests = await requestsFor(parts, repository.root, news);
  const outcomes = await access.remember(requests);
  const created = outcomes.filter((outcome) => outcome.ok && outcome.result.outcome === "created").length;
  return { found: reverts.length, created };
}

/** Commits that one move of HEAD may bring: what comes with more was learned elsewhere, or is learned with the whole history. */
const MOST_NEW = 200;

/** The same of the commits alone that HEAD inherits and `before`, where it was, does not. */
export async function learnNewReverts(parts: RevertParts, before: string): Promise<void> {
  const { root, head } = parts.place.repository ?? {};
  if (root === undefined || head === undefined) return;
  const range = ["--no-merges", "--ignore-missing", `--max-count=${MOST_NEW}`, head, `^${before}`, "--"];
  const listed = (await parts.git.run(["rev-list", ...range], { cwd: root })).split("\n");
  const only = new Set(listed.filter((id) => id !== ""));
  if (only.size > 0) await learnReverts(parts, { commits: MOST_COMPARED, only });
}

/** Begins as the key of a commit does, so that what is forgotten of it is not learned again. */
const keyOf = (commit: string): string => `commit:${commit}:revert`;

/** Brings up to date what is remembered of reverts already, and gives the others. */
async function withoutKnown(parts: RevertParts, reverts: readonly Revert[]): Promise<readonly Revert[]> {
  const { access, seen, now, place } = parts;
  const { projection } = access.store;
  const inherited = inheritedReverts(seen, now);
  const news: Revert[] = [];
  for (const revert of reverts) {
    const id = projection.keyed(keyOf(revert.by.id));
    const row = id === undefined ? undefined : projection.rowOf(id);
    const memory = (row === undefined ? undefined : projection.memory(row)) ?? inherited.get(sameAs(revert));
    if (memory === undefined) {
      if (id === undefined) news.push(revert);
      continue;
    }
    const { by, of, how } = revert;
    const known = backAt(memory);
    const commits = [...new Set([...known, ...revert.backAt])].slice(-MOST_BACK);
    if (commits.every((commit) => known.includes(commit))) continue;
    await access.revise({
      id: memory.id,
      workspace: place.repository?.root ?? place.workspace,
      provenance: { at: now, dirty: false, pending: false },
      reason: "the change came back",
      changes: { metadata: { ...memory.metadata, reverted: revertMark(by.id, of.commit, how, commits) } },
    });
  }
  return news;
}

/** A rebase makes the commit of a revert again: what is remembered of the first one holds, and needs no second memory. */
function inheritedReverts({ projection, view }: SearchStore, now: number): ReadonlyMap<string, Memory> {
  const rows = projection.rowsWhere({ op: "eq", ref: { field: "eventType" }, value: REVERT_EVENT });
  const visible = projection.visibleRows(view, now);
  const living = intersectRows(rows, projection.livingRows(now));
  const found = new Map<string, Memory>();
  for (const { row } of projection.newest(living, Infinity)) {
    const memory = projection.memory(row);
    if (memory !== undefined && (hasRow(visible, row) || backAt(memory).length > 0))
      found.set(`${memory.timestamp} ${memory.provenance.author} ${memory.title}`, memory);
  }
  return found;
}
const sameAs = (revert: Revert): string => `${revert.by.timestamp} ${revert.by.author} ${revertTitle(revert)}`;

async function requestsFor(
  { git, parser, anchorGuard, workspaceId }: RevertParts,
  root: string,
  reverts: readonly Revert[],
): Promise<readonly RememberRequest[]> {
  const files = await changedLines(
    git,
    root,
    reverts.map(({ by }) => by.id),
  );
  const requests: RememberRequest[] = [];
  for (const [at, revert] of reverts.entries()) {
    const { id, timestamp, author } = revert.by;
    const changed = await inside(anchorGuard, root, files.get(id) ?? []);
    const isNew = reverts.length - at <= MOST_WITH_SYMBOLS;
    const symbols = isNew
      ? await changedSymbols(git, parser, root, id, anchoredFiles(changed))
      : new Map<string, readonly string[]>();
    requests.push({
      candidate: revertCandidate(revert, changed, symbols),
      workspace: root,
      workspaceId,
      provenance: { at: timestamp, author, commit: id, dirty: false, pending: false },
      timestamp,
      idempotencyKey: keyOf(id),
      dedupe: "none",
    });
  }
  return requests;
}

async function inside(
  anchorGuard: AnchorGuard,
  root: string,
  files: readonly ChangedFile[],
): Promise<readonly ChangedFile[]> {
  const outside = await anchorGuard(
    root,
    files.map(({ path }) => path),
  );
  return files.filter(({ path }) => !outside.has(path));
}
