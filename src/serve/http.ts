import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EngineApi } from "../contract/engineApi.ts";
import { HeirloomError, toErrorShape } from "../contract/errors.ts";
import type { Clock } from "../engine/ports.ts";
import { sendJson, sendRpcError } from "./httpAnswers.ts";
import { McpEndpoint, type McpRequest } from "./mcpEndpoint.ts";
import { isJsonContentType, ProtocolErrorCode } from "./mcpSdk.ts";
import { createMcpServerFactory, type McpServerOptions } from "./mcpServer.ts";
import { readJsonBody } from "./requestBody.ts";
import { createRequestGuard } from "./requestGuards.ts";
import { Sessions } from "./sessions.ts";
import { parseProfiles } from "./toolSchemas.ts";

export interface HttpOptions extends McpServerOptions {
  readonly clock: Clock;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default: 32 random bytes. There is no way to serve without one. */
  readonly token?: string;
  /** Answers the writes and questions that other Heirloom processes send. */
  readonly onPeer?: (operation: string, body: unknown) => Promise<unknown>;
  /**
   * The folder that `?workspace=` may mean, as requests then name it; undefined: it may not be asked about. Without this there is only one
   * folder, and nobody may name another.
   */
  readonly admitWorkspace?: (path: string) => Promise<string | undefined>;
  readonly bounds?: Partial<HttpBounds>;
}

/** What one client, or a hostile one, can take of the server. */
export interface HttpBounds {
  /** More than a memory of 1 MB whose every byte is escaped as \u00XX, so that a content that is too large is told so by the tool. */
  readonly maxBodyBytes: number;
  readonly maxPeerBodyBytes: number;
  readonly maxConnections: number;
  readonly maxSessions: number;
  readonly sessionIdleMs: number;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** How long `close` waits for what runs. */
  readonly shutdownMs: number;
}

const DEFAULT_BOUNDS: HttpBounds = {
  maxBodyBytes: 8 * 1_048_576,
  maxPeerBodyBytes: 64 * 1_048_576,
  maxConnections: 512,
  maxSessions: 1000,
  sessionIdleMs: 3_600_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  shutdownMs: 2_000,
};

/** A socket on which nothing moves for so long is dropped: event streams send a comment every 15 s. */
const SOCKET_IDLE_MS = 300_000;
const SWEEP_MS = 60_000;

export interface HttpServer {
  /** The MCP endpoint itself. */
  readonly url: string;
  readonly token: string;
  /** Refuses what is new, finishes what runs, at most 2 s, and closes. */
  close(): Promise<void>;
}

/** Serves MCP at /mcp (`?profile=core,code`, `?workspace=/absolute/path`) and other Heirloom processes at /peer, on 127.0.0.1 only. */
export async function serveHttp(engine: EngineApi, options: HttpOptions): Promise<HttpServer> {
  const listener = new HttpListener(engine, options);
  return listener.listen(options.port ?? 0);
}

