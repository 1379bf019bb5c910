import { once } from "node:events";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HeirloomError } from "../../src/contract/errors.ts";
import { type CallClient, connectCalls, serveCalls } from "../../src/worker/rpc.ts";
import type { SampleApi, SampleEvents } from "../support/sampleWorker.ts";

/** The other end is a real thread: test/support/sampleWorker.ts. */
let worker: Worker;
let client: CallClient<SampleApi, SampleEvents>;
beforeEach(() => {
  worker = new Worker(new URL("../support/sampleWorker.ts", import.meta.url), { execArgv: [] });
  client = connectCalls<SampleApi, SampleEvents>(worker);
});
afterEach(async () => {
  await worker.terminate();
});

describe("calls between threads", () => {
  it("give what the other thread gave, many at a time and each its own", async () => {
    const sums = await Promise.all(Array.from({ length: 200 }, (_, n) => client.api.add(n, 1)));
    expect(sums).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
    expect(await client.api.threadId()).not.toBe(0);
  });

  it("throw the HeirloomError that was thrown there, with its code and details", async () => {
    const error: unknown = await client.api.refuse("NOT_FOUND").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HeirloomError);
    expect(error).toMatchObject({ code: "NOT_FOUND", message: "as asked", details: { asked: "NOT_FOUND" } });
  });

  it("throw INTERNAL for any other error, for a call that is not offered, and for what cannot be cloned either way", async () => {
    await expect(client.api.crash()).rejects.toMatchObject({ code: "INTERNAL", message: "a bug" });
    const unknown = client.api as unknown as Record<string, () => Promise<unknown>>;
    for (const name of ["nothing", "constructor", "toString", "__proto__"])
      await expect(unknown[name]?.()).rejects.toMatchObject({ code: "INTERNAL" });
    await expect(client.api.giveFunction()).rejects.toMatchObject({ code: "INTERNAL" });
    await expect(client.api.add((() => 1) as unknown as number, 1)).rejects.toMatchObject({ code: "INTERNAL" });
    expect(await client.api.add(1, 1)).toBe(2);
  });

  it("can be awaited as an object: an API is no promise", async () => {
    expect(await Promise.resolve(client.api)).toBe(client.api);
  });
});

describe("an AbortSignal in an argument", () => {
  it("aborts the signal that the other thread sees, and fails the call at once with its own reason", async () => {
    const control = new AbortController();
    const started = new Promise<void>((resolve) => client.on("started", () => resolve()));
    const aborted = new Promise<string>((resolve) => client.on("aborted", resolve));
    const call = client.api.wait("the question", { requestId: "r1", signal: control.signal });
    await started;
    control.abort(new Error("not wanted any more"));
    await expect(call).rejects.toThrow("not wanted any more");
    expect(await aborted).toBe("r1");
  });

  it("that is aborted already sends nothing", async () => {
    const call = client.api.wait("the question", { signal: AbortSignal.abort(new Error("too late")) });
    await expect(call).rejects.toThrow("too late");
    expect(await client.api.waiting()).toBe(0);
  });

  it("that is never aborted is not listened to after the answer", async () => {
    const { signal } = new AbortController();
    const removed: string[] = [];
    const remove = signal.removeEventListener.bind(signal);
    signal.removeEventListener = (type: string, ...rest: never[]) => {
      removed.push(type);
      remove(type, ...(rest as unknown as [() => void]));
    };
    expect(await client.api.add(1, 2, { signal })).toBe(3);
    expect(removed).toEqual(["abort"]);
  });
});

describe("events", () => {
  it("reach every listener in order until it is taken away", async () => {
    const heard: number[] = [];
    const also: number[] = [];
    const stop = client.on("tick", (n) => heard.push(n));
    client.on("tick", (n) => also.push(n));
    await client.api.tick(3);
    stop();
    await client.api.tick(2);
    expect(heard).toEqual([0, 1, 2]);
    expect(also).toEqual([0, 1, 2, 0, 1]);
  });
});

describe("a thread that ends", () => {
  it("fails what was asked of it and what is asked from then on", async () => {
    const gone = new HeirloomError("OWNER_UNREACHABLE", "gone");
    worker.once("exit", () => client.end(gone));
    const calls = [client.api.wait("a", {}), client.api.wait("b", {})];
    const exit = once(worker, "exit");
    await Promise.all([worker.terminate(), ...calls.map((call) => expect(call).rejects.toBe(gone)), exit]);
    await expect(client.api.add(1, 1)).rejects.toBe(gone);
  });
});

describe("a served end that is closed", () => {
  let ports: MessagePort[] = [];
  afterEach(() => ports.forEach((port) => port.close()));

  it("aborts what runs and answers nothing more", async () => {
    const { port1, port2 } = new MessageChannel();
    ports = [port1, port2];
    let seen: AbortSignal | undefined;
    const server = serveCalls<Pick<SampleApi, "wait">, SampleEvents>(port1, {
      wait: (_question, { signal }) => {
        seen = signal;
        return new Promise(() => undefined);
      },
    });
    const near = connectCalls<SampleApi, SampleEvents>(port2);
    void near.api.wait("x", { signal: new AbortController().signal }).catch(() => undefined);
    await expect.poll(() => seen).toBeDefined();
    server.close();
    expect(seen?.aborted).toBe(true);
  });
});
