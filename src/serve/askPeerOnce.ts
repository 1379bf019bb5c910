import type { PeerAddress } from "../engine/ports.ts";
import { peerCall, peerFailure, readPeerAnswer } from "./peerMessage.ts";

// Not imported: an import reads every export of the module, and some of them load more.
const { connect } = process.getBuiltinModule("node:net");

/**
 * What `callPeer` does, for a process that asks once and ends, as an agent's hook does: loading node:http takes seven of its milliseconds, so one
 * request is written here, over a connection that the other side closes after its answer (RFC 9112).
 */
export async function askPeerOnce(
  address: PeerAddress,
  operation: string,
  body: unknown,
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<unknown> {
  const { host, hostname, port } = new URL(address.url);
  const payload = peerCall(operation, body);
  const head = [
    "POST /peer HTTP/1.1",
    `host: ${host}`,
    "connection: close",
    `authorization: Bearer ${address.token}`,
    "content-type: application/json",
    `content-length: ${payload.length}`,
  ];
  const request = Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), payload]);
  const { status, text } = await exchange(hostname, Number(port), request, timeoutMs);
  return readPeerAnswer(operation, status, text);
}

interface Response {
  readonly status: number;
  readonly text: string;
}

function exchange(host: string, port: number, request: Buffer, timeoutMs: number): Promise<Response> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const fail = (error: NodeJS.ErrnoException): void => reject(peerFailure(error, timeoutMs));
    const socket = connect({ host, port, noDelay: true });
    const late = Object.assign(new Error(), { name: "TimeoutError" });
    const timer = setTimeout(() => socket.destroy(late), timeoutMs);
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const response = readResponse(received);
      if (response === undefined) return;
      resolve(response);
      socket.destroy();
    });
    socket.once("error", fail);
    socket.once("close", () => {
      clearTimeout(timer);
      fail(new Error("closed the connection before it had answered"));
    });
    socket.write(request);
  });
}

/** Undefined until all of it has come. Our own servers say how long an answer is; one of no length comes to nothing. */
function readResponse(bytes: Buffer): Response | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = bytes.toString("latin1", 0, end);
  const status = Number(/^HTTP\/1\.1 (\d{3})\b/u.exec(head)?.[1] ?? 0);
  const length = Number(/\r\ncontent-length: *(\d+)/iu.exec(head)?.[1]);
  const body = bytes.subarray(end + 4);
  return body.length >= length ? { status, text: body.toString("utf8", 0, length) } : undefined;
}
