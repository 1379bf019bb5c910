import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { initialize, post, serveTwin, toolCall } from "../support/served.ts";
import { Choices, hostileBytes, type HostileRequest, hostileRequest, type Target } from "./hostileMessages.ts";

const MESSAGES = 10_000;
const LANES = 25;
/** Of every so many messages one goes over a socket of its own, as bytes that need be no HTTP. */
const RAW_EVERY = 8;
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_121);

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapMegabytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1_048_576;
}

/** The status that came back; event streams are left as soon as they begin. */
function send(agent: Agent, port: number, { method, path, headers, body }: HostileRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = httpRequest({
      host: "127.0.0.1",
      port,
      agent,
      method,
      path,
      headers: { ...headers, "content-length": Buffer.byteLength(body) },
    });
    call.setTimeout(10_000, () =>
      call.destroy(new Error(`No answer to ${method} ${path} ${JSON.stringify(headers)} ${body.slice(0, 500)}`)),
    );
    call.once("response", (response) => {
      const status = response.statusCode ?? 0;
      if (response.headers["content-type"] === "text/event-stream") call.destroy();
      response.resume();
      response.once("close", () => resolve(status));
    });
    call.once("error", (error: NodeJS.ErrnoException) => {
      // The server may hang up on a body that it does not want before all of it is sent.
      if (error.code === "ECONNRESET" || error.code === "EPIPE") resolve(0);
      else reject(error);
    });
    call.end(body);
  });
}

/** Sends bytes, closes that side, and waits until the server has closed or the answer has come. */
function sendBytes(port: number, bytes: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.end(bytes, "latin1"));
    socket.setTimeout(100, () => socket.destroy());
    socket.on("data", () => socket.destroy());
    socket.on("error", () => undefined);
    socket.on("close", () => resolve());
  });
}

test(`${MESSAGES} malformed and hostile messages leave the server healthy (seed ${SEED})`, async () => {
  const server = await serveTwin({
    profiles: ["core", "lifecycle"],
    bounds: { maxSessions: 50, headersTimeoutMs: 2_000 },
  });
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => rejections.push(reason);
  process.on("unhandledRejection", onRejection);
  const port = Number(new URL(server.url).port);
  const agent = new Agent({ keepAlive: true, maxSockets: LANES });
  const statuses = new Map<number, number>();
  const serverFailures: string[] = [];

  /** A share of the messages, one after another. Each lane draws from its own seed, so that none depends on the pace of another. */
  const lane = async (seed: number, messages: number) => {
    const random = new Choices(seed);
    let session = "";
    const target: Target = { token: server.token, host: `127.0.0.1:${port}`, session: () => session };
    for (let sent = 0; sent < messages; sent++) {
      // The messages may have ended the session; most of them should meet one that lives.
      if (sent % 20 === 0) session = (await initialize(server)).headers["mcp-session-id"];
      if (sent % RAW_EVERY === 0) {
        await sendBytes(port, hostileBytes(random, target));
        continue;
      }
      const request = hostileRequest(random, target);
      const status = await send(agent, port, request);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status >= 500)
        serverFailures.push(`${status} ${request.method} ${request.path} ${request.body.slice(0, 300)}`);
    }
  };
  /** Runs all lanes, then forgets what the test itself keeps. */
  const round = async (seed: number, messages: number) => {
    await Promise.all(Array.from({ length: LANES }, (_, index) => lane(seed + index, messages / LANES)));
    server.engine.memories.length = 0;
    server.engine.contexts.length = 0;
    const errors = server.logs.lines.filter(({ level }) => level === "error");
    server.logs.lines.splice(0, Infinity, ...errors);
  };

  try {
    await round(SEED, MESSAGES / 5);
    const heapBefore = heapMegabytes();
    for (let part = 1; part < 5; part++) await round(SEED + part * LANES, MESSAGES / 5);
    const growth = heapMegabytes() - heapBefore;
    const counts = Object.fromEntries([...statuses].sort(([a], [b]) => a - b));
    console.log(JSON.stringify({ seed: SEED, statuses: counts, heapGrowthMegabytes: Math.round(growth) }));
    expect(serverFailures).toEqual([]);
    expect(server.logs.lines).toEqual([]);
    expect(rejections).toEqual([]);
    expect(growth).toBeLessThan(24);
    expect(Object.keys(Object.prototype)).toEqual([]);
    // Each kind of answer has been provoked, so that the fuzz has not been knocking at one door only.
    for (const status of [200, 202, 400, 401, 403, 404, 405, 406, 415]) {
      expect(statuses.get(status), String(status)).toBeGreaterThan(0);
    }
    const { headers } = await initialize(server);
    const health = await post(server, toolCall("health-check", {}), headers);
    expect(health.body.result?.structuredContent).toMatchObject({ status: "healthy" });
  } finally {
    process.off("unhandledRejection", onRejection);
    agent.destroy();
    await server.close();
  }
});
