import type { Clock } from "../engine/ports.ts";
import type { SessionTransport } from "./sessionTransport.ts";

interface Session {
  readonly transport: SessionTransport;
  /** Milliseconds of the clock that never goes back. */
  lastUsed: number;
  /** HTTP exchanges that are open, event streams among them. */
  open: number;
}

/**
 * The MCP sessions of one endpoint: bounded in number, and ended when nobody has used them for long. A session with an open stream is in
 * use, however quiet it is.
 */
export class Sessions {
  /** In the order of last use. */
  readonly #sessions = new Map<string, Session>();
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #idleMs: number;

  constructor(clock: Clock, limit: number, idleMs: number) {
    this.#clock = clock;
    this.#limit = limit;
    this.#idleMs = idleMs;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Adds a session; where there is no room, the one that was idle longest ends. */
  add(id: string, transport: SessionTransport): void {
    this.expire();
    if (this.#sessions.size >= this.#limit) {
      const entries = [...this.#sessions];
      const [victim] = entries.find(([, session]) => session.open === 0) ?? entries[0] ?? [];
      if (victim !== undefined) this.end(victim);
    }
    this.#sessions.set(id, { transport, lastUsed: this.#clock.monotonic(), open: 0 });
  }

  /** The transport of a living session, which counts as used until the returned `release` is called. */
  use(id: string): { readonly transport: SessionTransport; readonly release: () => void } | undefined {
    const session = this.#sessions.get(id);
    if (session === undefined) return undefined;
    if (this.#isExpired(session)) {
      this.end(id);
      return undefined;
    }
    session.open++;
    this.#touch(id, session);
    return {
      transport: session.transport,
      release: () => {
        session.open--;
        if (this.#sessions.get(id) === session) this.#touch(id, session);
      },
    };
  }

  end(id: string): void {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    this.#sessions.delete(id);
    void session.transport.close();
  }

  /** Ends what has been idle for too long. */
  expire(): void {
    for (const [id, session] of this.#sessions) {
      if (this.#isExpired(session)) this.end(id);
    }
  }

  endAll(): void {
    for (const id of [...this.#sessions.keys()]) this.end(id);
  }

  #isExpired(session: Session): boolean {
    return session.open === 0 && session.lastUsed + this.#idleMs <= this.#clock.monotonic();
  }

  #touch(id: string, session: Session): void {
    session.lastUsed = this.#clock.monotonic();
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
  }
}
