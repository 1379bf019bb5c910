import type { RequestContext } from "../contract/engineApi.ts";
import { HeirloomError, toErrorShape } from "../contract/errors.ts";
import type { Provenance } from "../contract/memory.ts";
import type { RememberRequest } from "../contract/peer.ts";
import type { JudgeInput, SharedProblem, SharedVerdict } from "../contract/share.ts";
import { citedCommit } from "../contract/shortCommit.ts";
import { relateShared } from "./relateShared.ts";
import { candidateOf, type PendingEntry, pendingOf, type SharedState, type SharingParts } from "./sharedState.ts";

/** Ids of what was taken in or refused, and what could not be. */
export interface Judged {
  readonly ids: readonly string[];
  readonly problems: readonly SharedProblem[];
}

/** Those of what waits that are named. INVALID_INPUT; NOT_FOUND where one is not waiting. */
export function chosenPending(pending: readonly PendingEntry[], input: JudgeInput): readonly PendingEntry[] {
  const { ids, author, commit, hashes } = input;
  if ([ids, author, commit].filter((one) => one !== undefined).length !== 1)
    throw new HeirloomError("INVALID_INPUT", "Say which shared memories: give exactly one of ids, author and commit.");
  if (hashes !== undefined && hashes.length !== ids?.length)
    throw new HeirloomError("INVALID_INPUT", "Give one of hashes for each of ids.");
  if (ids === undefined) {
    const found = pending.filter(
      (one) =>
        (author === undefined || one.author?.toLowerCase() === author.toLowerCase()) &&
        (commit === undefined || one.commit?.startsWith(commit) === true),
    );
    if (found.length > 0) return found;
    throw new HeirloomError("NOT_FOUND", `Nothing that waits is of ${author ?? commit ?? ""}; action review lists it.`);
  }
  return ids.map((id, at) => {
    const one = pending.find((entry) => entry.id === id);
    if (one === undefined)
      throw new HeirloomError("NOT_FOUND", `No shared memory ${id} waits for review; action review lists them.`);
    const hash = hashes?.[at];
    if (hash !== undefined && !one.hash.startsWith(hash))
      throw new HeirloomError(
        "INVALID_INPUT",
        `The file of ${id} says something else than what was reviewed: review it again.`,
      );
    return one;
  });
}

/** New ones become memories, changed ones revise theirs, those whose file was deleted are forgotten; what was done is remembered by what the file says. */
export async function acceptShared(
  parts: SharingParts,
  state: SharedState,
  chosen: readonly PendingEntry[],
  context: RequestContext,
): Promise<Judged> {
  const { place, root } = state;
  const { access, lineage, clock, workspaceId } = parts;
  const here = await lineage.origin(place, context);
  const problems: SharedProblem[] = [];
  const done: PendingEntry[] = [];
  const fresh = chosen.filter(({ change }) => change === "new");
  const outcomes = await access.remember(
    fresh.map((entry): RememberRequest => {
      const { id, date } = entry.file?.memory ?? { id: entry.id };
      return {
        candidate: { ...candidateOf(memoryIn(entry)), metadata: { shared: markOf(entry) } },
        ...{ workspace: root, workspaceId, provenance: provenanceOf(entry, here), dedupe: "none", restored: { id } },
        // A date to come would make it newer than everything.
        ...(date === undefined ? {} : { timestamp: Math.min(date, clock.now()) }),
      };
    }),
  );
  for (const [at, outcome] of outcomes.entries()) {
    const entry = fresh[at];
    if (entry === undefined) continue;
    if (outcome.ok) done.push(entry);
    else problems.push({ path: entry.path, message: outcome.error.message });
  }
  for (const entry of chosen) {
    if (entry.change === "new") continue;
    try {
      if (entry.change === "gone") await access.forget({ ids: [entry.id], now: false });
      else await revise(parts, root, entry, here);
      done.push(entry);
    } catch (error) {
      problems.push({ path: entry.path, message: toErrorShape(error).message });
    }
  }
  await note(parts, done, "accepted");
  problems.push(...(await relateShared(parts, state, done, here.commit)));
  return { ids: done.map(({ id }) => id), problems };
}

export async function refuseShared(parts: SharingParts, chosen: readonly PendingEntry[]): Promise<Judged> {
  await note(parts, chosen, "refused");
  return { ids: chosen.map(({ id }) => id), problems: [] };
}

/** Where a person said that everything this repository shares is to be taken: new and changed ones, nothing is forgotten. */
export async function acceptTrusted(
  parts: SharingParts,
  state: SharedState,
  context: RequestContext,
): Promise<Judged | undefined> {
  if (!state.trusted) return undefined;
  const waiting = (await pendingOf(parts, state)).filter(({ change }) => change !== "gone");
  return waiting.length === 0 ? undefined : acceptShared(parts, state, waiting, context);
}

async function revise(parts: SharingParts, root: string, entry: PendingEntry, here: Provenance): Promise<void> {
  const { eventType: _eventType, ...changes } = candidateOf(memoryIn(entry));
  const { author, commit } = entry;
  await parts.access.revise({
    ...{ id: entry.id, workspace: root, provenance: provenanceOf(entry, here) },
    changes: { ...changes, metadata: { ...entry.memory?.metadata, shared: markOf(entry) } },
    reason: `shared${author === undefined ? "" : ` by ${author}`}${commit === undefined ? "" : ` in commit ${citedCommit(commit)}`}`,
  });
}

/** It is seen where the commit is inherited that brought the file as it is; one that is in no commit yet belongs to this HEAD. */
function provenanceOf({ commit, author, file }: PendingEntry, here: Provenance): Provenance {
  const { author: _mine, ...rest } = here;
  const by = file?.memory.author ?? author;
  return {
    ...(by === undefined ? rest : { ...rest, author: by }),
    ...(commit === undefined ? {} : { commit, dirty: false, pending: false }),
  };
}

const markOf = ({ path, author, commit }: PendingEntry): Readonly<Record<string, string>> => ({
  path,
  ...(author === undefined ? {} : { author }),
  ...(commit === undefined ? {} : { commit }),
});

function memoryIn({ file, id }: PendingEntry): NonNullable<PendingEntry["file"]>["memory"] {
  if (file === undefined) throw new HeirloomError("INTERNAL", `The file of ${id} was not read.`);
  return file.memory;
}

async function note(
  { access }: SharingParts,
  entries: readonly PendingEntry[],
  state: "accepted" | "refused",
): Promise<void> {
  if (entries.length === 0) return;
  const verdicts = entries.map(({ id, hash, path, change }): SharedVerdict =>
    change === "gone" && state === "refused" ? { id, hash, path, state: "kept" } : { id, hash, path, state },
  );
  await access.note([{ type: "shared", verdicts }]);
  await access.store.sync();
}
