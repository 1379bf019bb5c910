import { HeirloomError } from "../contract/errors.ts";
import {
  type NoteRequest,
  PEER_VERSION,
  type RememberOutcome,
  type RememberRequest,
  type ReviseRequest,
  type StoreWrite,
  type StoreWrites,
} from "../contract/peer.ts";
import type { MemoryStore } from "./memoryStore.ts";
import type { Peers } from "./ports.ts";

/** An owner may die between two tries, and its successor too; more than that is no accident. */
const TRIES = 3;

/** The writes of a store, wherever its owner is: done here when this process owns it, sent to the owner otherwise. */
export class StoreAccess implements StoreWrites {
  readonly store: MemoryStore;
  readonly #local: StoreWrites;
  readonly #peers: Peers;
  readonly #newId: () => string;

  constructor(store: MemoryStore, local: StoreWrites, peers: Peers, newId: () => string) {
    this.store = store;
    this.#local = local;
    this.#peers = peers;
    this.#newId = newId;
  }

  /** The owner's side of a forwarded write. OWNER_UNREACHABLE when this process does not own the store (any more). */
  async serve(write: StoreWrite, body: unknown): Promise<unknown> {
    if (this.store.role.role !== "owner") {
      throw new HeirloomError("OWNER_UNREACHABLE", "This process does not own the store any more; ask again.");
    }
    // The sender runs the same code and the token was checked: the body is what StoreWrites says.
    return this.#local[write](body as never);
  }

  remember(requests: readonly RememberRequest[]): Promise<readonly RememberOutcome[]> {
    if (this.store.role.role === "owner") return this.#local.remember(requests);
    // An owner that dies after the write and before its answer must not make its successor store it twice.
    const keyed = requests.map((request) => ({ ...request, idempotencyKey: request.idempotencyKey ?? this.#newId() }));
    return this.#route("remember", keyed);
  }

  revise(request: ReviseRequest): Promise<{ readonly id: string; readonly revision: number }> {
    return this.#route("revise", request);
  }

  forget(request: {
    readonly ids: readonly string[];
    readonly now: boolean;
  }): Promise<{ readonly undoToken?: string }> {
    return this.#route("forget", request);
  }

  restore(request: { readonly undoToken: string }): Promise<{ readonly restored: number }> {
    return this.#route("restore", request);
  }

  note(requests: readonly NoteRequest[]): Promise<void> {
    return this.#route("note", requests);
  }

  async #route<W extends StoreWrite>(
    write: W,
    body: Parameters<StoreWrites[W]>[0],
  ): Promise<Awaited<ReturnType<StoreWrites[W]>>> {
    type Answer = Awaited<ReturnType<StoreWrites[W]>>;
    let failure: unknown;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const { role } = this.store;
      if (role.role === "owner") return (await this.#local[write](body as never)) as Answer;
      const { identity, address } = role.owner;
      try {
        // A stopped process accepts a connection and never answers: asking first saves the caller the wait.
        if ((await this.store.ownerState()) === "stopped") throw stopped(identity.pid);
        const message = { version: PEER_VERSION, store: this.store.folder, body };
        return (await this.#peers.call(address, `store.${write}`, message)) as Answer;
      } catch (error) {
        if (!(error instanceof HeirloomError) || error.code !== "OWNER_UNREACHABLE") throw error;
        failure = error;
        await this.store.reclaim();
      }
    }
    throw failure;
  }
}

function stopped(pid: number): HeirloomError {
  return new HeirloomError(
    "OWNER_UNREACHABLE",
    `The process that owns this store (pid ${pid}) is stopped. Reading goes on; let it continue or end it, then write again.`,
    { pid },
  );
}
