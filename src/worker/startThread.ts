import { Worker } from "node:worker_threads";
import { type CallClient, connectCalls, type Crossable } from "./rpc.ts";

export interface ThreadOptions {
  readonly name: string;
  readonly workerData?: unknown;
  /** The most JavaScript objects that it may hold, in MB. */
  readonly heapMb: number;
}

/** The most that new JavaScript objects of a thread take, in MB. Without a limit V8 takes 134 MB for them once a thread is busy, and keeps them. */
export const YOUNG_MB = 48;

/** A thread of ours, and the calls that it answers. */
export interface Thread<Api> {
  readonly worker: Worker;
  readonly calls: CallClient<Api, object>;
}

/** Starts the code of a thread. `ended` is told why, once, however it ends; what is asked of it then is for the caller to end. */
export function startThread<Api extends Crossable<Api>>(
  path: string | URL,
  { name, workerData, heapMb }: ThreadOptions,
  ended: (thread: Thread<Api>, why: string) => void,
): Thread<Api> {
  const worker = new Worker(path, {
    ...{ name, execArgv: [], workerData },
    // Standard output may be a protocol's.
    ...{ stdout: true, stderr: true },
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const thread = { worker, calls: connectCalls<Api, object>(worker) };
  worker.stdout.resume();
  worker.stderr.resume();
  let why = "it was ended";
  worker.on("error", (error: unknown) => (why = error instanceof Error ? error.message : String(error)));
  worker.once("exit", () => ended(thread, why));
  return thread;
}
