import { type ErrorShape, HeirloomError } from "../contract/errors.ts";

/** The body of a request to another Heirloom process. */
export const peerCall = (operation: string, body: unknown): Buffer =>
  Buffer.from(JSON.stringify({ operation, body }), "utf8");

/** What that process answered. Throws the HeirloomError that it answered, and OWNER_UNREACHABLE for what is no answer of one. */
export function readPeerAnswer(operation: string, status: number, text: string): unknown {
  const answer = parseAnswer(text);
  if (status !== 200 || answer === undefined) throw unreachable(`answered with HTTP ${status}`, { status, operation });
  if ("error" in answer) throw new HeirloomError(answer.error.code, answer.error.message, answer.error.details);
  return answer.result;
}

/** OWNER_UNREACHABLE, with the system's code as `cause`: ETIMEDOUT for one that did not answer in time. */
export function peerFailure(error: NodeJS.ErrnoException, timeoutMs: number): HeirloomError {
  if (error.name === "AbortError" || error.name === "TimeoutError")
    return unreachable(`did not answer within ${timeoutMs} ms`, { cause: "ETIMEDOUT" });
  return unreachable(error.message, error.code === undefined ? {} : { cause: error.code });
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

function unreachable(why: string, details: Readonly<Record<string, unknown>> = {}): HeirloomError {
  return new HeirloomError(
    "OWNER_UNREACHABLE",
    `The Heirloom process that owns this store ${why}. Reading goes on; try writing again, or end that process.`,
    details,
  );
}
