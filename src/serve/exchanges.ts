import { type JSONRPCMessage, type JSONRPCRequest, type JSONRPCResponse, type RequestId } from "./mcpSdk.ts";

/** What a request that was delivered to a server gets back: its answer, or why there will be none. */
export type Answered = JSONRPCResponse | Unanswered;
export type Unanswered = "cancelled" | "closed";

/**
 * The requests that were delivered straight to a connected server and wait for its answer: the part of a transport that turns
 * "message in, message out at some time" into a call.
 */
export class Exchanges {
  readonly #waiting = new Map<RequestId, (answer: Answered) => void>();

  get size(): number {
    return this.#waiting.size;
  }

  has(id: RequestId): boolean {
    return this.#waiting.has(id);
  }

  /** Hands `request` to `deliver` and resolves with the answer. The id must not be waiting already. */
  run(request: JSONRPCRequest, deliver: (request: JSONRPCRequest) => void): Promise<Answered> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, resolve);
      try {
        deliver(request);
      } catch (error) {
        this.#waiting.delete(request.id);
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** Takes what the server sends; false when it answers none of these requests. */
  settle(message: JSONRPCMessage): boolean {
    if ("method" in message || message.id === undefined) return false;
    const resolve = this.#waiting.get(message.id);
    if (resolve === undefined) return false;
    this.#waiting.delete(message.id);
    resolve(message);
    return true;
  }

  /** The server will not answer this one any more. */
  abandon(id: RequestId, why: Unanswered): void {
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    resolve?.(why);
  }

  abandonAll(why: Unanswered): void {
    for (const id of [...this.#waiting.keys()]) this.abandon(id, why);
  }
}
