import { type Answered, Exchanges } from "./exchanges.ts";
import {
  type AuthInfo,
  type JSONRPCMessage,
  type JSONRPCRequest,
  MODERN_PROTOCOL_VERSION,
  PerRequestHTTPServerTransport,
  type RequestId,
} from "./mcpSdk.ts";

/**
 * Serves requests that stand for themselves (of 2026-07-28, or of 2025-11-25 without a session) from one long-lived server. Ids are
 * replaced on the way in and restored on the way out, since the callers do not know of each other.
 *
 * It extends the SDK's per-request transport because connecting one is how a server learns that it serves a modern revision; the part of
 * it that answers one exchange and ends is not used.
 */
export class SharedTransport extends PerRequestHTTPServerTransport {
  readonly #exchanges = new Exchanges();
  readonly #modern: boolean;
  #lastId = 0;

  constructor(era: "legacy" | "modern") {
    super({ classification: era === "modern" ? { era, revision: MODERN_PROTOCOL_VERSION } : { era } });
    this.#modern = era === "modern";
  }

  get running(): number {
    return this.#exchanges.size;
  }

  /** Delivers a request; once `cancel` is called it stays unanswered. */
  request(
    request: JSONRPCRequest,
    authInfo: AuthInfo,
  ): { readonly answer: Promise<Answered>; readonly cancel: () => void } {
    const id = ++this.#lastId;
    const answer = this.#exchanges.run({ ...request, id }, (message) => this.#deliver(message, authInfo));
    return {
      answer: answer.then((message) => (typeof message === "string" ? message : { ...message, id: request.id })),
      cancel: () => this.#cancel(id, authInfo),
    };
  }

  override send(message: JSONRPCMessage): Promise<void> {
    // Nothing but answers has somewhere to go: these callers have no stream.
    this.#exchanges.settle(message);
    return Promise.resolve();
  }

  override async close(): Promise<void> {
    this.#exchanges.abandonAll("closed");
    await super.close();
  }

  #deliver(message: JSONRPCMessage, authInfo: AuthInfo): void {
    this.onmessage?.(message, {
      authInfo,
      ...(this.#modern ? { classification: { era: "modern" as const, revision: MODERN_PROTOCOL_VERSION } } : {}),
    });
  }

  #cancel(id: RequestId, authInfo: AuthInfo): void {
    if (!this.#exchanges.has(id)) return;
    this.#deliver({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: id } }, authInfo);
    this.#exchanges.abandon(id, "cancelled");
  }
}
