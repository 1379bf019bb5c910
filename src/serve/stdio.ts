import { PassThrough, type Readable, type Writable } from "node:stream";
import type { EngineApi } from "../contract/engineApi.ts";
import { createMcpServerFactory, type McpServerOptions } from "./mcpServer.ts";
import { type JSONRPCMessage, type RequestId, serveStdio, StdioServerTransport, type Transport } from "./mcpSdk.ts";

export interface StdioOptions extends McpServerOptions {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
}

/** How long a request may still run after the client has closed its end. */
const DRAIN_MS = 10_000;

/**
 * Serves MCP over stdin and stdout until stdin closes, then finishes what runs, answers it and resolves. Nothing but JSON-RPC is written
 * to stdout: the logger has to write elsewhere.
 */
export async function serveStdioMcp(engine: EngineApi, options: StdioOptions): Promise<void> {
  const stdin = options.stdin ?? process.stdin;
  // The SDK's transport aborts what runs as soon as its input ends, so it gets one that ends later.
  const input = new PassThrough();
  const transport = new CountingTransport(
    new StdioServerTransport(input, options.stdout ?? process.stdout, MESSAGE_BOUND),
  );
  const closed = new Promise<void>((resolve) => {
    transport.whenClosed = resolve;
  });
  const factory = createMcpServerFactory(engine, options);
  const handle = serveStdio(({ era }) => factory({ era, direct: true }), {
    transport,
    onerror: (error) => options.logger.log("debug", "Protocol error", { error: error.message }),
  });
  stdin.pipe(input, { end: false });
  const ended = new Promise<void>((resolve) => {
    stdin.once("end", resolve);
    stdin.once("close", resolve);
    stdin.once("error", () => resolve());
  });
  await Promise.race([ended, closed]);
  await drained(input);
  await transport.idle(DRAIN_MS);
  await handle.close();
  stdin.unpipe(input);
  input.destroy();
}

/** As much as a memory of 1 MB takes when every byte of it is escaped. */
const MESSAGE_BOUND = { maxBufferSize: 8 * 1_048_576 };

/** Resolves when what was written to the stream has been read from it. */
async function drained(stream: PassThrough): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve));
  while (stream.readableLength > 0 || stream.writableLength > 0);
}

/** Passes everything through, and knows which requests are not yet answered. */
class CountingTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport["onmessage"];
  whenClosed: (() => void) | undefined;
  readonly #inner: StdioServerTransport;
  readonly #running = new Set<RequestId>();
  #whenIdle: (() => void) | undefined;

  constructor(inner: StdioServerTransport) {
    this.#inner = inner;
    inner.onmessage = (message) => {
      if ("method" in message && "id" in message) this.#running.add(message.id);
      if ("method" in message && message.method === "notifications/cancelled") {
        this.#settle(message.params?.["requestId"] as RequestId | undefined);
      }
      this.onmessage?.(message);
    };
    inner.onerror = (error) => this.onerror?.(error);
    inner.onclose = () => {
      this.onclose?.();
      this.whenClosed?.();
    };
  }

  start(): Promise<void> {
    return this.#inner.start();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    try {
      await this.#inner.send(message);
    } finally {
      if (!("method" in message)) this.#settle(message.id);
    }
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  /** Resolves when every request is answered, or after `timeoutMs`. */
  async idle(timeoutMs: number): Promise<void> {
    if (this.#running.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      new Promise<void>((resolve) => (this.#whenIdle = resolve)),
      new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs))),
    ]);
    clearTimeout(timer);
  }

  #settle(id: RequestId | undefined): void {
    if (id !== undefined) this.#running.delete(id);
    if (this.#running.size === 0) this.#whenIdle?.();
  }
}
