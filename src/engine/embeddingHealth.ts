import type { Meaning } from "./meaning.ts";
import type { ComponentHealth } from "./operations/createHealth.ts";
import type { StoreAccess } from "./storeAccess.ts";
import type { VectorsState } from "./storeVectors.ts";

/** A model that is still being loaded is waited for so long, in milliseconds. */
const PATIENCE_MS = 1_500;

/** What compares meanings now, how much is still to be embedded, and why words alone decide where they do. */
export async function embeddingHealth({
  stores,
  meaning,
}: {
  readonly stores: readonly StoreAccess[];
  readonly meaning: Pick<Meaning, "problem">;
}): Promise<ComponentHealth> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)));
  await Promise.race([late, Promise.all(stores.map(async ({ store }) => store.vectors?.chosenBackground?.tried()))]);
  clearTimeout(timer);
  const states = stores.flatMap(({ store }) => store.vectors?.state() ?? []);
  const details = { stores: states.map((state) => ({ ...state })) };
  const problem = states.find((state) => state.problem !== undefined)?.problem ?? meaning.problem;
  if (problem !== undefined) return { status: "degraded", message: `${insteadOf(states)} ${problem}`, details };
  const waiting = states.reduce((sum, state) => sum + state.waiting, 0);
  const serving = [...new Set(states.map((state) => state.serving).filter((model) => model !== undefined))];
  const told = serving.length === 0 ? "Words alone decide so far" : `${serving.join(" and ")} compares meanings`;
  if (waiting === 0) return { status: "healthy", message: `${told}.`, details };
  const changing = states.some((state) => state.changing) ? ", until the new model has embedded all" : "";
  return { status: "healthy", message: `${told}${changing}: ${waiting} memories are still to be embedded.`, details };
}

function insteadOf(states: readonly VectorsState[]): string {
  const serving = states.find((state) => state.serving !== undefined)?.serving;
  return serving === undefined
    ? "Words alone decide, as meanings cannot be compared."
    : `What is new is found by its words alone, as the model of ${serving} or the one that replaces it fails.`;
}
