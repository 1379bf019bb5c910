import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { HeirloomError } from "../../src/contract/errors.ts";
import { askPeerOnce } from "../../src/serve/askPeerOnce.ts";
import { callPeer } from "../../src/serve/peerClient.ts";
import { type Served, serveTwin } from "../support/served.ts";

let server: Served | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function failure(call: Promise<unknown>): Promise<HeirloomError> {
  const error: unknown = await call.then(
    () => new Error("It went well"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof HeirloomError) return error;
  throw error;
}

const calls: readonly (readonly [how: string, call: typeof callPeer])[] = [
  ["over a connection that is kept", callPeer],
  [
    "once",
    (address, operation, body, options) => askPeerOnce(address, operation, body, { timeoutMs: 10_000, ...options }),
  ],
];

describe.each(calls)("a call to the owner, %s", (_how, call) => {
  test("brings its answer back, also when that is nothing, and big bodies both ways", async () => {
    const big = "é".repeat(2_000_000);
    server = await serveTwin({
      onPeer: (operation, body) => Promise.resolve(operation === "nothing" ? undefined : { operation, body }),
    });
    expect(await call(server, "echo", { text: big })).toEqual({ operation: "echo", body: { text: big } });
    expect(await call(server, "nothing", null)).toBeNull();
  });

  test("throws what the owner threw, with its code and details", async () => {
    server = await serveTwin({
      onPeer: () => Promise.reject(new HeirloomError("STORAGE_FULL", "Free some space", { free: 12 })),
    });
    const error = await failure(call(server, "capture", {}));
    expect(error.toJSON()).toEqual({ code: "STORAGE_FULL", message: "Free some space", details: { free: 12 } });
  });

  test("keeps a failure that nobody meant as INTERNAL", async () => {
    server = await serveTwin({ onPeer: () => Promise.reject(new TypeError("broken")) });
    expect((await failure(call(server, "capture", {}))).code).toBe("INTERNAL");
  });
});

test("a kept connection is used again", async () => {
  server = await serveTwin({ onPeer: () => Promise.resolve(1) });
  const ports = new Set<number>();
  const own = server;
  for (let i = 0; i < 5; i++) await callPeer(own, "x", i);
  await expect.poll(() => own.logs.lines.length).toBe(5);
  for (const { fields } of own.logs.lines) ports.add(Number(fields["connection"]));
  expect(ports.size).toBe(1);
});

describe.each(calls)("an owner that cannot be reached, %s", (_how, call) => {
  test("is OWNER_UNREACHABLE when nothing listens, also where a connection was kept", async () => {
    server = await serveTwin({ onPeer: () => Promise.resolve("here") });
    const address = { url: server.url, token: server.token };
    expect(await call(address, "x", {})).toBe("here");
    await server.close();
    expect((await failure(call(address, "x", {}))).code).toBe("OWNER_UNREACHABLE");
  });

  test("is OWNER_UNREACHABLE when it does not answer in time", async () => {
    server = await serveTwin({ onPeer: () => new Promise(() => {}), bounds: { shutdownMs: 10 } });
    const error = await failure(call(server, "x", {}, { timeoutMs: 50 }));
    expect(error.code).toBe("OWNER_UNREACHABLE");
    expect(error.message).toContain("50 ms");
  });

  test("is OWNER_UNREACHABLE when the token is not its own, or what answers is no Heirloom", async () => {
    server = await serveTwin({ onPeer: () => Promise.resolve("here") });
    expect((await failure(call({ url: server.url, token: "old" }, "x", {}))).code).toBe("OWNER_UNREACHABLE");
    await server.close();
    server = await serveTwin();
    expect((await failure(call(server, "x", {}))).code).toBe("OWNER_UNREACHABLE");
  });

  test("is OWNER_UNREACHABLE while its process is stopped, and answers again when it goes on", async () => {
    const script = new URL("../support/twinPeer.ts", import.meta.url);
    const child = spawn(process.execPath, [script.pathname], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [line] = (await once(child.stdout, "data")) as [Buffer];
      const address = JSON.parse(line.toString()) as { url: string; token: string };
      expect(await call(address, "x", {})).toBe("alive");
      child.kill("SIGSTOP");
      expect((await failure(call(address, "x", {}, { timeoutMs: 200 }))).code).toBe("OWNER_UNREACHABLE");
      child.kill("SIGCONT");
      expect(await call(address, "x", {})).toBe("alive");
      child.kill("SIGKILL");
      await once(child, "exit");
      expect((await failure(call(address, "x", {}))).code).toBe("OWNER_UNREACHABLE");
    } finally {
      child.kill("SIGKILL");
    }
  });
});

test.each([
  ["ends before it is whole", 'HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\n{"result":1}'],
  ["has no length", 'HTTP/1.1 200 OK\r\n\r\n{"result":1}'],
  ["has no end of its head", "HTTP/1.1 200 OK\r\ncontent-length: 12"],
  ["is nothing", ""],
])("an answer that %s is none", async (_what, answer) => {
  const other = createServer((socket) => socket.end(answer)).listen(0, "127.0.0.1");
  try {
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const asked = askPeerOnce({ url: `http://127.0.0.1:${port}/mcp`, token: "t" }, "x", {}, { timeoutMs: 5_000 });
    expect(await failure(asked)).toMatchObject({
      code: "OWNER_UNREACHABLE",
      message: expect.not.stringContaining("5000 ms") as string,
    });
  } finally {
    other.close();
  }
});
