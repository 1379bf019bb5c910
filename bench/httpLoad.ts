/** The load of bench/mcp.ts: forked by it, so that the load generator never shares a thread with what it measures. */
import { connect, type Socket } from "node:net";

export interface LoadRequest {
  readonly url: string;
  readonly token: string;
  readonly tool: string;
  /** Asked in turn, each once; empty: the tool takes no argument. */
  readonly queries: readonly string[];
  readonly clients: number;
  readonly seconds: number;
  readonly era: "session" | "sessionless" | "modern";
}
export interface LoadResult {
  readonly calls: number;
  readonly errors: number;
  readonly ms: number;
  readonly latencies: readonly number[];
}

const MODERN = "2026-07-28";

/**
 * One client with one kept connection, written on the socket itself: Node's own HTTP client takes longer for a request than the server,
 * and on two cores the load generator must not be what is measured.
 */
class Client {
  readonly #socket: Socket;
  readonly #head: string;
  #session = "";
  #received = "";
  #answered: ((answer: string) => void) | undefined;

  constructor(socket: Socket, load: LoadRequest) {
    this.#socket = socket;
    const { host, pathname } = new URL(load.url);
    const modern = load.era === "modern" ? `mcp-method: tools/call\r\nmcp-name: ${load.tool}\r\n` : "";
    this.#head =
      `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${load.token}\r\ncontent-type: application/json\r\n` +
      `accept: application/json, text/event-stream\r\nmcp-protocol-version: ${load.era === "modern" ? MODERN : "2025-11-25"}\r\n${modern}`;
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    socket.on("data", (text) => this.#take(String(text)));
  }

  useSession(answer: string): void {
    this.#session = `mcp-session-id: ${/^mcp-session-id: (\S+)/imu.exec(answer)?.[1] ?? ""}\r\n`;
  }

  /** Head and body of the answer, as they came. */
  post(body: string): Promise<string> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#socket.write(`${this.#head}${this.#session}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  #take(text: string): void {
    this.#received += text;
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = /^content-length: (\d+)/imu.exec(this.#received.slice(0, end))?.[1];
    const whole =
      length === undefined
        ? this.#received.endsWith("\r\n0\r\n\r\n")
        : this.#received.length >= end + 4 + Number(length);
    if (!whole) return;
    const answer = this.#received;
    this.#received = "";
    this.#answered?.(answer);
  }
}

async function runClient(
  load: LoadRequest,
  take: () => string | undefined,
  until: number,
  latencies: number[],
): Promise<number> {
  const url = new URL(load.url);
  const socket = connect(Number(url.port), url.hostname);
  const client = new Client(socket, load);
  const clientInfo = { name: "load", version: "1" };
  if (load.era === "session") {
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
    client.useSession(await client.post(JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params })));
  }
  const envelope = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": clientInfo,
  };
  let errors = 0;
  for (let id = 1; performance.now() < until; id++) {
    const query = load.queries.length === 0 ? undefined : take();
    if (load.queries.length > 0 && query === undefined) break;
    const params = {
      name: load.tool,
      arguments: query === undefined ? {} : { query },
      ...(load.era === "modern" ? { _meta: envelope } : {}),
    };
    const body = JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params });
    const started = performance.now();
    const answer = await client.post(body);
    latencies.push(performance.now() - started);
    if (!answer.startsWith("HTTP/1.1 200") || !answer.includes(`"id":${id}`) || answer.includes('"isError":true'))
      errors++;
  }
  socket.destroy();
  return errors;
}

process.on("message", (message) => {
  const load = message as LoadRequest;
  const latencies: number[] = [];
  let next = 0;
  const started = performance.now();
  const until = started + load.seconds * 1000;
  const clients = Array.from({ length: load.clients }, () =>
    runClient(load, () => load.queries[next++], until, latencies),
  );
  void Promise.all(clients).then((errors) => {
    const ms = performance.now() - started;
    const result: LoadResult = {
      calls: latencies.length,
      errors: errors.reduce((sum, count) => sum + count, 0),
      ms,
      latencies,
    };
    process.send?.(result);
  });
});
