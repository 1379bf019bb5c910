import { HeirloomError } from "../contract/errors.ts";
import type { MergeResult } from "../contract/explore.ts";
import {
  type ForgetRequest,
  type MergeRequest,
  type NoteRequest,
  PEER_VERSION,
  type RememberOutcome,
  type RememberRequest,
  type RestoreAnswer,
  type RestoreRequest,
  type ReviseRequest,
  type StoreWrite,
  type StoreWrites,
  type UpsertAnswer,
  type UpsertRequest,
} from "../contract/peer.ts";
import type { MemoryStore } from "./memoryStore.ts";
import type { Peers } from "./ports.ts";

/** An owner may die between two tries, and its successor too; more than that is no accident. */
const TRIES = 3;
/** An owner that ends listens no more while it still writes its cache; its place is free a moment later. */
const WAITS_MS = [25, 50, 100, 200, 400, 800, 1600];

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
    // A peer that asks here takes this process for the owner: it may be one that could not take up its work yet.
    const { role } = this.store.owns ? this.store : { role: await this.store.reclaim() };
    if (role.role === "reader") throw role.why;
    if (role.role !== "owner") {
      throw new HeirloomError("OWNER_UNREACHABLE", "This process does not own the store any more; ask again.");
    }
    // The sender runs the same code and the token was checked: the body is what StoreWrites says.
    return this.#local[write](body as never);
  }

  async remember(requests: readonly RememberRequest[]): Promise<readonly RememberOutcome[]> {
    if (this.store.owns) {
      try {
        return await this.#local.remember(requests);
      } catch (error) {
        if (!this.#wasReplaced(error)) throw error;
      }
    }
    // An owner that dies after the write and before its answer must not make its successor store it twice.
    const keyed = requests.map((request) => ({ ...request, idempotencyKey: request.idempotencyKey ?? this.#newId() }));
    return this.#route("remember", keyed);
  }

  revise(request: ReviseRequest): Promise<{ readonly id: string; readonly revision: number }> {
    return this.#route("revise", request);
  }

  forget(request: ForgetRequest): Promise<{ readonly undoToken?: string }> {
    return this.#route("forget", { ...request, undoToken: request.undoToken ?? this.#newId() });
  }

  merge(request: MergeRequest): Promise<MergeResult> {
    return this.#route("merge", { ...request, undoToken: request.undoToken ?? this.#newId() });
  }

  upsert(request: UpsertRequest): Promise<UpsertAnswer> {
    return this.#route("upsert", request);
  }

  restore(request: RestoreRequest): Promise<RestoreAnswer> {
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
    let waits = 0;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const { role } = this.store;
      if (role.role === "owner") {
        try {
          return (await this.#local[write](body as never)) as Answer;
        } catch (error) {
          if (!this.#wasReplaced(error)) throw error;
          failure = error;
        }
        await this.store.reclaim();
        continue;
      }
      if (role.role === "reader") {
        failure = role.why;
        const now = await this.store.reclaim();
        if (now.role === "reader") throw now.why;
        continue;
      }
      const { identity, address } = role.owner;
      try {
        // A stopped process accepts a connection and never answers: asking first saves the caller the wait.
        if ((await this.store.ownerState()) === "stopped") throw stopped(identity.pid);
        const message = { version: PEER_VERSION, store: this.store.folder, body };
        return (await this.#peers.call(address, `store.${write}`, message)) as Answer;
      } catch (error) {
        if (!(error instanceof HeirloomError) || error.code !== "OWNER_UNREACHABLE") throw error;
        failure = error;
        const now = await this.store.reclaim();
        // It lives and is silent: asking it again would only double the caller's wait.
        if (isTimedOut(error) && now.role === "follower" && now.owner.epoch === role.owner.epoch) throw error;
        const wait = isRefused(error) && now.role === "follower" && !now.stopped ? WAITS_MS[waits] : undefined;
        if (wait === undefined) continue;
        waits++;
        attempt--;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
    throw failure;
  }

  /** Whether a write failed here because another process has become the owner meanwhile: then it is that one's to do. */
  #wasReplaced(error: unknown): boolean {
    return error instanceof HeirloomError && error.code === "OWNER_UNREACHABLE" && !this.store.owns;
  }
}

/** The store that has the memory, after it took in what other processes wrote. NOT_FOUND. */
export async function holderOf(accesses: readonly StoreAccess[], id: string): Promise<StoreAccess> {
  for (const access of accesses) {
    await access.store.sync();
    if (access.store.projection.rowOf(id) !== undefined) return access;
  }
  throw new HeirloomError("NOT_FOUND", `There is no memory with the id ${id}.`);
}

/** Nobody listens there, or whoever does is closing: the request was not taken. */
function isRefused({ details }: HeirloomError): boolean {
  return details?.["cause"] === "ECONNREFUSED" || details?.["status"] === 503;
}

/** The owner took the request and did not answer in time. */
function isTimedOut({ details }: HeirloomError): boolean {
  return details?.["cause"] === "ETIMEDOUT";
}

function stopped(pid: number): HeirloomError {
  return new HeirloomError(
    "OWNER_UNREACHABLE",
    `The process that owns this store (pid ${pid}) is stopped. Reading goes on; let it continue or end it, then write again.`,
    { pid },
  );
}
