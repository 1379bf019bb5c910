import { basename } from "node:path";
import type { ErrorShape } from "../contract/errors.ts";
import { HeirloomError, toErrorShape } from "../contract/errors.ts";
import type { Engine } from "../engine/engine.ts";
import type { PeerEngine } from "../serve/peerRoutes.ts";

export interface StoreEnginesParts {
  /** Opens the engine of a store; `workspace` is a folder whose store it is. */
  readonly open: (workspace: string, options: { readonly rebuild: boolean }) => Promise<Engine>;
  /** The state of a store's engine is another one now. */
  readonly onState: (store: string) => void;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

export type StoreState =
  { readonly state: "opening" | "open" } | { readonly state: "failed"; readonly problem: ErrorShape };

interface Slot {
  readonly engine: Promise<Engine>;
  state: StoreState;
  failedAt: number;
}

/** A store that could not be opened is not tried again before so many milliseconds have gone by: whatever asks it is told at once. */
const RETRY_MS = 2_000;

/** The engines of a window, one a store. They are opened when somebody needs them, and it owns them: closing it closes them all. */
export class StoreEngines {
  readonly #parts: StoreEnginesParts;
  readonly #slots = new Map<string, Slot>();
  /** An engine that is being closed still holds its store: the next one waits for it. */
  readonly #leaving = new Map<string, Promise<void>>();
  #closed = false;

  constructor(parts: StoreEnginesParts) {
    this.#parts = parts;
  }

  get stores(): readonly string[] {
    return [...this.#slots.keys()];
  }

  stateOf(store: string): StoreState | undefined {
    return this.#slots.get(store)?.state;
  }

  /** The engine of a store, when it is open. Throws what opening it failed with. */
  engineOf(store: string, workspace: string): Promise<Engine> {
    const slot = this.#slots.get(store);
    const isDue = slot?.state.state === "failed" && this.#parts.now() - slot.failedAt >= RETRY_MS;
    return (slot === undefined || isDue ? this.#open(store, workspace, { rebuild: false }) : slot).engine;
  }

  /** The engine of a store that is open or being opened; undefined when it is neither. */
  async known(store: string): Promise<Engine | undefined> {
    return this.#slots.get(store)?.engine.catch(() => undefined);
  }

  /** Opens a store again that could not be opened, whenever that was. */
  retry(store: string, workspace: string): void {
    if (this.#slots.get(store)?.state.state === "failed") this.#open(store, workspace, { rebuild: false });
  }

  /** Closes the engine and opens it anew, with everything that is derived made from the journal. Throws what opening it throws. */
  async rebuild(store: string, workspace: string): Promise<void> {
    const closing = this.close(store);
    const slot = this.#open(store, workspace, { rebuild: true });
    await closing;
    await slot.engine;
  }

  /** A write of a follower of one of these stores. The user's store is open in each engine, and one of them owns it. */
  serveWrite: PeerEngine["serveWrite"] = async (folder, write, body) => {
    const own = await this.known(basename(folder));
    if (own !== undefined) return own.serveWrite(folder, write, body);
    let refusal: unknown = new HeirloomError("OWNER_UNREACHABLE", "This window has not opened that store.");
    // One that is being closed may still own it: the next owner can write in a moment, so that asking again is worth while.
    if (this.#leaving.size > 0)
      refusal = new HeirloomError("OWNER_UNREACHABLE", "This window is closing that store.", { status: 503 });
    for (const store of this.stores) {
      const engine = await this.known(store);
      try {
        if (engine !== undefined) return await engine.serveWrite(folder, write, body);
      } catch (error) {
        if (!(error instanceof HeirloomError) || error.code !== "OWNER_UNREACHABLE") throw error;
        if (this.#leaving.size === 0) refusal = error;
      }
    }
    throw refusal;
  };

  close(store: string): Promise<void> {
    const slot = this.#slots.get(store);
    if (slot === undefined) return Promise.resolve();
    this.#slots.delete(store);
    const before = this.#leaving.get(store);
    const leaving = (async () => {
      await before?.catch(() => undefined);
      const engine = await slot.engine.catch(() => undefined);
      await engine?.close();
    })().finally(() => {
      if (this.#leaving.get(store) === leaving) this.#leaving.delete(store);
    });
    this.#leaving.set(store, leaving);
    return leaving;
  }

  /** Opens nothing more, and closes all. Each fails alone; the first failure is thrown. */
  async closeAll(): Promise<void> {
    this.#closed = true;
    for (const store of this.stores) void this.close(store).catch(() => undefined);
    const outcomes = await Promise.allSettled(this.#leaving.values());
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  #open(store: string, workspace: string, options: { readonly rebuild: boolean }): Slot {
    const engine = (async () => {
      await this.#leaving.get(store)?.catch(() => undefined);
      if (this.#closed) throw new HeirloomError("OWNER_UNREACHABLE", "This window is closing.");
      return this.#parts.open(workspace, options);
    })();
    const slot: Slot = { engine, state: { state: "opening" }, failedAt: 0 };
    this.#slots.set(store, slot);
    engine.then(
      () => this.#settle(store, slot, { state: "open" }),
      (error: unknown) => this.#settle(store, slot, { state: "failed", problem: toErrorShape(error) }),
    );
    this.#parts.onState(store);
    return slot;
  }

  #settle(store: string, slot: Slot, state: StoreState): void {
    slot.state = state;
    slot.failedAt = this.#parts.now();
    if (this.#slots.get(store) === slot) this.#parts.onState(store);
  }
}
