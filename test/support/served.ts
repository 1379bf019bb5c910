import { defaultSettings, type Settings } from "../../src/contract/settings.ts";
import type { Clock, Logger } from "../../src/engine/ports.ts";
import { type HttpOptions, type HttpServer, serveHttp } from "../../src/serve/http.ts";
import { createRateLimits } from "../../src/serve/rateLimits.ts";
import { MemoryEngine } from "./memoryEngine.ts";

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** Time that only a test moves. */
export class ManualClock implements Clock {
  at = 1_000_000;
  now(): number {
    return this.at;
  }
  monotonic(): number {
    return this.at;
  }
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export class LogLines implements Logger {
  readonly lines: LogLine[] = [];
  log(...[level, message, fields]: Parameters<Logger["log"]>): void {
    this.lines.push({ level, message, fields: fields ?? {} });
  }
}

export interface Served extends HttpServer {
  readonly engine: MemoryEngine;
  readonly logs: LogLines;
}

/** A real HTTP server over the twin of the engine. Captures are not limited unless `settings` say so. */
export async function serveTwin(
  options: Partial<HttpOptions> & { readonly engine?: MemoryEngine; readonly rateLimit?: Settings["rateLimit"] } = {},
): Promise<Served> {
  const engine = options.engine ?? new MemoryEngine();
  const logs = new LogLines();
  const clock = options.clock ?? systemClock;
  const rateLimit = options.rateLimit ?? { ...defaultSettings.rateLimit, enabled: false };
  const server = await serveHttp(engine, {
    profiles: ["core"],
    settings: defaultSettings,
    limits: createRateLimits(rateLimit, clock),
    version: "0.0.0-test",
    logger: logs,
    clock,
    ...options,
  });
  return { ...server, engine, logs };
}

export const MCP_HEADERS = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
} as const;

export interface RpcAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly result?: Record<string, unknown> & {
      readonly isError?: boolean;
      readonly structuredContent?: Record<string, unknown>;
      readonly content?: readonly { readonly type: string; readonly text: string }[];
    };
    readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
    readonly id?: unknown;
  };
}

/** Posts one message as a client does and reads the answer, whether it comes as JSON or as an event. */
export async function post(
  server: { readonly url: string; readonly token: string },
  message: unknown,
  headers: Readonly<Record<string, string>> = {},
  url: string = server.url,
): Promise<RpcAnswer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { ...MCP_HEADERS, authorization: `Bearer ${server.token}`, ...headers },
    body: typeof message === "string" ? message : JSON.stringify(message),
  });
  const text = await response.text();
  const data = text.startsWith("event:")
    ? (text.split("\n").find((line) => line.startsWith("data: {")) ?? "").slice(6)
    : text;
  return {
    status: response.status,
    headers: response.headers,
    body: (data === "" ? {} : JSON.parse(data)) as RpcAnswer["body"],
  };
}

/** Starts a session of 2025-11-25 and gives the headers that its requests carry. */
export async function initialize(server: { readonly url: string; readonly token: string }, url = server.url) {
  const answer = await post(
    server,
    {
      jsonrpc: "2.0",
      id: 0,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test-client", version: "1" } },
    },
    {},
    url,
  );
  const session = answer.headers.get("mcp-session-id") ?? "";
  const headers = { "mcp-session-id": session, "mcp-protocol-version": "2025-11-25" };
  await post(server, { jsonrpc: "2.0", method: "notifications/initialized" }, headers, url);
  return { answer, headers };
}

export function toolCall(name: string, args: unknown, id: number | string = 1) {
  return { jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: args } };
}
