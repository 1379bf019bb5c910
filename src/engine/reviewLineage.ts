import { HeirloomError } from "../contract/errors.ts";
import type { RequestContext } from "../contract/engineApi.ts";
import type { CommitMapping } from "../contract/events.ts";
import type { LineageInput, LineageResult } from "../contract/lineageReview.ts";
import type { Memory } from "../contract/memory.ts";
import { hasRow } from "../contract/rowSet.ts";
import { type Lineage, rootOf } from "./lineage.ts";
import type { Clock } from "./ports.ts";
import { memoryRow } from "./retrieve/memoryRow.ts";
import type { GitLineage, GitPlace, LineageView } from "./seams.ts";
import type { StoreAccess } from "./storeAccess.ts";

export interface ReviewParts {
  /** Of the repository: what is learned for the user belongs to no commit. */
  readonly access: StoreAccess;
  readonly lineage: Lineage;
  readonly git: Pick<GitLineage, "commitOf" | "subjects" | "visibleCommits">;
  readonly clock: Clock;
  readonly workspace: string;
}

/** Pairs and commits that are listed, and memories that are named of each. */
const MOST_LISTED = 50;
const MOST_SHOWN = 5;
const MOST_NAMED = 100;

interface Standing extends ReviewParts {
  readonly place: GitPlace;
  readonly view: LineageView;
}

/**
 * What a person, or an agent that is allowed to, has to say of memories that HEAD does not inherit: whether a commit took the place of theirs, whether they
 * hold on every branch, or where they belong. INVALID_INPUT; NOT_FOUND for a pair, a commit or a memory that is not there.
 */
export async function reviewLineage(
  input: LineageInput,
  parts: ReviewParts,
  context: RequestContext,
): Promise<LineageResult> {
  const place = await parts.lineage.place(context.workspace ?? parts.workspace);
  const view = await parts.lineage.view(parts.access, place, context.sessionId);
  const standing = { ...parts, place, view };
  switch (input.action) {
    case "list":
      return await list(standing);
    case "accept":
    case "refuse":
      return await judge(standing, input, input.action === "accept" ? "applied" : "refused", context);
    case "promote":
      return await promote(standing, input, context);
    case "move":
      return await move(standing, input);
  }
}

async function list(standing: Standing): Promise<LineageResult> {
  const { access, view, git, place } = standing;
  const { projection } = access.store;
  const hidden = hiddenMemories(standing);
  const byCommit = new Map<string, Memory[]>();
  for (const memory of hidden) {
    const { commit = "" } = memory.provenance;
    const known = byCommit.get(commit);
    if (known === undefined) byCommit.set(commit, [memory]);
    else known.push(memory);
  }
  const pairs = projection
    .mappings()
    .filter(({ state, from }) => state === "offered" && byCommit.has(from))
    .sort((a, b) => b.sureness - a.sureness || b.at - a.at);
  const groups = [...byCommit];
  const subjects = await git.subjects(place, [
    ...pairs.slice(0, MOST_LISTED).map(({ to }) => to),
    ...groups.slice(0, MOST_LISTED).map(([commit]) => commit),
  ]);
  const subjectOf = (commit: string): { readonly subject?: string } => {
    const subject = subjects.get(commit);
    return subject === undefined ? {} : { subject };
  };
  const inherited = await git.visibleCommits(
    place,
    pairs.slice(0, MOST_LISTED).map(({ to }) => to),
  );
  return {
    offered: pairs.slice(0, MOST_LISTED).map(({ from, to, how, sureness }) => ({
      ...{ from, to, ...subjectOf(to), how, sureness, inherited: inherited.has(to) },
      ...counted(byCommit.get(from) ?? []),
    })),
    elsewhere: groups.slice(0, MOST_LISTED).map(([commit, memories]) => {
      const [first] = memories;
      const row = first === undefined ? undefined : projection.rowOf(first.id);
      const why = row === undefined ? undefined : projection.hiddenBecause(row, view, standing.clock.now());
      const branch = first?.provenance.branch;
      return {
        ...(branch === undefined ? {} : { branch }),
        ...(commit === "" ? {} : { commit }),
        ...subjectOf(commit),
        why: why ?? "not inherited here",
        ...counted(memories),
      };
    }),
    ...(pairs.length > MOST_LISTED || groups.length > MOST_LISTED ? { more: true } : {}),
  };
}

