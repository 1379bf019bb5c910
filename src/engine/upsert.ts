import { HeirloomError, toErrorShape } from "../contract/errors.ts";
import type { Memory } from "../contract/memory.ts";
import type { UpsertAnswer, UpsertRequest } from "../contract/peer.ts";
import type { UpsertReport } from "../contract/upsert.ts";
import { TextJudge } from "./judgeTexts.ts";
import type { Admitted, Projection } from "./seams.ts";
import { createdBy, upsertKey } from "./upsertKeys.ts";
import { type UpsertParts, UpsertPlan } from "./upsertPlan.ts";

/** So often what is to be merged into may change between deciding and writing. */
const TRIES = 5;

/** Stores many items at once, each into a memory that says much the same where there is one. For the owner of a store. */
export class Upsert {
  readonly #parts: UpsertParts;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: UpsertParts) {
    this.#parts = parts;
  }

  /** One after the other: two that merge into one memory must not decide on the same state of it. */
  run(request: UpsertRequest): Promise<UpsertAnswer> {
    const result = this.#turn.then(() => this.#upsert(request));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #upsert(request: UpsertRequest): Promise<UpsertAnswer> {
    const { store, admission } = this.#parts;
    const { undoToken } = request;
    const admitted = await admission.admitMany(
      request.items.map(({ candidate }) => candidate),
      { workspace: request.workspace },
    );
    const redactions = admitted.reduce((sum, one) => sum + (one instanceof Error ? 0 : one.redactions), 0);
    const judge = new TextJudge(this.#parts.embed);
    const answer = (report: readonly UpsertReport[], wrote: boolean): UpsertAnswer => ({
      report,
      redactions,
      comparedBy: judge.knowsMeaning ? "words and meaning" : "words",
      wrote,
    });
    // Who asked may not have heard the answer: then it is done already.
    if (!request.dryRun && isDone(store.projection, undoToken))
      return answer(reportAgain(request, admitted, store.projection, undoToken), true);
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const plan = new UpsertPlan({ ...this.#parts, judge, request });
      for (const [at, one] of admitted.entries()) await plan.take(at, one);
      if (request.dryRun) return answer(plan.report, false);
      if (!plan.stillHolds()) continue;
      const events = plan.events();
      await store.commit(events);
      return answer(plan.report, events.length > 0);
    }
    throw new HeirloomError("INTERNAL", "The memories to merge into are being changed all the time: call again.");
  }
}

const isDone = (projection: Projection, undoToken: string): boolean =>
  projection.undoable(undoToken).length > 0 || createdBy(projection, undoToken).length > 0;

/** What was done is read from what is there; what was not stored then was skipped. */
function reportAgain(
  { items, strategy }: UpsertRequest,
  admitted: readonly (Admitted | Error)[],
  projection: Projection,
  undoToken: string,
): readonly UpsertReport[] {
  const merged: { readonly memory: Memory; readonly mergedInto?: string }[] = [];
  for (const held of projection.forgotten()) if (held.undoToken === undoToken) merged.push(held);
  return items.map(({ index }, at): UpsertReport => {
    const one = admitted[at];
    if (one === undefined || one instanceof Error)
      return { index, outcome: "refused", strategy, changes: [], error: toErrorShape(one) };
    const id = projection.keyed(upsertKey(undoToken, index));
    if (id !== undefined) return { index, outcome: "created", id, strategy, changes: [] };
    const into = merged.find(({ memory }) => memory.content === one.content)?.mergedInto;
    return into === undefined
      ? { index, outcome: "skipped", strategy, changes: [] }
      : { index, outcome: "merged", id: into, mergedWith: into, strategy, changes: [] };
  });
}
