import { setTimeout } from "node:timers/promises";
import type { MemoryView } from "../../src/contract/memory.ts";
import type { Settings } from "../../src/contract/settings.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { type benchFolder, openBenchEngine } from "../openStore.ts";
import type { Estimate } from "./bootstrap.ts";
import type { Collection } from "./datasets.ts";

export const asFigure = ({ mean, low, high }: Estimate): Record<string, string> => ({
  percent: (100 * mean).toFixed(1),
  interval: `${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)}`,
});

/** The key of a dataset's memory. */
export function keyOf({ metadata }: MemoryView): string {
  const { key } = metadata;
  return typeof key === "string" ? key : "";
}

/** Numbers in 0..1 by Marsaglia's xorshift, "Xorshift RNGs" (2003). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Imports a collection into a store; resolves when its vectors are made, so that every question is asked of all that there is. */
export async function fillStore(
  folder: ReturnType<typeof benchFolder>,
  { lines }: Collection,
  settings: Settings,
): Promise<void> {
  const engine = await openBenchEngine(folder, { settings });
  async function* given(): AsyncGenerator<string> {
    yield* lines;
  }
  await engine.importLines(given(), { dedupe: "none" }, {});
  await vectorsOf(engine);
  await engine.close();
}

/** A query that finds no vectors yet has them read or made in the background; resolves when they are there. */
export async function vectorsOf(engine: Engine): Promise<void> {
  for (let ready = false; !ready;) {
    const { plan } = await engine.retrieve({ query: "anything", limit: 1, explain: true }, {});
    ready = plan?.steps.some(({ step }) => step.includes("vector search")) === true;
    if (!ready) await setTimeout(50);
  }
}
