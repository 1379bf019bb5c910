import { type ErrorShape, HeirloomError } from "../contract/errors.ts";
import type { PeerAddress } from "../engine/ports.ts";

/** How long the owner of a store may take to answer. A stopped process accepts connections, but never answers. */
const DEFAULT_TIMEOUT_MS = 10_000;

// Not imported: an import reads every export of the module, and one of Node 24's loads a WebSocket client, which an agent's hook would wait for.
const { Agent, request: httpRequest } = process.getBuiltinModule("node:http");
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
  const payload = Buffer.from(JSON.stringify({ operation, body }), "utf8");
  const { status, text } = await post(address, payload, options.timeoutMs ?? DEFAULT_TIMEOUT_MS, true);
  const answer = parseAnswer(text);
  if (status !== 200 || answer === undefined) {
    throw unreachable(`answered with HTTP ${status}`, { status, operation });
  }
  if ("error" in answer) throw new HeirloomError(answer.error.code, answer.error.message, answer.error.details);
  return answer.result;
}

type PeerAnswer = { readonly result: unknown } | { readonly error: ErrorShape };

function parseAnswer(text: string): PeerAnswer | undefined {
  try {
    const answer = JSON.parse(text) as Partial<Record<"result" | "error", unknown>> | null;
    if (typeof answer !== "object" || answer === null) return undefined;
    return "result" in answer || isErrorShape(answer.error) ? (answer as PeerAnswer) : undefined;
  } catch {
    return undefined;
  }
}

function isErrorShape(value: unknown): boolean {
  return typeof value === "object" && value !== null && "code" in value && "message" in value;
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
      response.once("error", (error) => reject(failed(error, timeoutMs)));
    });
    call.once("error", (error: NodeJS.ErrnoException) => {
      // A kept connection that the owner has just closed: the request never reached it, so that sending it again is safe.
      if (mayRetry && call.reusedSocket && error.code === "ECONNRESET") {
        post(address, payload, timeoutMs, false).then(resolve, reject);
        return;
      }
      reject(failed(error, timeoutMs));
    });
    call.end(payload);
  });
}

function failed(error: NodeJS.ErrnoException, timeoutMs: number): HeirloomError {
  if (error.name === "AbortError" || error.name === "TimeoutError")
    return unreachable(`did not answer within ${timeoutMs} ms`, { cause: "ETIMEDOUT" });
  return unreachable(error.message, error.code === undefined ? {} : { cause: error.code });
}

function unreachable(why: string, details: Readonly<Record<string, unknown>> = {}): HeirloomError {
  return new HeirloomError(
    "OWNER_UNREACHABLE",
    `The Heirloom process that owns this store ${why}. Reading goes on; try writing again, or end that process.`,
    details,
  );
}
