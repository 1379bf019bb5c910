import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratchFolder, serve } from "../support/heirloom.ts";
import { initialize, post, toolCall } from "../support/served.ts";
import { Choices, hostileBytes, type HostileRequest, hostileRequest, type Target } from "./hostileMessages.ts";

const MESSAGES = 10_000;
const LANES = 25;
/** Of every so many messages one goes over a socket of its own, as bytes that need be no HTTP. */
const RAW_EVERY = 8;
/** Megabytes that the server may have grown by: the sessions that the messages open stay for an hour. */
const MOST_GROWTH = 256;
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_121);

/** Resident memory of a process in megabytes, where the system tells. */
function residentMegabytes(pid: number): number | undefined {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
  } catch {
    return undefined;
  }
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
  using scratch = scratchFolder();
  const at = ["--workspace", scratch.path, "--data", join(scratch.path, "data"), "--profile", "core,lifecycle"];
  const server = await serve(at);
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
  const round = (seed: number, messages: number) =>
    Promise.all(Array.from({ length: LANES }, (_, index) => lane(seed + index, messages / LANES)));

  try {
    await round(SEED, MESSAGES / 5);
    const before = residentMegabytes(server.pid) ?? 0;
    for (let part = 1; part < 5; part++) await round(SEED + part * LANES, MESSAGES / 5);
    const growth = (residentMegabytes(server.pid) ?? 0) - before;
    const counts = Object.fromEntries([...statuses].sort(([a], [b]) => a - b));
    console.log(JSON.stringify({ seed: SEED, statuses: counts, growthMegabytes: Math.round(growth) }));
    expect(serverFailures).toEqual([]);
    expect(server.logged()).toBe("");
    expect(growth).toBeLessThan(MOST_GROWTH);
    // Each kind of answer has been provoked, so that the fuzz has not been knocking at one door only.
    for (const status of [200, 202, 400, 401, 403, 404, 405, 406, 415]) {
      expect(statuses.get(status), String(status)).toBeGreaterThan(0);
    }
    const { headers } = await initialize(server);
    const health = await post(server, toolCall("health-check", {}), headers);
    expect(health.body.result?.structuredContent).toMatchObject({ status: "healthy" });
  } finally {
    agent.destroy();
    expect(await server.stop()).toBe(0);
  }
});