class HttpListener {
  readonly #engine: EngineApi;
  readonly #options: HttpOptions;
  readonly #bounds: HttpBounds;
  readonly #token: string;
  readonly #server: Server;
  readonly #guard: ReturnType<typeof createRequestGuard>;
  readonly #sessions: Sessions;
  /** By the text of `?profile=`. There are few sets of profiles, but many ways to write them: see `#endpoint`. */
  readonly #endpoints = new Map<string, McpEndpoint>();
  readonly #processTag = randomBytes(3).toString("hex");
  #port = 0;
  #requests = 0;
  #running = 0;
  #whenIdle: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(engine: EngineApi, options: HttpOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#bounds = { ...DEFAULT_BOUNDS, ...options.bounds };
    this.#token = options.token ?? randomBytes(32).toString("base64url");
    this.#guard = createRequestGuard(this.#token, () => this.#port);
    this.#sessions = new Sessions(options.clock, this.#bounds.maxSessions, this.#bounds.sessionIdleMs);
    const { headersTimeoutMs, requestTimeoutMs, maxConnections } = this.#bounds;
    this.#server = createServer(
      {
        headersTimeout: headersTimeoutMs,
        requestTimeout: requestTimeoutMs,
        connectionsCheckingInterval: Math.min(5_000, headersTimeoutMs),
        keepAliveTimeout: 65_000,
      },
      (request, response) => this.#serve(request, response),
    );
    this.#server.maxConnections = maxConnections;
    this.#server.timeout = SOCKET_IDLE_MS;
    this.#server.maxHeadersCount = 100;
  }

  async listen(port: number): Promise<HttpServer> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", (error: NodeJS.ErrnoException) => reject(explainListenError(error, port)));
      this.#server.listen(port, "127.0.0.1", () => {
        this.#server.removeAllListeners("error");
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
    const sweep = setInterval(() => this.#sessions.expire(), SWEEP_MS);
    sweep.unref();
    return {
      url: `http://127.0.0.1:${this.#port}/mcp`,
      token: this.#token,
      close: () => (this.#closing ??= this.#close(sweep)),
    };
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const requestId = `${this.#processTag}-${(++this.#requests).toString(36)}`;
    const started = this.#options.clock.monotonic();
    const path = (request.url ?? "").split("?", 1)[0];
    this.#running++;
    let counted = true;
    const done = () => {
      if (!counted) return;
      counted = false;
      this.#running--;
      if (this.#running === 0) this.#whenIdle?.();
    };
    response.once("close", () => {
      done();
      this.#options.logger.log("debug", "HTTP request", {
        requestId,
        connection: connectionNumber(request),
        method: request.method,
        path,
        status: response.statusCode,
        ms: this.#options.clock.monotonic() - started,
      });
    });
    // An event stream stays open for hours: closing the server need not wait for it.
    if (request.method === "GET") done();
    this.#route(request, response, path, requestId).catch((error: unknown) => {
      this.#options.logger.log("error", "An HTTP request failed unexpectedly", { requestId, error: String(error) });
      sendRpcError(response, 500, ProtocolErrorCode.InternalError, "Internal error");
    });
  }

  async #route(
    request: IncomingMessage,
    response: ServerResponse,
    path: string | undefined,
    requestId: string,
  ): Promise<void> {
    const refusal = this.#guard(request);
    if (refusal !== undefined) {
      const challenge = refusal.status === 401 ? { "www-authenticate": 'Bearer realm="heirloom"' } : {};
      refuse(request, response, refusal.status, refusal.message, { ...challenge, connection: "close" });
    } else if (this.#closing !== undefined) {
      refuse(request, response, 503, "This server is closing", { connection: "close" });
    } else if (path === "/mcp") {
      await this.#mcp(request, response, requestId);
    } else if (path === "/peer" && this.#options.onPeer !== undefined) {
      await this.#peer(request, response, this.#options.onPeer);
    } else {
      refuse(request, response, 404, "There is nothing here; MCP is served at /mcp");
    }
  }

  async #mcp(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    const query = queryOf(request.url ?? "");
    const endpoint = this.#endpoint(query.get("profile"));
    if (endpoint === undefined) {
      refuse(request, response, 400, "profile is a list of core, code, lifecycle, admin, or all");
      return;
    }
    const asked = query.get("workspace");
    const workspace = asked === null ? undefined : await this.#options.admitWorkspace?.(asked);
    if (asked !== null && workspace === undefined) {
      refuse(
        request,
        response,
        400,
        "workspace is the absolute path of a folder that this server serves, or of one inside it",
      );
      return;
    }
    const connection = `connection-${connectionNumber(request)}`;
    const identified: McpRequest = Object.assign(request, {
      auth: { token: "", clientId: connection, scopes: [], extra: { requestId, workspace } },
    });
    if (request.method === "GET" || request.method === "DELETE") {
      await endpoint.stream(identified, response);
    } else if (request.method === "POST") {
      const body = await this.#body(request, response, this.#bounds.maxBodyBytes);
      if (body !== undefined) await endpoint.post(identified, response, body.value);
    } else {
      refuse(request, response, 405, "Use POST, GET or DELETE", { allow: "POST, GET, DELETE" });
    }
  }

  async #peer(
    request: IncomingMessage,
    response: ServerResponse,
    onPeer: (operation: string, body: unknown) => Promise<unknown>,
  ): Promise<void> {
    if (request.method !== "POST") {
      refuse(request, response, 405, "Use POST", { allow: "POST" });
      return;
    }
    const body = await this.#body(request, response, this.#bounds.maxPeerBodyBytes);
    if (body === undefined) return;
    const call = body.value as { readonly operation?: unknown; readonly body?: unknown } | null;
    if (typeof call?.operation !== "string") {
      refuse(request, response, 400, "A peer sends {operation, body}");
      return;
    }
    try {
      sendJson(response, 200, { result: (await onPeer(call.operation, call.body)) ?? null });
    } catch (error) {
      sendJson(response, 200, { error: toErrorShape(error) });
    }
  }

  /** The parsed body; undefined when the request has been answered because it has none that can be used. */
  async #body(
    request: IncomingMessage,
    response: ServerResponse,
    maxBytes: number,
  ): Promise<{ readonly value: unknown } | undefined> {
    if (!isJsonContentType(request.headers["content-type"])) {
      refuse(request, response, 415, "Send the body as Content-Type: application/json");
      return undefined;
    }
    const body = await readJsonBody(request, maxBytes);
    switch (body.kind) {
      case "json":
        return body;
      case "too-large":
        refuse(request, response, 413, `The body is larger than ${maxBytes} bytes`, { connection: "close" });
        return undefined;
      case "bad-json":
        sendRpcError(response, 400, ProtocolErrorCode.ParseError, body.message);
        return undefined;
      case "aborted":
        response.destroy();
        return undefined;
    }
  }

  #endpoint(text: string | null): McpEndpoint | undefined {
    const profiles = text === null ? this.#options.profiles : parseProfiles(text);
    if (profiles === undefined) return undefined;
    const key = profiles.join(",");
    const known = this.#endpoints.get(key);
    if (known !== undefined) return known;
    const { clock, logger } = this.#options;
    const factory = createMcpServerFactory(this.#engine, { ...this.#options, profiles });
    const { maxBodyBytes } = this.#bounds;
    const endpoint = new McpEndpoint({ factory, sessions: this.#sessions, maxBodyBytes, clock, logger });
    this.#endpoints.set(key, endpoint);
    return endpoint;
  }

  async #close(sweep: NodeJS.Timeout): Promise<void> {
    clearInterval(sweep);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    if (this.#running > 0) {
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, this.#bounds.shutdownMs)));
      await Promise.race([new Promise<void>((resolve) => (this.#whenIdle = resolve)), timeout]);
      clearTimeout(timer);
    }
    this.#sessions.endAll();
    await Promise.all([...this.#endpoints.values()].map((endpoint) => endpoint.close()));
    this.#server.closeAllConnections();
    await closed;
  }
}

function queryOf(url: string): URLSearchParams {
  const start = url.indexOf("?");
  return start < 0 ? NO_QUERY : new URLSearchParams(url.slice(start + 1));
}
const NO_QUERY = new URLSearchParams();

function explainListenError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== "EADDRINUSE" && error.code !== "EACCES") return error;
  const why = error.code === "EADDRINUSE" ? "is in use" : "may not be used by you";
  return new HeirloomError("INVALID_INPUT", `Port ${port} ${why}: name another one, or none for any free port.`);
}

const SERVER_ERROR = -32_000;

/** Answers without having read the body; what is left of it is thrown away, so that the answer can be read. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendRpcError(response, status, SERVER_ERROR, message, null, headers);
  request.resume();
}

const connections = new WeakMap<object, number>();
let lastConnection = 0;

function connectionNumber(request: IncomingMessage): number {
  const known = connections.get(request.socket);
  if (known !== undefined) return known;
  connections.set(request.socket, ++lastConnection);
  return lastConnection;
}
