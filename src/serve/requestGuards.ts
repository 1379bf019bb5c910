import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** A request that is refused before its body is read. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

/**
 * Who may talk to a loopback server: whoever has the token, calls it by a loopback name and is no page of another origin. A page that
 * rebinds its own name to 127.0.0.1 fails the second, one that simply posts here the third.
 */
export function createRequestGuard(
  token: string,
  port: () => number,
): (request: IncomingMessage) => Refusal | undefined {
  const expected = digest(`Bearer ${token}`);
  return ({ headers }) => {
    if (!isOwnHost(headers.host, port()))
      return { status: 403, message: "The Host header names no loopback address of this server" };
    if (headers.origin !== undefined && !isLoopbackOrigin(headers.origin)) {
      return { status: 403, message: "Pages of other origins may not call this server" };
    }
    if (!timingSafeEqual(digest(bearer(headers.authorization)), expected)) {
      return { status: 401, message: "Send the token of this server as: Authorization: Bearer TOKEN" };
    }
    return undefined;
  };
}

/** Compared as digests: they have one length, whatever was sent. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** The scheme's name may be in any case. */
function bearer(authorization: string | undefined): string {
  return (authorization ?? "").replace(/^bearer +/iu, "Bearer ");
}

function isOwnHost(host: string | undefined, port: number): boolean {
  if (host === undefined) return false;
  const name = host.toLowerCase();
  return name === `127.0.0.1:${port}` || name === `localhost:${port}` || name === `[::1]:${port}`;
}

const LOOPBACK_ORIGIN = /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/iu;

function isLoopbackOrigin(origin: string): boolean {
  return LOOPBACK_ORIGIN.test(origin);
}
