/** The one place that names the MCP SDK: what Heirloom uses of it. */
import { CLIENT_INFO_META_KEY, Server, type ServerContext, type ServerOptions } from "@modelcontextprotocol/server";

export {
  type AuthInfo,
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  createMcpHandler,
  type GetPromptResult,
  isInitializeRequest,
  isJsonContentType,
  isJSONRPCNotification,
  isJSONRPCRequest,
  type JSONRPCMessage,
  type JSONRPCNotification,
  type JSONRPCRequest,
  type JSONRPCResponse,
  type McpHttpHandler,
  type MessageClassification,
  type MessageExtraInfo,
  PerRequestHTTPServerTransport,
  type Prompt,
  PROTOCOL_VERSION_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  type RequestId,
  type Resource,
  ResourceNotFoundError,
  type ServerContext,
  SUPPORTED_PROTOCOL_VERSIONS,
  type Tool,
  type Transport,
  type TransportSendOptions,
} from "@modelcontextprotocol/server";
export { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
export {
  type NodeIncomingMessageLike,
  NodeStreamableHTTPServerTransport,
  toNodeHandler,
} from "@modelcontextprotocol/node";

/** The revision whose requests each carry their own envelope; the SDK keeps its list of them to itself. */
export const MODERN_PROTOCOL_VERSION = "2026-07-28";

/* eslint-disable @typescript-eslint/no-deprecated --
   `Server` is marked so only to steer towards McpServer, whose handlers cannot be made to answer as the public contract says:
   it reports an unknown tool and invalid arguments in its own way, and parses every result again. */
export type ProtocolServer = Server;

export function createProtocolServer(
  info: { name: string; title: string; version: string },
  options: ServerOptions,
): Server {
  return new Server(info, { ...options, jsonSchemaValidator: NO_VALIDATOR });
}

/** The name of the client program: each request of 2026-07-28 says it, of 2025-11-25 only `initialize` does. */
export function clientName(server: Server, context: ServerContext): string | undefined {
  const envelope: Readonly<Record<string, unknown>> | undefined = context.mcpReq.envelope;
  const client = envelope === undefined ? server.getClientVersion() : envelope[CLIENT_INFO_META_KEY];
  const name = typeof client === "object" && client !== null && "name" in client ? client.name : undefined;
  return typeof name === "string" ? name : undefined;
}
/** Tells a client that asked for log messages; one of 2026-07-28 asks with each request. */
export async function logToClient(context: ServerContext, level: "error" | "warning", text: string): Promise<void> {
  await context.mcpReq.log(level, text, "heirloom");
}
/* eslint-enable @typescript-eslint/no-deprecated */

/** The SDK wants a validator for elicitation, which Heirloom never asks for; its default would build one for each server. */
const NO_VALIDATOR: NonNullable<ServerOptions["jsonSchemaValidator"]> = {
  getValidator: () => {
    throw new Error("Nothing is elicited, so there is nothing to validate");
  },
};
