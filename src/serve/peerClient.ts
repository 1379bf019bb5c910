import { Agent, request as httpRequest } from "node:http";
import type { PeerAddress } from "../engine/ports.ts";
import { peerCall, peerFailure, readPeerAnswer } from "./peerMessage.ts";

/** How long the owner of a store may take to answer. A stopped process accepts connections, but never answers. */
const DEFAULT_TIMEOUT_MS = 10_000;

const agent = new Agent({ keepAlive: true, maxSockets: 32, maxFreeSockets: 4, timeout: 60_000 });

/**
 * Sends one request to the Heirloom process at `address` and gives its answer. Throws what it answered as the HeirloomError that it was,
 * and OWNER_UNREACHABLE when it cannot be reached, does not answer in time or does not accept the token.
 */
export async function callPeer(
  address: PeerAddress,
  operation: string,
  body: unknown,
  options: { readonly timeoutMs?: number } = {},
): Promise<unknown> {
  const { status, text } = await post(
    address,
    peerCall(operation, body),
    options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    true,
  );
  return readPeerAnswer(operation, status, text);
}

function post(
  address: PeerAddress,
  payload: Buffer,
  timeoutMs: number,
  mayRetry: boolean,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(new URL("/peer", address.url), {
      method: "POST",
      agent,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        authorization: `Bearer ${address.token}`,
        "content-type": "application/json",
        "content-length": payload.length,
      },
    });
    call.once("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
      );
      response.once("error", (error) => reject(peerFailure(error, timeoutMs)));
    });
    call.once("error", (error: NodeJS.ErrnoException) => {
      // A kept connection that the owner has just closed: the request never reached it, so that sending it again is safe.
      if (mayRetry && call.reusedSocket && error.code === "ECONNRESET") {
        post(address, payload, timeoutMs, false).then(resolve, reject);
        return;
      }
      reject(peerFailure(error, timeoutMs));
    });
    call.end(payload);
  });
}
