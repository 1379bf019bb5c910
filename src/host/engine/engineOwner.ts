import { HeirloomError, toErrorShape } from "../../contract/errors.ts";
import type { WindowApi, WindowEvents, WindowOptions } from "../../contract/window.ts";
import { Listeners } from "../listeners.ts";
import type { EngineClient, EngineExit } from "../../worker/engineClient.ts";
import type { EngineStatus } from "./engineStatus.ts";

export interface EngineOwnerOptions {
  /** Starts the thread. */
  readonly spawn: () => EngineClient;
  /** Asked anew at each start, because folders and settings may have changed. */
  readonly options: () => Promise<WindowOptions>;
  readonly onFailure: (error: unknown) => void;
  /** Milliseconds to wait after the first, second, … crash in a row; the last one is used for all later ones. */
  readonly backOffMs?: readonly number[];
}

const BACK_OFF_MS = [500, 2_000, 8_000, 30_000];
/** Milliseconds after which a crash is not in a row with the one before. */
const STEADY_AFTER_MS = 60_000;

type Told = {
  [Name in keyof WindowEvents]: { readonly name: Name; readonly event: WindowEvents[Name] };
}[keyof WindowEvents];

/** Owns the one engine worker of a window: starts it when it may run, starts it again after a crash, and closes it. */
export class EngineOwner {
  readonly #options: EngineOwnerOptions;
  readonly #status: Listeners<EngineStatus>;
  readonly #events: Listeners<Told>;
  #current: EngineStatus = { state: "off", why: "no-folder" };
  #client: EngineClient | undefined;
  #retry: NodeJS.Timeout | undefined;
  /** Resolves when the workers before have ended: two at once would both hold the stores. */
  #closing: Promise<unknown> = Promise.resolve();
  #crashes = 0;
  /** Counts starts and stops, so that what belongs to an earlier one is passed over. */
  #turn = 0;

  constructor(options: EngineOwnerOptions) {
    this.#options = options;
    this.#status = new Listeners(options.onFailure);
    this.#events = new Listeners(options.onFailure);
  }

  get status(): EngineStatus {
    return this.#current;
  }

  /** The returned function ends it. */
  onStatus(listener: (status: EngineStatus) => void): () => void {
    return this.#status.add(listener);
  }

  /** Hears the worker that runs now and those that follow it. The returned function ends it. */
  on<Name extends keyof WindowEvents>(name: Name, listener: (event: WindowEvents[Name]) => void): () => void {
    return this.#events.add((told) => {
      if (told.name === name) listener(told.event as WindowEvents[Name]);
    });
  }

  /** The calls of the running worker; waits while it starts. UNTRUSTED_WORKSPACE, NOT_FOUND without a folder, INTERNAL after a crash. */
  async api(): Promise<WindowApi> {
    if (this.#current.state === "starting") {
      await new Promise<void>((resolve) => {
        const end = this.onStatus(() => {
          end();
          resolve();
        });
      });
      return this.api();
    }
    if (this.#current.state === "running" && this.#client !== undefined) return this.#client.api;
    throw notRunning(this.#current);
  }

  /** Does nothing when it runs or is about to. */
  start(): void {
    if (this.#current.state !== "off") return;
    this.#crashes = 0;
    this.#launch();
  }

  /** Closes the stores within two seconds, then ends the thread. */
  async stop(why: "restricted" | "no-folder" | "closed"): Promise<void> {
    this.#turn += 1;
    clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = undefined;
    this.#become({ state: "off", why });
    await this.#close(client);
  }

  #launch(): void {
    this.#turn += 1;
    const turn = this.#turn;
    const startedAt = performance.now();
    this.#become({ state: "starting" });
    const failed = (error: unknown): void => {
      if (turn !== this.#turn) return;
      if (performance.now() - startedAt > STEADY_AFTER_MS) this.#crashes = 0;
      this.#recover(error);
    };
    this.#open(turn).then((client) => client?.exit.then((exit) => failed(reasonOf(exit))), failed);
  }

  async #open(turn: number): Promise<EngineClient | undefined> {
    await this.#closing;
    const options = await this.#options.options();
    if (turn !== this.#turn) return undefined;
    const client = this.#options.spawn();
    this.#client = client;
    for (const name of ["changed", "folder", "learning", "progress", "code", "log"] as const)
      client.on(name, (event) => {
        if (turn === this.#turn) this.#events.tell({ name, event } as Told);
      });
    const endpoint = await client.api.openWindow(options).catch(async (error: unknown) => {
      // A thread that dies while it starts fails this call, and its end says why.
      const isGone = error instanceof HeirloomError && error.code === "OWNER_UNREACHABLE";
      throw isGone ? reasonOf(await client.exit) : error;
    });
    if (turn !== this.#turn) return undefined;
    this.#become({ state: "running", ...endpoint });
    return client;
  }

  /** Waits also for those that were being closed before. */
  async #close(client: EngineClient | undefined): Promise<void> {
    const closed = client?.close();
    this.#closing = Promise.allSettled([this.#closing, closed]);
    await this.#closing;
    await closed;
  }

  #recover(error: unknown): void {
    const { onFailure, backOffMs = BACK_OFF_MS } = this.#options;
    onFailure(error);
    const client = this.#client;
    this.#client = undefined;
    this.#close(client).catch(onFailure);
    const retryInMs = backOffMs[Math.min(this.#crashes, backOffMs.length - 1)] ?? 0;
    this.#crashes += 1;
    this.#turn += 1;
    this.#retry = setTimeout(() => this.#launch(), retryInMs);
    this.#become({ state: "waiting", problem: toErrorShape(error).message, retryInMs });
  }

  #become(status: EngineStatus): void {
    this.#current = status;
    this.#status.tell(status);
  }
}

function notRunning(status: EngineStatus): HeirloomError {
  if (status.state === "off" && status.why === "restricted")
    return new HeirloomError("UNTRUSTED_WORKSPACE", "Heirloom reads nothing here until you trust this workspace.");
  if (status.state === "off" && status.why === "no-folder")
    return new HeirloomError("NOT_FOUND", "Open a folder first: memories belong to a repository or a folder.");
  if (status.state === "waiting")
    return new HeirloomError("INTERNAL", `The memory engine ended (${status.problem}) and is being started again.`);
  return new HeirloomError("INTERNAL", "The memory engine is closed.");
}

function reasonOf({ code, error }: EngineExit): Error {
  return error ?? new Error(`its thread ended with code ${code}`);
}
