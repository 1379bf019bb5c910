import type { RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { LaneGraph } from "../contract/explore.ts";
import { hasRow } from "../contract/rowSet.ts";
import type { Recall } from "./recall.ts";
import type { SearchStore } from "./retrieve/storePlan.ts";
import type { CommitGraph, GitLineage } from "./seams.ts";

const MOST_COMMITS = 20_000;

/** The commit graph of HEAD and of every branch that memories belong to, with the memories of each commit. INVALID_INPUT, INTERNAL. */
export async function readLanes(
  { recall, git, now }: { readonly recall: Recall; readonly git: GitLineage; readonly now: number },
  limit: number,
  context: RequestContext,
): Promise<LaneGraph> {
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_COMMITS)
    throw new HeirloomError("INVALID_INPUT", `limit must be a whole number from 1 to ${MOST_COMMITS}.`);
  const { place, stores } = await recall.standing(context);
  const { repository } = place;
  const made = countMade(stores, now);
  const visible = new Set(stores.flatMap(({ view }) => [...view.visibleCommits]));
  const hidden = [...made.commits.keys()].filter((commit) => !visible.has(commit));
  const graph = await git.graph(place, { branches: [...made.branches], commits: hidden, limit });
  const inherited = ancestors(graph, repository?.head);
  const commits = graph.commits.map((commit) => ({
    ...commit,
    memories: made.commits.get(commit.commit) ?? 0,
    visible: inherited.has(commit.commit) || visible.has(commit.commit),
  }));
  const shown = commits.reduce((sum, { memories }) => sum + memories, 0);
  const waiting = stores
    .flatMap(({ projection }) => projection.pending())
    .filter(({ worktree }) => worktree !== undefined && worktree === repository?.gitDir);
  return {
    ...(repository?.head === undefined ? {} : { head: repository.head }),
    ...(repository?.branch === undefined ? {} : { branch: repository.branch }),
    commits,
    pending: new Set(waiting.map(({ id }) => id)).size,
    elsewhere: made.total - shown,
    more: graph.more,
  };
}

interface Made {
  readonly commits: ReadonlyMap<string, number>;
  readonly branches: ReadonlySet<string>;
  /** Memories that belong to a commit. */
  readonly total: number;
}

/** Where living memories were made; those that wait for a commit belong to none yet. */
function countMade(stores: readonly SearchStore[], now: number): Made {
  const commits = new Map<string, number>();
  const branches = new Set<string>();
  let total = 0;
  for (const { projection } of stores) {
    const columns = projection.columns();
    const [commitOf, branchOf] = [columns.facet("commit"), columns.facet("branch")];
    const counts = new Uint32Array(columns.codeLimit);
    const used = new Uint8Array(columns.codeLimit);
    const pending = new Set(projection.pending().map(({ row }) => row));
    const living = projection.livingRows(now);
    for (let row = 1; row < projection.rowLimit; row++) {
      if (!hasRow(living, row)) continue;
      used[branchOf[row] ?? 0] = 1;
      if (pending.has(row)) continue;
      const code = commitOf[row] ?? 0;
      counts[code] = (counts[code] ?? 0) + 1;
    }
    for (let code = 1; code < counts.length; code++) {
      const text = (counts[code] ?? 0) > 0 || used[code] === 1 ? columns.textOf(code) : undefined;
      if (text === undefined) continue;
      if (used[code] === 1) branches.add(text);
      const count = counts[code] ?? 0;
      if (count > 0) commits.set(text, (commits.get(text) ?? 0) + count);
      total += count;
    }
  }
  return { commits, branches, total };
}

/** Those of the graph that HEAD inherits. Every commit stands before its parents, so whatever leads to one was seen before it. */
function ancestors({ commits }: CommitGraph, head: string | undefined): ReadonlySet<string> {
  const inherited = new Set(head === undefined ? [] : [head]);
  for (const { commit, parents } of commits)
    if (inherited.has(commit)) for (const parent of parents) inherited.add(parent);
  return inherited;
}
