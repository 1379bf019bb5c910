import type { EngineChange } from "../contract/explore.ts";
import type { Logger } from "./ports.ts";
import type { GitPlace } from "./seams.ts";
import type { StoreAccess } from "./storeAccess.ts";

export interface ChangeWatchParts {
  readonly stores: () => Promise<readonly StoreAccess[]>;
  readonly place: (workspace: string) => Promise<GitPlace>;
  /** Tells by another number that some memory is as fresh no more, or again. */
  readonly freshness: { readonly version: number };
  readonly workspace: string;
  readonly logger: Logger;
}

/** What this process itself writes is seen this soon; in milliseconds. No listener is called more often. */
const TICK_MS = 100;
/** What other processes write, and where HEAD is: a stat or two a store and folder. */
const LOOK_MS = 250;

type Listener = (change: EngineChange) => void;

/** Tells listeners that the stores or HEAD changed, whoever did it. It looks only while somebody listens. */
export class ChangeWatch {
  readonly #parts: ChangeWatchParts;
  readonly #listeners = new Set<Listener>();
  /** By folder of a store, what it held when it was looked at last. */
  readonly #held = new Map<string, { readonly projection: object; readonly lastSeq: number }>();
  /** By workspace, where HEAD was. */
  readonly #heads = new Map<string, string>();
  #began = false;
  #freshness = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #lookedAt = -Infinity;
  #toldAt = -Infinity;
  #untold = { memories: false, head: false };

  constructor(parts: ChangeWatchParts) {
    this.#parts = parts;
  }

  listen(listener: Listener): () => void {
    // One function may listen twice.
    const own: Listener = (change) => listener(change);
    this.#listeners.add(own);
    if (this.#timer === undefined) this.#start();
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) this.close();
    };
  }

  headMoved(workspace: string): void {
    if (this.#timer === undefined) return;
    if (!this.#heads.has(workspace)) this.#heads.set(workspace, UNKNOWN);
    this.#lookedAt = -Infinity;
    this.#tick();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#began = false;
    this.#held.clear();
    this.#heads.clear();
  }

  #start(): void {
    this.#heads.set(this.#parts.workspace, UNKNOWN);
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
    this.#lookedAt = -Infinity;
    this.#tick();
  }

  #tick(): void {
    this.#looking ??= this.#look()
      .catch((error: unknown) => this.#parts.logger.log("debug", "changes could not be looked for", { error }))
      .finally(() => (this.#looking = undefined));
  }

  async #look(): Promise<void> {
    const far = performance.now() - this.#lookedAt >= LOOK_MS;
    if (far) this.#lookedAt = performance.now();
    const stores = await this.#parts.stores();
    for (const { store } of stores) {
      if (far) await store.sync();
      const { projection } = store;
      const before = this.#held.get(store.folder);
      if (before?.projection === projection && before.lastSeq === projection.lastSeq) continue;
      this.#held.set(store.folder, { projection, lastSeq: projection.lastSeq });
      if (this.#began) this.#untold.memories = true;
    }
    const { version } = this.#parts.freshness;
    if (version !== this.#freshness && this.#began) this.#untold.memories = true;
    this.#freshness = version;
    if (far) for (const workspace of [...this.#heads.keys()]) await this.#lookAtHead(workspace);
    this.#began = true;
    this.#tell();
  }

  async #lookAtHead(workspace: string): Promise<void> {
    const { repository } = await this.#parts.place(workspace);
    const head = `${repository?.branch ?? ""} ${repository?.head ?? ""}`;
    const before = this.#heads.get(workspace);
    if (before === undefined || before === head) return;
    this.#heads.set(workspace, head);
    if (before !== UNKNOWN || this.#began) this.#untold.head = true;
  }

  #tell(): void {
    const change = this.#untold;
    if (!change.memories && !change.head) return;
    // What is not told now is told by a later tick.
    if (this.#timer === undefined || performance.now() - this.#toldAt < TICK_MS - 1) return;
    this.#toldAt = performance.now();
    this.#untold = { memories: false, head: false };
    for (const listener of [...this.#listeners]) {
      try {
        listener(change);
      } catch (error) {
        this.#parts.logger.log("warn", "a listener for changes failed", { error });
      }
    }
  }
}

const UNKNOWN = "unknown";
