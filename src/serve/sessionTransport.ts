import { type Answered, Exchanges } from "./exchanges.ts";
import {
  type AuthInfo,
  type JSONRPCMessage,
  type JSONRPCNotification,
  type JSONRPCRequest,
  type NodeStreamableHTTPServerTransport,
  type Transport,
  type TransportSendOptions,
} from "./mcpSdk.ts";

/**
 * One MCP session of 2025-11-25. The SDK's own transport, `streams`, does the handshake, the streams and the batches; a POST that holds
 * one plain request or notification is delivered straight to the server, without a web Request, a stream and a second parse between.
 */
export class SessionTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport["onmessage"];
  readonly streams: NodeStreamableHTTPServerTransport;
  readonly #exchanges = new Exchanges();

  constructor(streams: NodeStreamableHTTPServerTransport) {
    this.streams = streams;
    streams.onmessage = (message, extra) => this.onmessage?.(message, extra);
    streams.onerror = (error) => this.onerror?.(error);
    streams.onclose = () => {
      this.#exchanges.abandonAll("closed");
      this.onclose?.();
    };
  }

  get sessionId(): string | undefined {
    return this.streams.sessionId;
  }

  /** Requests that were delivered and are not yet answered. */
  get running(): number {
    return this.#exchanges.size;
  }

  /** Whether a request with this id runs: then a second one could not be told from it. */
  isRunning(request: JSONRPCRequest): boolean {
    return this.#exchanges.has(request.id);
  }

  request(request: JSONRPCRequest, authInfo: AuthInfo): Promise<Answered> {
    return this.#exchanges.run(request, (message) => this.onmessage?.(message, { authInfo }));
  }

  notify(notification: JSONRPCNotification, authInfo: AuthInfo): void {
    this.onmessage?.(notification, { authInfo });
    // The server answers a cancelled request nothing; whoever waits for it has to be told.
    const id = notification.method === "notifications/cancelled" ? notification.params?.["requestId"] : undefined;
    if (typeof id === "string" || typeof id === "number") this.#exchanges.abandon(id, "cancelled");
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (this.#exchanges.settle(message)) return;
    const related = options?.relatedRequestId;
    // A plain answer has no stream that a related notification could use: it goes to the session's own stream, if one is open.
    if (related !== undefined && this.#exchanges.has(related)) return this.streams.send(message);
    return this.streams.send(message, related === undefined ? {} : { relatedRequestId: related });
  }

  start(): Promise<void> {
    return this.streams.start();
  }

  close(): Promise<void> {
    return this.streams.close();
  }

  setSupportedProtocolVersions(versions: string[]): void {
    this.streams.setSupportedProtocolVersions(versions);
  }
}
