import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock, Logger } from "../engine/ports.ts";
import type { McpServerFactory } from "./mcpServer.ts";
import {
  type AuthInfo,
  CLIENT_CAPABILITIES_META_KEY,
  createMcpHandler,
  isJSONRPCNotification,
  isJSONRPCRequest,
  type JSONRPCRequest,
  MODERN_PROTOCOL_VERSION,
  type NodeIncomingMessageLike,
  NodeStreamableHTTPServerTransport,
  PROTOCOL_VERSION_META_KEY,
  ProtocolErrorCode,
  SUPPORTED_PROTOCOL_VERSIONS,
  toNodeHandler,
} from "./mcpSdk.ts";
import type { Answered } from "./exchanges.ts";
import { sendJson, sendRpcError } from "./httpAnswers.ts";
import type { Sessions } from "./sessions.ts";
import { SessionTransport } from "./sessionTransport.ts";
import { SharedTransport } from "./sharedTransport.ts";

export interface McpEndpointOptions {
  readonly factory: McpServerFactory;
  readonly sessions: Sessions;
  readonly maxBodyBytes: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

export type McpRequest = IncomingMessage & { auth: AuthInfo };

/**
 * The MCP endpoint of one set of profiles, for clients of 2025-11-25 (sessions) and of 2026-07-28 (every request stands for itself). The
 * plain request that makes up nearly all traffic goes straight to a connected server; everything else is the SDK's.
 */
export class McpEndpoint {
  readonly #options: McpEndpointOptions;
  readonly #standing: ReturnType<typeof toNodeHandler>;
  readonly #closeStanding: () => Promise<void>;
  readonly #modern: Promise<SharedTransport>;
  readonly #sessionless: Promise<SharedTransport>;

  constructor(options: McpEndpointOptions) {
    this.#options = options;
    const report = (error: Error) => options.logger.log("debug", "Protocol error", { error: error.message });
    const handler = createMcpHandler(options.factory, { maxRequestBodySize: options.maxBodyBytes, onerror: report });
    this.#standing = toNodeHandler(handler, { maxRequestBodySize: options.maxBodyBytes, onerror: report });
    this.#closeStanding = () => handler.close();
    this.#modern = this.#connectShared("modern");
    this.#sessionless = this.#connectShared("legacy");
  }

  /** A POST whose body is JSON. */
  async post(request: McpRequest, response: ServerResponse, body: unknown): Promise<void> {
    const sessionId = request.headers["mcp-session-id"];
    if (isModern(request, body)) return this.#postModern(request, response, body);
    if (typeof sessionId === "string") return this.#postInSession(sessionId, request, response, body);
    if (isRecord(body) && body["method"] === "initialize") return this.#startSession(request, response, body);
    return this.#postSessionless(request, response, body);
  }

  /** GET opens a session's stream of events, DELETE ends the session. */
  async stream(request: McpRequest, response: ServerResponse): Promise<void> {
    const id = request.headers["mcp-session-id"];
    if (typeof id !== "string") {
      sendRpcError(response, 400, SERVER_ERROR, `${request.method ?? ""} needs the Mcp-Session-Id header of a session`);
      return;
    }
    await this.#inSession(id, response, (transport) => transport.streams.handleRequest(request, response));
  }

  async close(): Promise<void> {
    const shared = await Promise.all([this.#modern, this.#sessionless]);
    await Promise.all([this.#closeStanding(), ...shared.map((transport) => transport.close())]);
  }

  async #connectShared(era: "legacy" | "modern"): Promise<SharedTransport> {
    const transport = new SharedTransport(era);
    await this.#options.factory({ era, direct: true }).connect(transport);
    return transport;
  }

  async #startSession(request: McpRequest, response: ServerResponse, body: unknown): Promise<void> {
    const { sessions } = this.#options;
    const streams: NodeStreamableHTTPServerTransport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse: true,
      maxRequestBodySize: this.#options.maxBodyBytes,
      onsessioninitialized: (id): void => sessions.add(id, transport),
      onsessionclosed: (id): void => sessions.end(id),
    });
    const transport: SessionTransport = new SessionTransport(streams);
    await this.#options.factory({ era: "legacy", direct: true }).connect(transport);
    await streams.handleRequest(request, response, body);
    // What was no proper initialize has started no session, and nobody could ever reach this server.
    if (streams.sessionId === undefined) await transport.close();
  }

