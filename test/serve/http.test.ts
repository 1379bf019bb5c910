import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HeirloomError } from "../../src/contract/errors.ts";
import { TOOLS } from "../../src/contract/tools.ts";
import type { HttpOptions } from "../../src/serve/http.ts";
import { initialize, ManualClock, MCP_HEADERS, post, type Served, serveTwin, toolCall } from "../support/served.ts";

let server: Served;
async function serve(options: Partial<HttpOptions> = {}): Promise<void> {
  await server.close();
  server = await serveTwin(options);
}
beforeEach(async () => {
  server = await serveTwin();
});
afterEach(async () => {
  await server.close();
});

const bearer = () => ({ authorization: `Bearer ${server.token}` });

/** Sends bytes as they are and gives everything that comes back until the server closes. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1", () => socket.write(text));
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => (answer += chunk));
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}

describe("a session of 2025-11-25", () => {
  test("initializes, calls a tool with structured content and text, and ends with DELETE", async () => {
    const { answer, headers } = await initialize(server);
    expect(answer.body.result).toMatchObject({ protocolVersion: "2025-11-25", serverInfo: { name: "heirloom" } });
    const captured = await post(
      server,
      toolCall("capture-memory", { event_type: "note", content: "remember me" }),
      headers,
    );
    expect(captured.body.result?.structuredContent).toMatchObject({ id: "m1", outcome: "created" });
    expect(captured.headers.get("mcp-session-id")).toBe(headers["mcp-session-id"]);
    expect(server.engine.contexts.at(-1)).toMatchObject({
      sessionId: headers["mcp-session-id"],
      agent: "test-client",
    });
    const found = await post(server, toolCall("retrieve-memories", { query: "remember" }, "two"), headers);
    expect(found.body.id).toBe("two");
    expect(found.body.result?.structuredContent).toMatchObject({ memories: [{ content: "remember me" }] });
    expect(found.body.result?.content?.[0]?.text).toContain("remember me");
    const ended = await fetch(server.url, { method: "DELETE", headers: { ...headers, ...bearer() } });
    expect(ended.status).toBe(200);
    expect((await post(server, toolCall("health-check", {}), headers)).status).toBe(404);
  });

  test("opens one event stream, which closes with the session", async () => {
    const { headers } = await initialize(server);
    const open = () => fetch(server.url, { headers: { ...headers, ...bearer(), accept: "text/event-stream" } });
    const stream = await open();
    expect(stream.status).toBe(200);
    expect(stream.headers.get("content-type")).toBe("text/event-stream");
    expect((await open()).status).toBe(409);
    await fetch(server.url, { method: "DELETE", headers: { ...headers, ...bearer() } });
    expect(await stream.text()).toBe("");
  });

  test("expires when nobody uses it, and not while its event stream is open", async () => {
    const clock = new ManualClock();
    await serve({ clock, bounds: { sessionIdleMs: 1000 } });
    const idle = await initialize(server);
    const streaming = await initialize(server);
    const leave = new AbortController();
    await fetch(server.url, {
      headers: { ...streaming.headers, ...bearer(), accept: "text/event-stream" },
      signal: leave.signal,
    });
    clock.at += 999;
    expect((await post(server, toolCall("health-check", {}), idle.headers)).status).toBe(200);
    clock.at += 1000;
    expect((await post(server, toolCall("health-check", {}), idle.headers)).status).toBe(404);
    expect((await post(server, toolCall("health-check", {}), streaming.headers)).status).toBe(200);
    leave.abort();
  });

  test("makes room for a new one by ending the one that was idle longest", async () => {
    await serve({ bounds: { maxSessions: 2 } });
    const [first, second] = [await initialize(server), await initialize(server)];
    await post(server, toolCall("health-check", {}), first.headers);
    const third = await initialize(server);
    const statuses = await Promise.all(
      [first, second, third].map(
        async ({ headers }) => (await post(server, toolCall("health-check", {}), headers)).status,
      ),
    );
    expect(statuses).toEqual([200, 404, 200]);
  });

  test("refuses a request whose id is still running, and answers the running one", async () => {
    const { headers } = await initialize(server);
    let release = () => {};
    server.engine.before = () => new Promise<void>((resolve) => (release = resolve));
    const running = post(server, toolCall("health-check", {}, 5), headers);
    await expect.poll(() => server.engine.contexts.length).toBe(1);
    const second = await post(server, toolCall("health-check", {}, 5), headers);
    expect(second).toMatchObject({ status: 400, body: { error: { code: -32600 }, id: 5 } });
    release();
    expect((await running).body.id).toBe(5);
  });

  test("stops a cancelled request", async () => {
    const { headers } = await initialize(server);
    server.engine.before = (_method, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(new Error("aborted")));
      });
    const running = post(server, toolCall("health-check", {}, 5), headers);
    await expect.poll(() => server.engine.contexts.length).toBe(1);
    await post(server, { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 5 } }, headers);
    expect(await running).toMatchObject({ status: 202, body: {} });
    expect(server.engine.contexts[0]?.signal?.aborted).toBe(true);
  });

  test("answers a batch in one list", async () => {
    const { headers } = await initialize(server);
    const answer = await post(server, [toolCall("health-check", {}, 1), toolCall("health-check", {}, 2)], headers);
    expect(answer.body).toMatchObject([{ id: 1 }, { id: 2 }]);
  });
});

describe("a request that stands for itself", () => {
  const envelope = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": { name: "modern-client", version: "1" },
  };
  const modern = (name: string, args: unknown, id: number | string = 1) => ({
    jsonrpc: "2.0",
    id,
    method: "tools/call",
    params: { name, arguments: args, _meta: envelope },
  });
  const modernHeaders = (name: string) => ({
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": "tools/call",
    "mcp-name": name,
  });

  test("of 2026-07-28 is answered as that revision says, and names its client", async () => {
    const answer = await post(server, modern("health-check", {}, "same"), modernHeaders("health-check"));
    expect(answer.body).toMatchObject({
      id: "same",
      result: { resultType: "complete", structuredContent: { status: "healthy" } },
    });
    expect(server.engine.contexts[0]).toMatchObject({ agent: "modern-client" });
  });

  test("of 2026-07-28 gets the same answer from our short way and from the SDK's own", async () => {
    const direct = await post(server, modern("health-check", {}), modernHeaders("health-check"));
    // A space that HTTP allows around the value is enough to send it the long way.
    const long = await post(server, modern("health-check", {}), {
      ...modernHeaders("health-check"),
      "mcp-name": "=?base64?aGVhbHRoLWNoZWNr?=",
    });
    expect(long.body).toEqual(direct.body);
    expect(long.status).toBe(direct.status);
  });

  test("of 2026-07-28 whose headers disagree with its body is refused", async () => {
    const answer = await post(server, modern("health-check", {}), modernHeaders("git-state"));
    expect(answer).toMatchObject({ status: 400, body: { error: { code: -32020 } } });
  });

  test("of 2026-07-28 with an unknown method is 404 and method-not-found", async () => {
    const answer = await post(
      server,
      { jsonrpc: "2.0", id: 1, method: "no/such", params: { _meta: envelope } },
      { "mcp-protocol-version": "2026-07-28", "mcp-method": "no/such" },
    );
    expect(answer).toMatchObject({ status: 404, body: { error: { code: -32601 } } });
  });

  test("of 2026-07-28 is cancelled by hanging up", async () => {
    let aborted = false;
    server.engine.before = (_method, { signal }) =>
      new Promise((resolve) => {
        signal?.addEventListener("abort", () => {
          aborted = true;
          resolve();
        });
      });
    const leave = new AbortController();
    const call = fetch(server.url, {
      method: "POST",
      headers: { ...MCP_HEADERS, ...bearer(), ...modernHeaders("health-check") },
      body: JSON.stringify(modern("health-check", {})),
      signal: leave.signal,
    });
    await expect.poll(() => server.engine.contexts.length).toBe(1);
    leave.abort();
    await expect(call).rejects.toThrow();
    await expect.poll(() => aborted).toBe(true);
  });

  test("of 2025-11-25 is answered without a session, many with one id at once", async () => {
    server.engine.before = () => new Promise((resolve) => setImmediate(resolve));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        post(server, toolCall("capture-memory", { eventType: "note", content: `n${i}` }, 1)),
      ),
    );
    const ids = answers.map(({ body }) => body.result?.structuredContent?.["id"]);
    expect(new Set(ids).size).toBe(20);
    expect(answers.every(({ body }) => body.id === 1)).toBe(true);
  });
});

describe("what is refused", () => {
  test.each([
    { what: "no token", headers: {}, status: 401 },
    { what: "a wrong token", headers: { authorization: "Bearer wrong" }, status: 401 },
    { what: "the token in another scheme", headers: { authorization: "Basic TOKEN" }, status: 401 },
  ])("$what is 401 with a challenge", async ({ headers, status }) => {
    const sent = Object.fromEntries(
      Object.entries(headers).map(([key, value]) => [key, value.replace("TOKEN", server.token)]),
    );
    const response = await fetch(server.url, { method: "POST", headers: { ...MCP_HEADERS, ...sent }, body: "{}" });
    expect(response.status).toBe(status);
    expect(response.headers.get("www-authenticate")).toContain("Bearer");
  });

  test.each([
    "evil.example",
    "127.0.0.1",
    "127.0.0.1:1",
    "localhost.evil.example:PORT",
    "127.0.0.1:PORT.evil.example",
    "",
  ])("Host %j is 403", async (host) => {
    const port = new URL(server.url).port;
    const answer = await raw(
      `POST /mcp HTTP/1.1\r\nHost: ${host.replace("PORT", port)}\r\nAuthorization: Bearer ${server.token}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 403 /u);
  });

  test.each([
    "http://evil.example",
    "null",
    "https://127.0.0.1.evil.example",
    "file://",
    "http://localhost@evil.example",
  ])("Origin %j is 403", async (origin) => {
    const answer = await post(server, toolCall("health-check", {}), { origin });
    expect(answer.status).toBe(403);
  });

  test.each(["http://localhost:3000", "http://127.0.0.1", "https://[::1]:8443"])("Origin %j passes", async (origin) => {
    expect((await post(server, toolCall("health-check", {}), { origin })).status).toBe(200);
  });

  test("methods, paths, media types and profiles that are not served", async () => {
    const ask = async (path: string, init: RequestInit) =>
      (await fetch(new URL(path, server.url), { ...init, headers: { ...bearer(), ...(init.headers as object) } }))
        .status;
    expect(await ask("/mcp", { method: "PUT", body: "{}" })).toBe(405);
    expect(await ask("/mcp", { method: "OPTIONS" })).toBe(405);
    expect(await ask("/other", { method: "POST" })).toBe(404);
    expect(await ask("/peer", { method: "POST" })).toBe(404);
    expect(await ask("/mcp", { method: "POST", body: "{}", headers: { "content-type": "text/plain" } })).toBe(415);
    expect(await ask("/mcp?profile=nonsense", { method: "POST", body: "{}", headers: MCP_HEADERS })).toBe(400);
    // A server of one folder is not asked about another.
    expect(await ask("/mcp?workspace=%2Ftmp", { method: "POST", body: "{}", headers: MCP_HEADERS })).toBe(400);
    expect(await ask("/mcp", { method: "GET" })).toBe(400);
    expect(await ask("/mcp", { method: "DELETE", headers: { "mcp-session-id": "none" } })).toBe(404);
    const wrongAccept = { ...MCP_HEADERS, accept: "application/json" };
    const body = JSON.stringify(toolCall("health-check", {}));
    expect(await ask("/mcp", { method: "POST", body, headers: wrongAccept })).toBe(406);
  });

  test("a body over the bound is 413, a content over 1 MB inside it is the tool's PAYLOAD_TOO_LARGE", async () => {
    const big = await post(
      server,
      toolCall("capture-memory", { eventType: "note", content: "\u0001".repeat(1_048_577) }),
    );
    expect(big.body.result).toMatchObject({
      isError: true,
      structuredContent: { error: { code: "PAYLOAD_TOO_LARGE" } },
    });
    const declared = await raw(
      `POST /mcp HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nAuthorization: Bearer ${server.token}\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n{`,
    );
    expect(declared).toMatch(/^HTTP\/1\.1 413 /u);
    const chunk = "a".repeat(1_048_576);
    const chunked = `100000\r\n${chunk}\r\n`.repeat(9);
    const streamed = await raw(
      `POST /mcp HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nAuthorization: Bearer ${server.token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`,
    ).catch(() => "HTTP/1.1 413 reset before it could be read");
    expect(streamed).toMatch(/^HTTP\/1\.1 413 /u);
  });

  test("JSON that is broken or nested without end is a parse error", async () => {
    for (const body of ["{", "", '{"a":'.repeat(200) + "1" + "}".repeat(200), "[".repeat(1_000_000)]) {
      expect(await post(server, body)).toMatchObject({ status: 400, body: { error: { code: -32700 } } });
    }
  });

  test("brackets and quotes inside of strings are text, however many", async () => {
    const content = '["{'.repeat(5000) + "\\".repeat(7) + '"';
    const answer = await post(server, toolCall("capture-memory", { eventType: "note", content }));
    expect(answer.body.result?.isError).toBeUndefined();
    expect(server.engine.memories[0]?.content).toBe(content);
  });

  test("arguments nested deeper than checking them can bear are the caller's INVALID_INPUT or a parse error", async () => {
    const nested = (depth: number) => '{"a":'.repeat(depth) + "1" + "}".repeat(depth);
    const call = (depth: number) =>
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"capture-memory","arguments":{"eventType":"n","content":"x","metadata":${nested(depth)}}}}`;
    expect((await post(server, call(90))).body.result?.isError).toBeUndefined();
    expect((await post(server, call(100))).body.error?.code).toBe(-32700);
  });

  test("an unknown method is method-not-found, an unknown tool and one of another profile are invalid params", async () => {
    const { headers } = await initialize(server);
    const method = await post(server, { jsonrpc: "2.0", id: 1, method: "no/such" }, headers);
    expect(method.body.error?.code).toBe(-32601);
    expect((await post(server, toolCall("no-such", {}), headers)).body.error?.code).toBe(-32602);
    expect((await post(server, toolCall("forget-memory", {}), headers)).body.error?.code).toBe(-32602);
    expect((await post(server, toolCall("__proto__", {}), headers)).body.error?.code).toBe(-32602);
  });

  test("a client that never finishes its headers or its body is cut off", async () => {
    await serve({ bounds: { headersTimeoutMs: 200, requestTimeoutMs: 300 } });
    expect(await raw("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")).toMatch(/^HTTP\/1\.1 408 /u);
    const slowBody = await raw(
      `POST /mcp HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nAuthorization: Bearer ${server.token}\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{`,
    );
    expect(slowBody).toMatch(/^HTTP\/1\.1 408 /u);
    expect((await post(server, toolCall("health-check", {}))).status).toBe(200);
  });
});

describe("profiles", () => {
  const names = async (query: string) => {
    const answer = await post(server, { jsonrpc: "2.0", id: 1, method: "tools/list" }, {}, `${server.url}${query}`);
    return (answer.body.result?.["tools"] as { name: string }[]).map(({ name }) => name);
  };
  test("come from the address, core unless it says otherwise", async () => {
    expect(await names("")).toHaveLength(8);
    expect(await names("?profile=code")).toEqual([
      "get_code_chunk",
      "context_grep",
      "get_project_stats",
      "index_control",
      "get_context_progressive",
      "context_packs",
      "git-state",
    ]);
    expect(await names("?profile=core,lifecycle")).toContain("forget-memory");
    expect(await names("?profile=all")).toHaveLength(Object.keys(TOOLS).length);
  });

  test("hold for the whole session", async () => {
    const { headers } = await initialize(server, `${server.url}?profile=code`);
    const answer = await post(server, toolCall("git-state", {}), headers);
    expect(answer.body.result?.structuredContent).toMatchObject({ branch: "main" });
  });
});

describe("logs", () => {
  test("tie what the engine sees to the HTTP request, and never hold the token", async () => {
    await post(server, toolCall("health-check", {}));
    await expect.poll(() => server.logs.lines.length).toBe(1);
    const line = server.logs.lines[0];
    expect(line).toMatchObject({
      level: "debug",
      message: "HTTP request",
      fields: { method: "POST", path: "/mcp", status: 200 },
    });
    expect(server.engine.contexts[0]?.requestId).toBe(line?.fields["requestId"]);
    expect(JSON.stringify(server.logs.lines)).not.toContain(server.token);
  });

  test("report a failure that nobody meant, and hide it from no client", async () => {
    server.engine.before = () => {
      throw new TypeError("broken inside");
    };
    const answer = await post(server, toolCall("health-check", {}));
    expect(answer.body.result).toMatchObject({ isError: true, structuredContent: { error: { code: "INTERNAL" } } });
    expect(server.logs.lines).toContainEqual(
      expect.objectContaining({ level: "error", message: "A tool failed unexpectedly" }),
    );
  });
});

describe("closing", () => {
  test("finishes what runs, refuses what is new, and is idempotent", async () => {
    let release = () => {};
    server.engine.before = () => new Promise<void>((resolve) => (release = resolve));
    const running = post(server, toolCall("health-check", {}));
    await expect.poll(() => server.engine.contexts.length).toBe(1);
    const closing = server.close();
    await expect(fetch(server.url, { method: "POST" })).rejects.toThrow();
    release();
    expect((await running).body.result?.structuredContent).toMatchObject({ status: "healthy" });
    await closing;
    await server.close();
  });

  test("does not wait for event streams, nor for ever", async () => {
    await serve({ bounds: { shutdownMs: 50 } });
    const { headers } = await initialize(server);
    const stream = await fetch(server.url, { headers: { ...headers, ...bearer(), accept: "text/event-stream" } });
    server.engine.before = () => new Promise(() => {});
    const stuck = post(server, toolCall("health-check", {}), headers).catch(() => "cut off");
    await expect.poll(() => server.engine.contexts.length).toBe(1);
    await server.close();
    await stream.text().catch(() => "");
    expect(await stuck).toMatchObject({ status: 503 });
  });
});

test("a tool's own failure is a result with its code", async () => {
  server.engine.before = () => {
    throw new HeirloomError("STORAGE_FULL", "The disk is full: free some space", { free: 0 });
  };
  const answer = await post(server, toolCall("capture-memory", { eventType: "note", content: "x" }));
  expect(answer.body.result).toEqual({
    isError: true,
    content: [{ type: "text", text: "STORAGE_FULL: The disk is full: free some space" }],
    structuredContent: {
      error: { code: "STORAGE_FULL", message: "The disk is full: free some space", details: { free: 0 } },
    },
  });
});