async function judge(
  standing: Standing,
  { from, to }: LineageInput,
  state: "applied" | "refused",
  context: RequestContext,
): Promise<LineageResult> {
  const { access, clock } = standing;
  if (from === undefined || to === undefined)
    throw new HeirloomError("INVALID_INPUT", "Name the pair by from and to, as list gives them.");
  const pair = access.store.projection.mappings().filter((one) => one.from.startsWith(from) && one.to.startsWith(to));
  const [mapping] = pair;
  if (mapping === undefined || pair.length > 1)
    throw new HeirloomError(
      "NOT_FOUND",
      pair.length > 1
        ? `More than one pair of commits begins with ${from} and ${to}; give more of their ids.`
        : `No commit ${to} was found for ${from}; action list gives the pairs. To say so yourself, move the memories of a commit to another one.`,
    );
  const before = new Set(hiddenMemories(standing).map(({ id }) => id));
  const judged: CommitMapping = { ...mapping, state, how: "person", at: clock.now() };
  await access.note([{ type: "mapped", mapping: judged }]);
  await access.store.sync();
  const view = await standing.lineage.view(access, standing.place, context.sessionId);
  const after = new Set(hiddenMemories({ ...standing, view }).map(({ id }) => id));
  const ids = state === "applied" ? [...before].filter((id) => !after.has(id)) : [];
  return named(ids);
}

async function promote(standing: Standing, input: LineageInput, context: RequestContext): Promise<LineageResult> {
  const { access, lineage, place } = standing;
  const chosen = chosenMemories(standing, input).filter(({ scope }) => scope !== "repo");
  if (input.dryRun !== true) {
    const provenance = await lineage.origin(place, context);
    for (const { id } of chosen)
      await access.revise({
        ...{ id, workspace: rootOf(place), provenance },
        ...{ changes: { scope: "repo" }, reason: "promoted: it holds on every branch" },
      });
  }
  return named(chosen.map(({ id }) => id));
}

async function move(standing: Standing, input: LineageInput): Promise<LineageResult> {
  const { access, git, place, clock } = standing;
  const name = input.to ?? "HEAD";
  const target = await git.commitOf(place, name);
  if (target === undefined) throw new HeirloomError("NOT_FOUND", `Git knows no commit ${JSON.stringify(name)} here.`);
  const chosen = chosenMemories(standing, input);
  const foreign = chosen.find(({ scope }) => scope !== "lineage");
  if (foreign !== undefined)
    throw new HeirloomError(
      "INVALID_INPUT",
      `${foreign.id} has the scope ${foreign.scope}, which no commit matters to; only memories of scope lineage can be moved.`,
    );
  const ids = chosen.map(({ id }) => id);
  if (input.dryRun !== true && ids.length > 0) {
    await access.note([{ type: "moved", ids, ...target, at: clock.now() }]);
    await access.store.sync();
  }
  return { ...named(ids), commit: target.commit };
}

/** By id, seen here or not; by branch or commit, only those that are not seen here. */
function chosenMemories(standing: Standing, { ids, branch, commit }: LineageInput): readonly Memory[] {
  if ([ids, branch, commit].filter((one) => one !== undefined).length !== 1)
    throw new HeirloomError("INVALID_INPUT", "Say which memories: give exactly one of ids, branch and commit.");
  if (ids === undefined) {
    const found = hiddenMemories(standing).filter(
      ({ provenance }) =>
        (branch === undefined || provenance.branch === branch) &&
        (commit === undefined || provenance.commit?.startsWith(commit) === true),
    );
    if (found.length > 0) return found;
    throw new HeirloomError(
      "NOT_FOUND",
      `No hidden memory was learned on ${branch ?? commit ?? ""}; action list names what is hidden.`,
    );
  }
  const { projection } = standing.access.store;
  return ids.map((id) => {
    const row = projection.rowOf(id);
    const memory = row === undefined ? undefined : projection.memory(row);
    if (memory === undefined)
      throw new HeirloomError(
        "NOT_FOUND",
        `There is no memory with the id ${id} in this repository; nothing was changed.`,
      );
    return memory;
  });
}

/** Memories of commits that HEAD does not inherit, newest first. */
function hiddenMemories({ access, view, clock }: Pick<Standing, "access" | "view" | "clock">): readonly Memory[] {
  const { projection } = access.store;
  const now = clock.now();
  const [living, visible] = [projection.livingRows(now), projection.visibleRows(view, now)];
  const found: Memory[] = [];
  for (let row = projection.rowLimit - 1; row > 0; row--) {
    if (!hasRow(living, row) || hasRow(visible, row)) continue;
    const memory = projection.memory(row);
    if (memory?.scope === "lineage") found.push(memory);
  }
  return found;
}

const counted = (memories: readonly Memory[]) => ({
  count: memories.length,
  memories: memories.slice(0, MOST_SHOWN).map((memory) => {
    const { id, kind, title } = memoryRow({ memory, visible: false });
    return { id, kind, title };
  }),
});

const named = (ids: readonly string[]): LineageResult => ({ changed: ids.length, ids: ids.slice(0, MOST_NAMED) });