  async #postInSession(id: string, request: McpRequest, response: ServerResponse, body: unknown): Promise<void> {
    await this.#inSession(id, response, async (transport) => {
      if (!acceptsAnswers(request) || !namesKnownVersion(request)) {
        return transport.streams.handleRequest(request, response, body);
      }
      if (isPlainRequest(body)) {
        if (transport.isRunning(body)) {
          sendRpcError(
            response,
            400,
            ProtocolErrorCode.InvalidRequest,
            "A request with this id is still running",
            body.id,
          );
          return;
        }
        sendAnswer(response, await transport.request(body, request.auth), id);
      } else if (isJSONRPCNotification(body)) {
        transport.notify(body, request.auth);
        response.writeHead(202).end();
      } else {
        await transport.streams.handleRequest(request, response, body);
      }
    });
  }

  async #inSession(
    id: string,
    response: ServerResponse,
    serve: (transport: SessionTransport) => Promise<void>,
  ): Promise<void> {
    const used = this.#options.sessions.use(id);
    if (used === undefined) {
      sendRpcError(
        response,
        404,
        SESSION_NOT_FOUND,
        "There is no such session, or it has expired: initialize a new one",
      );
      return;
    }
    // An event stream stays open after the handler has returned.
    response.once("close", used.release);
    await serve(used.transport);
  }

  async #postSessionless(request: McpRequest, response: ServerResponse, body: unknown): Promise<void> {
    if (!acceptsAnswers(request) || !namesKnownVersion(request) || !isPlainRequest(body)) {
      return this.#standing(request as NodeIncomingMessageLike, response, body);
    }
    sendAnswer(response, await (await this.#sessionless).request(body, request.auth).answer);
  }

  async #postModern(request: McpRequest, response: ServerResponse, body: unknown): Promise<void> {
    if (!isPlainRequest(body) || !isPlainModernCall(request, body))
      return this.#standing(request as NodeIncomingMessageLike, response, body);
    const { answer, cancel } = (await this.#modern).request(body, request.auth);
    // This revision has no other way to cancel than to hang up.
    response.once("close", cancel);
    sendAnswer(response, await answer);
  }
}

const SERVER_ERROR = -32_000;
const SESSION_NOT_FOUND = -32_001;

function sendAnswer(response: ServerResponse, answer: Answered, sessionId?: string): void {
  if (answer === "cancelled") {
    // In the protocol's terms nobody waits for it any more; HTTP still wants an end.
    if (!response.headersSent) response.writeHead(202).end();
  } else if (answer === "closed") {
    sendRpcError(response, 503, SERVER_ERROR, "The session or the server ended before this request was finished");
  } else {
    sendJson(response, 200, answer, sessionId === undefined ? {} : { "mcp-session-id": sessionId });
  }
}

function isModern(request: IncomingMessage, body: unknown): boolean {
  const version = request.headers["mcp-protocol-version"];
  if (typeof version === "string" && version >= MODERN_PROTOCOL_VERSION) return true;
  const meta = isRecord(body) && isRecord(body["params"]) ? body["params"]["_meta"] : undefined;
  return isRecord(meta) && PROTOCOL_VERSION_META_KEY in meta;
}

/** A request of which the SDK's own checks leave no doubt, so that a server certainly answers it. */
function isPlainRequest(body: unknown): body is JSONRPCRequest {
  return isRecord(body) && !("result" in body) && !("error" in body) && isJSONRPCRequest(body);
}

/** A tools/call whose headers and envelope say the same in the simplest way; where they do not, the SDK finds what is wrong. */
function isPlainModernCall(request: IncomingMessage, { method, params }: JSONRPCRequest): boolean {
  const meta: unknown = params?.["_meta"];
  return (
    method === "tools/call" &&
    acceptsAnswers(request) &&
    request.headers["mcp-method"] === method &&
    request.headers["mcp-name"] === params?.["name"] &&
    request.headers["mcp-protocol-version"] === MODERN_PROTOCOL_VERSION &&
    isRecord(meta) &&
    meta[PROTOCOL_VERSION_META_KEY] === MODERN_PROTOCOL_VERSION &&
    isRecord(meta[CLIENT_CAPABILITIES_META_KEY])
  );
}

function acceptsAnswers(request: IncomingMessage): boolean {
  const accept = request.headers.accept;
  return accept !== undefined && accept.includes("application/json") && accept.includes("text/event-stream");
}

function namesKnownVersion(request: IncomingMessage): boolean {
  const version = request.headers["mcp-protocol-version"];
  return version === undefined || (typeof version === "string" && SUPPORTED_PROTOCOL_VERSIONS.includes(version));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
