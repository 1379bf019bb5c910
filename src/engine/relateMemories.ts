import type { RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { Memory } from "../contract/memory.ts";
import type { RelateInput, RelateResult } from "../contract/relate.ts";
import type { Lineage } from "./lineage.ts";
import type { Clock } from "./ports.ts";
import { supersededIds } from "./store/relations.ts";
import { holderOf, type StoreAccess } from "./storeAccess.ts";

export interface RelateParts {
  readonly stores: readonly StoreAccess[];
  readonly lineage: Lineage;
  readonly clock: Clock;
  readonly workspace: string;
}

/** Memories that are followed from one that is superseded to what it supersedes itself. */
const MOST_FOLLOWED = 1_000;

/** Says how two memories stand to each other, from HEAD on. INVALID_INPUT, NOT_FOUND. */
export async function relateMemories(
  { from, to, relation, reason, action }: RelateInput,
  { stores, lineage, clock, workspace }: RelateParts,
  context: RequestContext,
): Promise<RelateResult> {
  if (from === undefined || to === undefined)
    throw new HeirloomError("INVALID_INPUT", "Name both memories by from and to.");
  if (from === to) throw new HeirloomError("INVALID_INPUT", "A memory stands in no relation to itself.");
  const [access, other] = [await holderOf(stores, from), await holderOf(stores, to)];
  if (access !== other)
    throw new HeirloomError(
      "INVALID_INPUT",
      "One of them belongs to the repository and the other to the user: such two cannot be related.",
    );
  if (action === "withdraw") {
    await access.note([{ type: "related", from, to, relation: "withdrawn", at: clock.now() }]);
    await access.store.sync();
    return { from, to, withdrawn: true };
  }
  if (relation === undefined)
    throw new HeirloomError("INVALID_INPUT", "Name the relation: supersedes, contradicts, confirms or compatible.");
  if (relation === "supersedes") refuseCircles(access, from, to);
  const place = await lineage.place(context.workspace ?? workspace);
  const { author, agent, commit } = await lineage.origin(place, context);
  // What is said of what belongs to the user holds in every repository.
  const since = commit === undefined || access !== stores[0] ? {} : { since: commit };
  await access.note([
    {
      ...{ type: "related" as const, from, to, relation, ...since, at: clock.now() },
      ...(author === undefined ? {} : { author }),
      ...(agent === undefined ? {} : { agent }),
      ...(reason === undefined ? {} : { reason }),
    },
  ]);
  await access.store.sync();
  return { from, to, relation, ...since };
}

/** What stands in the place of itself would be hidden for good. INVALID_INPUT. */
export function refuseCircles({ store }: StoreAccess, from: string, to: string): void {
  const seen = new Set([to]);
  for (const id of seen) {
    if (seen.size > MOST_FOLLOWED) return;
    for (const next of supersededIds(memoryOf(store, id) ?? {})) {
      if (next === from)
        throw new HeirloomError(
          "INVALID_INPUT",
          `${to} supersedes ${from} already, itself or through others: withdraw that first.`,
        );
      seen.add(next);
    }
  }
}

function memoryOf({ projection }: StoreAccess["store"], id: string): Memory | undefined {
  const row = projection.rowOf(id);
  return row === undefined ? undefined : projection.memory(row);
}
