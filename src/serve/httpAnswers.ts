import type { OutgoingHttpHeaders, ServerResponse } from "node:http";

/** Sends a whole JSON body; nothing when the client is gone or was answered already. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: OutgoingHttpHeaders = {},
): void {
  if (response.headersSent || response.destroyed) return;
  // As text, so that Node sends it in one write with the headers; a Buffer would go beside them.
  const body = JSON.stringify(value);
  response.writeHead(status, {
    ...headers,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** Sends a JSON-RPC error; `id` is that of the request where it could be read. */
export function sendRpcError(
  response: ServerResponse,
  status: number,
  code: number,
  message: string,
  id: string | number | null = null,
  headers: OutgoingHttpHeaders = {},
): void {
  sendJson(response, status, { jsonrpc: "2.0", error: { code, message }, id }, headers);
}
