import { setTimeout } from "node:timers/promises";
import type { IndexResult } from "../contract/codeTools.ts";
import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import { toolArguments } from "./toolArguments.ts";
import { note } from "./printing.ts";

/** How long a person who asks waits for the code, in milliseconds; what is indexed by then answers. */
const PATIENCE_MS = 120_000;
/** What takes less is not spoken of. */
const FIRST_WORD_MS = 700;
const EACH_WORD_MS = 3_000;

/**
 * Resolves when the code of every folder that is asked is indexed, or could not be; says on stderr how far it is meanwhile. The code that a person
 * switched off or paused is not waited for.
 */
export async function awaitIndex(engine: EngineApi, context: RequestContext): Promise<void> {
  const ask = (action: "sync" | "status", root?: string): Promise<IndexResult> =>
    engine.indexControl(toolArguments("index_control", { action, root }), context);
  const finished = new AbortController();
  const told = tellProgress(ask, finished.signal);
  const { roots = [undefined] } = await ask("status");
  // Why a folder cannot be asked is told with the answer.
  const synced = Promise.allSettled(roots.map((root) => ask("sync", root)));
  await Promise.race([synced, setTimeout(PATIENCE_MS, undefined, { ref: false, signal: finished.signal })]);
  finished.abort();
  await told;
}

async function tellProgress(
  ask: (action: "status", root?: string) => Promise<IndexResult>,
  finished: AbortSignal,
): Promise<void> {
  try {
    await setTimeout(FIRST_WORD_MS, undefined, { signal: finished });
    for (;;) {
      const { roots = [undefined] } = await ask("status");
      const states = await Promise.allSettled(roots.map((root) => ask("status", root)));
      const known = states.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      const sum = (of: "files" | "pending"): number => known.reduce((total, one) => total + one[of], 0);
      const [files, pending] = [sum("files"), sum("pending")];
      if (!finished.aborted) note(`indexing the code: ${progressText(files, pending)}`);
      await setTimeout(EACH_WORD_MS, undefined, { signal: finished });
    }
  } catch (error) {
    if (!finished.aborted) throw error;
  }
}

const progressText = (files: number, pending: number): string =>
  pending === 0
    ? "looking at the files"
    : `${files.toLocaleString("en")} files, ${pending.toLocaleString("en")} to come`;
