import { availableParallelism } from "node:os";
import type { FileToParse, ParseApi, ParsedFile } from "../contract/code.ts";
import { HeirloomError, toErrorShape } from "../contract/errors.ts";
import { failedFile } from "../engine/code/parse/emptyFile.ts";
import { startThread, type Thread } from "./startThread.ts";

/** Threads that nobody asked for so long, in milliseconds, end, and the grammars that they hold with them. */
const IDLE_MS = 30_000;
/** A file that is parsed for so long hangs where the parser cannot stop itself. */
const HANG_MS = 10_000;
/** Of a thread's JavaScript, in MB. */
const HEAP_MB = 512;
/** What a thread is given at once: enough that messages do not count, and little enough that threads end together. */
const BATCH_FILES = 32;
const BATCH_CHARACTERS = 300_000;

export interface ParsePoolOptions {
  /** By default one less than the machine has processors. */
  readonly threads?: number;
  readonly idleMs?: number;
  readonly hangMs?: number;
}

interface Batch {
  readonly files: readonly FileToParse[];
  /** Where in the answer its first file stands. */
  readonly first: number;
  readonly settle: (first: number, parsed: readonly ParsedFile[]) => void;
  readonly fail: (error: HeirloomError) => void;
}

/**
 * Files are parsed in threads of their own, that start when there is work and end when there has been none for a while. A thread that dies or hangs
 * takes only what it was given with it: its files are parsed again one by one, and that which ends a thread alone is answered as `failed`.
 */
export class ParsePool implements ParseApi {
  readonly #workerPath: string | URL;
  readonly #options: Required<ParsePoolOptions>;
  readonly #waiting: Batch[] = [];
  readonly #idle: Thread<ParseApi>[] = [];
  readonly #busy = new Map<Thread<ParseApi>, Batch>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** `workerPath`: dist/parseWorker.js in the bundle. */
  constructor(workerPath: string | URL, options: ParsePoolOptions = {}) {
    this.#workerPath = workerPath;
    const threads = Math.max(1, options.threads ?? availableParallelism() - 1);
    this.#options = { threads, idleMs: options.idleMs ?? IDLE_MS, hangMs: options.hangMs ?? HANG_MS };
  }

  /** How many threads are there. */
  get threads(): number {
    return this.#idle.length + this.#busy.size;
  }

  /** INTERNAL when the pool is closed before the answer. */
  parse(files: readonly FileToParse[]): Promise<readonly ParsedFile[]> {
    if (this.#closed) return Promise.reject(closing());
    if (files.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const answer = new Array<ParsedFile>(files.length);
      let missing = files.length;
      const settle: Batch["settle"] = (first, parsed) => {
        for (const [index, file] of parsed.entries()) answer[first + index] = file;
        missing -= parsed.length;
        if (missing === 0) resolve(answer);
      };
      for (const [first, part] of batches(files)) this.#waiting.push({ files: part, first, settle, fail: reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { fail } of [...this.#waiting.splice(0), ...this.#busy.values()]) fail(closing());
    await this.#end();
  }

  #next(): void {
    clearTimeout(this.#timer);
    while (this.#waiting.length > 0 && this.#busy.size < this.#options.threads) {
      const batch = this.#waiting.shift();
      if (batch !== undefined) void this.#give(this.#idle.pop() ?? this.#start(), batch);
    }
    if (this.#busy.size === 0) this.#timer = setTimeout(() => void this.#end(), this.#options.idleMs).unref();
  }

  async #give(thread: Thread<ParseApi>, batch: Batch): Promise<void> {
    const { worker, calls } = thread;
    this.#busy.set(thread, batch);
    // A process that has nothing else to do waits for an answer, and for nothing else of this thread.
    worker.ref();
    const hangs = setTimeout(() => void worker.terminate(), this.#options.hangMs * batch.files.length).unref();
    try {
      batch.settle(batch.first, await calls.api.parse(batch.files));
      this.#idle.push(thread);
    } catch (error) {
      this.#again(batch, toErrorShape(error).message);
      void worker.terminate();
    } finally {
      clearTimeout(hangs);
      worker.unref();
      this.#busy.delete(thread);
      if (!this.#closed) this.#next();
    }
  }

  /** Which of them it was is known once each was given alone. */
  #again({ files, first, settle, fail }: Batch, why: string): void {
    const [only, ...others] = files;
    if (only !== undefined && others.length === 0) settle(first, [failedFile(only.path, why)]);
    else this.#waiting.unshift(...files.map((file, index) => ({ files: [file], first: first + index, settle, fail })));
  }

  #start(): Thread<ParseApi> {
    return startThread<ParseApi>(this.#workerPath, { name: "heirloom parse", heapMb: HEAP_MB }, (thread, why) => {
      thread.calls.end(new HeirloomError("INTERNAL", `The thread that parses has ended: ${why}.`));
      const place = this.#idle.indexOf(thread);
      if (place >= 0) this.#idle.splice(place, 1);
    });
  }

  async #end(): Promise<void> {
    clearTimeout(this.#timer);
    const threads = [...this.#idle.splice(0), ...this.#busy.keys()];
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }
}

function* batches(files: readonly FileToParse[]): Iterable<readonly [number, readonly FileToParse[]]> {
  let [first, characters] = [0, 0];
  for (const [index, { text }] of files.entries()) {
    characters += text.length;
    if (index + 1 - first < BATCH_FILES && characters < BATCH_CHARACTERS && index + 1 < files.length) continue;
    yield [first, files.slice(first, index + 1)];
    [first, characters] = [index + 1, 0];
  }
}

function closing(): HeirloomError {
  return new HeirloomError("INTERNAL", "Heirloom is closing.");
}
