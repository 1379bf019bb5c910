import { HeirloomError, toErrorShape } from "../contract/errors.ts";
import type { NoteRequest } from "../contract/peer.ts";
import type { SharedProblem } from "../contract/share.ts";
import { refuseCircles } from "./relateMemories.ts";
import type { SharedMemory } from "./share/memoryFile.ts";
import { saidOf } from "./share/saidOf.ts";
import { memoryOf, type PendingEntry, type SharedEntry, type SharedState, type SharingParts } from "./sharedState.ts";

/** A file of which a person said that it holds, and the commit that brought it where that was just said. */
interface Taken {
  readonly memory: SharedMemory;
  readonly path: string;
  readonly entry?: PendingEntry;
}

/**
 * What files say of one another is said here as well, as soon as both are accepted: it holds where the commit is inherited that brought the later
 * one. What a changed file says no more is withdrawn. Gives what was not said, with why.
 */
export async function relateShared(
  parts: SharingParts,
  { entries }: SharedState,
  accepted: readonly PendingEntry[],
  head: string | undefined,
): Promise<readonly SharedProblem[]> {
  const taken = takenFiles(entries, accepted);
  const problems: SharedProblem[] = [];
  await parts.access.store.sync();
  for (const { memory, path, entry } of taken.values()) {
    const known = memoryOf(parts.access, memory.id);
    const said = known === undefined ? [] : saidOf(known, (id) => taken.has(id));
    const inFile = memory.relations.filter(({ id }) => id !== memory.id);
    const attempt = async (id: string, work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof HeirloomError)) throw error;
        problems.push({ path, message: `what it says of ${id} was not taken in: ${toErrorShape(error).message}` });
      }
    };
    if (entry !== undefined)
      for (const { id } of said.filter((one) => !inFile.some((other) => other.id === one.id)))
        await attempt(id, () => say(parts, { from: memory.id, to: id, relation: "withdrawn" }));
    for (const { id, is } of inFile) {
      const by = entry ?? newcomer(taken.get(id));
      const isHere = known !== undefined && taken.has(id) && memoryOf(parts.access, id) !== undefined;
      if (!isHere || by === undefined || said.some((one) => one.id === id && one.is === is)) continue;
      const since = by.commit ?? head;
      const author = memory.author ?? entry?.author;
      await attempt(id, async () => {
        if (is === "supersedes") refuseCircles(parts.access, memory.id, id);
        await say(parts, {
          ...{ from: memory.id, to: id, relation: is },
          ...(since === undefined ? {} : { since }),
          ...(author === undefined ? {} : { author }),
        });
      });
    }
  }
  return problems;
}

/** For one that was known before, what was said of it had been taken in, and may have been withdrawn here since. */
const newcomer = (taken: Taken | undefined): PendingEntry | undefined =>
  taken?.entry?.change === "new" ? taken.entry : undefined;

/** By id what was accepted before, as far as its file still says that, and now. */
function takenFiles(
  entries: ReadonlyMap<string, SharedEntry>,
  accepted: readonly PendingEntry[],
): ReadonlyMap<string, Taken> {
  const taken = new Map<string, Taken>();
  for (const [id, { file, state }] of entries)
    if (state === "same" || state === "differs") taken.set(id, { memory: file.memory, path: file.path });
  for (const entry of accepted)
    if (entry.file !== undefined) taken.set(entry.id, { memory: entry.file.memory, path: entry.path, entry });
  return taken;
}

async function say(
  { access, clock }: SharingParts,
  said: Omit<Extract<NoteRequest, { type: "related" }>, "type" | "at">,
): Promise<void> {
  await access.note([{ type: "related", ...said, at: clock.now() }]);
  await access.store.sync();
}
