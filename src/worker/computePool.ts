import type { ComputeApi, ComputeOptions, EmbedCall, LoadedModel, RerankCall } from "../contract/compute.ts";
import { HeirloomError } from "../contract/errors.ts";
import { startThread, type Thread } from "./startThread.ts";

/** A thread that nobody asked for so long, in milliseconds, ends, and the models that it holds with it. */
const IDLE_MS = 300_000;
/** Weights of 160 MB, once as they are read and once as they run, and what 1,024 tokens need on their way through. */
const MEMORY_LIMIT_BYTES = 1_073_741_824;
/** Of the thread's JavaScript, in MB: tokenizers. */
const HEAP_MB = 512;

export interface ComputePoolOptions extends Partial<ComputeOptions> {
  readonly idleMs?: number;
}

/**
 * What is too heavy for the thread that answers requests runs in a thread of its own. It starts with the first call, and ends when nobody
 * has asked it for a while. When it dies what it was asked fails, and the next call starts another.
 */
export class ComputePool implements ComputeApi {
  readonly #workerPath: string | URL;
  readonly #idleMs: number;
  readonly #options: ComputeOptions;
  #thread: Thread<ComputeApi> | undefined;
  #running = 0;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  /** `workerPath`: dist/computeWorker.js in the bundle. */
  constructor(workerPath: string | URL, options: ComputePoolOptions = {}) {
    this.#workerPath = workerPath;
    this.#idleMs = options.idleMs ?? IDLE_MS;
    this.#options = { memoryLimitBytes: options.memoryLimitBytes ?? MEMORY_LIMIT_BYTES };
  }

  /** Whether a thread is there. */
  get isRunning(): boolean {
    return this.#thread !== undefined;
  }

  load(folder: string): Promise<LoadedModel> {
    return this.#call((api) => api.load(folder));
  }

  embed(call: EmbedCall): Promise<Float32Array> {
    return this.#call((api) => api.embed(call));
  }

  rerank(call: RerankCall): Promise<Float32Array> {
    return this.#call((api) => api.rerank(call));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#end();
  }

  async #call<T>(ask: (api: ComputeApi) => Promise<T>): Promise<T> {
    if (this.#closed) throw new HeirloomError("EMBEDDING_FAILED", "Heirloom is closing.");
    clearTimeout(this.#idle);
    this.#thread ??= this.#start();
    const { worker, calls } = this.#thread;
    this.#running += 1;
    // A process that has nothing else to do waits for an answer, and for nothing else of this thread.
    worker.ref();
    try {
      return await ask(calls.api);
    } finally {
      this.#running -= 1;
      if (this.#running === 0) {
        worker.unref();
        this.#idle = setTimeout(() => void this.#end(), this.#idleMs).unref();
      }
    }
  }

  #start(): Thread<ComputeApi> {
    const options = { name: "heirloom compute", workerData: this.#options, heapMb: HEAP_MB };
    return startThread<ComputeApi>(this.#workerPath, options, (thread, why) => {
      thread.calls.end(new HeirloomError("EMBEDDING_FAILED", `The thread that runs models has ended: ${why}.`));
      if (this.#thread === thread) this.#thread = undefined;
    });
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.worker.terminate();
  }
}
