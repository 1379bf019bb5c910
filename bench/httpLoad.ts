/** The load of bench/http.ts: forked by it, so that the load generator never shares a thread with what it measures. */
import { Agent, request as httpRequest, type OutgoingHttpHeaders } from "node:http";

export interface LoadRequest {
  readonly url: string;
  readonly token: string;
  readonly tool: string;
  readonly clients: number;
  readonly seconds: number;
  readonly era: "session" | "sessionless" | "modern";
}
export interface LoadResult {
  readonly calls: number;
  readonly errors: number;
  readonly ms: number;
  readonly p50: number;
  readonly p95: number;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

function post(agent: Agent, url: URL, headers: OutgoingHttpHeaders, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(
      url,
      { method: "POST", agent, headers: { ...headers, "content-length": Buffer.byteLength(body) } },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.once("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    call.once("error", reject);
    call.end(body);
  });
}

const MODERN = "2026-07-28";
let queries = 0;

const WORDS =
  "cache token journal branch commit parser index memory worker socket retry queue schema filter budget scope anchor".split(
    " ",
  );

/** 3 to 8 known words, drawn with the number as seed. A word that nothing holds would measure the fuzzy fallback instead. */
function distinctQuery(number: number): string {
  let state = Math.imul(number + 1, 0x9e3779b1) >>> 0;
  return Array.from({ length: 3 + (number % 6) }, () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0;
    return WORDS[state % WORDS.length];
  }).join(" ");
}

async function client(load: LoadRequest, until: number, latencies: number[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const url = new URL(load.url);
  const headers: OutgoingHttpHeaders = {
    authorization: `Bearer ${load.token}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": load.era === "modern" ? MODERN : "2025-11-25",
  };
  if (load.era === "modern") Object.assign(headers, { "mcp-method": "tools/call", "mcp-name": load.tool });
  const meta =
    load.era === "modern"
      ? {
          _meta: {
            "io.modelcontextprotocol/protocolVersion": MODERN,
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": { name: "load", version: "1" },
          },
        }
      : {};
  if (load.era === "session") {
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "load", version: "1" } };
    const hello = await post(
      agent,
      url,
      headers,
      JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params }),
    );
    headers["mcp-session-id"] = String(hello.headers["mcp-session-id"]);
  }
  let errors = 0;
  for (let id = 1; performance.now() < until; id++) {
    const query = distinctQuery(queries++);
    const params = { name: load.tool, arguments: load.tool === "empty" ? {} : { query }, ...meta };
    const started = performance.now();
    const answer = await post(
      agent,
      url,
      headers,
      JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params }),
    );
    latencies.push(performance.now() - started);
    const body = JSON.parse(
      answer.text.startsWith("{") ? answer.text : answer.text.slice(answer.text.indexOf("data: ") + 6),
    ) as { id?: unknown; result?: { isError?: boolean } };
    if (answer.status !== 200 || body.id !== id || body.result === undefined || body.result.isError === true) errors++;
  }
  agent.destroy();
  return errors;
}

process.on("message", (message) => {
  const load = message as LoadRequest;
  const latencies: number[] = [];
  const started = performance.now();
  const until = started + load.seconds * 1000;
  void Promise.all(Array.from({ length: load.clients }, () => client(load, until, latencies))).then((errors) => {
    const ms = performance.now() - started;
    latencies.sort((a, b) => a - b);
    const at = (share: number) => Number((latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(3));
    process.send?.({
      calls: latencies.length,
      errors: errors.reduce((sum, count) => sum + count, 0),
      ms,
      p50: at(0.5),
      p95: at(0.95),
    } satisfies LoadResult);
  });
});
