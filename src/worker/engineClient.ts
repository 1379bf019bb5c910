import { Worker } from "node:worker_threads";
import { HeirloomError } from "../contract/errors.ts";
import type { WindowApi, WindowEvents } from "../contract/window.ts";
import { connectCalls } from "./rpc.ts";
import { YOUNG_MB } from "./startThread.ts";

/**
 * The most JavaScript objects that the thread may hold, in MB; most of what it keeps is outside of them. Below 2 GB V8 lets garbage come to less than what is in use
 * before it collects, above it to three times as much.
 */
const HEAP_MB = 1_500;
/** How long closing may take before the thread is ended in the middle of it, so that two seconds are enough for both. */
const CLOSING_MS = 1_900;

/** How the engine worker ended. */
export interface EngineExit {
  /** Whether `close` was called before. */
  readonly expected: boolean;
  readonly code: number;
  /** What nobody caught in the thread. */
  readonly error?: Error;
}

export interface EngineClient {
  readonly api: WindowApi;
  on<Name extends keyof WindowEvents>(name: Name, listener: (data: WindowEvents[Name]) => void): () => void;
  /** Resolves when the thread has ended, for whatever reason. Starting another is up to who started this one. */
  readonly exit: Promise<EngineExit>;
  /** Flushes and closes all stores and ends the thread, within two seconds: then it is ended anyway. */
  close(): Promise<void>;
}

/**
 * Starts the engine worker, `dist/engineWorker.js` in the bundle. A process has one at a time: a new one takes the stores over that one
 * before it left open. When the thread ends, what was asked of it fails with OWNER_UNREACHABLE.
 */
export function startEngine(workerPath: string | URL): EngineClient {
  // The flags of the process that runs this (a debugger's, an editor's) are not meant for the thread.
  const worker = new Worker(workerPath, {
    ...{ name: "heirloom engine", execArgv: [] },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const calls = connectCalls<WindowApi, WindowEvents>(worker);
  let closing: Promise<void> | undefined;
  let error: Error | undefined;
  worker.on("error", (thrown: unknown) => (error = thrown instanceof Error ? thrown : new Error(String(thrown))));
  const exit = new Promise<EngineExit>((resolve) => {
    worker.once("exit", (code) => {
      calls.end(
        new HeirloomError("OWNER_UNREACHABLE", "Heirloom's engine has ended. What it had confirmed is stored."),
      );
      resolve({ expected: closing !== undefined, code, ...(error === undefined ? {} : { error }) });
    });
  });
  return {
    api: calls.api,
    on: (name, listener) => calls.on(name, listener),
    exit,
    close: () => (closing ??= close(worker, calls.api)),
  };
}

async function close(worker: Worker, api: WindowApi): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSING_MS)));
  // A window that cannot be closed is left to its journal.
  await Promise.race([api.closeWindow().catch(() => undefined), late]);
  clearTimeout(timer);
  await worker.terminate();
}
