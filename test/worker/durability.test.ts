import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HeirloomError } from "../../src/contract/errors.ts";
import type { WindowApi, WindowEvents } from "../../src/contract/window.ts";
import { connectCalls } from "../../src/worker/rpc.ts";
import { ENGINE_WORKER, folderOf, openTestWindow, type TestWindow } from "../support/engineWindow.ts";
import { TestRepository, temporaryFolder } from "../support/repository.ts";
import { WindowProcess } from "../support/spawnWindow.ts";

let root: string;
let remove: () => void;
let data: string;
let repository: TestRepository;
let processes: WindowProcess[] = [];
let windows: TestWindow[] = [];

beforeEach(() => {
  ({ folder: root, remove } = temporaryFolder("durable"));
  data = join(root, "data");
  repository = TestRepository.init(join(root, "main"));
  repository.commit("src/first.ts");
});
afterEach(async () => {
  await Promise.all([...processes.map((one) => one.kill()), ...windows.map((one) => one.close())]);
  processes = [];
  windows = [];
  remove();
});

function windowProcess(): WindowProcess {
  const one = new WindowProcess();
  processes.push(one);
  return one;
}
async function window(): Promise<TestWindow> {
  const one = await openTestWindow(data, [repository.root]);
  windows.push(one);
  return one;
}
const note = (content: string) => ({ eventType: "note", scope: "repo" as const, content });

function importFile(count: number): string {
  const file = join(root, "memories.jsonl");
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify(note(`Memory number ${n} of the ${n * 7}th kind.`)),
  );
  writeFileSync(file, lines.join("\n"));
  return file;
}

describe("two windows on two worktrees of one repository", () => {
  it("see one store, whoever of them writes it, and go on when its owner is killed", async () => {
    repository.git("worktree", "add", "-q", "-b", "side", join(root, "side"));
    const [first, second] = [windowProcess(), windowProcess()];
    await first.open(data, repository.root);
    await second.open(data, join(root, "side"));
    expect([await first.role(), await second.role()]).toEqual(["owner", "follower"]);
    await first.capture("Badgers dig in the first window.");
    await second.capture("Foxes bark in the second window.");
    const both = ["Badgers dig in the first window.", "Foxes bark in the second window."];
    expect((await first.contents()).toSorted()).toEqual(both);
    expect((await second.contents()).toSorted()).toEqual(both);
    expect((await second.call<{ branch: string }>("gitState", {})).branch).toBe("side");
    await first.kill();
    await second.capture("Owls see the first window gone.");
    expect(await second.role()).toBe("owner");
    expect((await second.contents()).toSorted()).toEqual([...both, "Owls see the first window gone."]);
  });

  it("hand the store over when the owner closes", async () => {
    const [first, second] = [windowProcess(), windowProcess()];
    await first.open(data, repository.root);
    await second.open(data, repository.root);
    await second.capture("Written by the follower.");
    await first.call("close");
    await second.capture("Written by the heir.");
    expect(await second.role()).toBe("owner");
    expect((await second.contents()).toSorted()).toEqual(["Written by the follower.", "Written by the heir."]);
  });
});

describe("an engine worker that ends in the middle of its work", () => {
  it("loses nothing that it had acknowledged, and the next one in the same process writes on", async () => {
    const worker = new Worker(ENGINE_WORKER, { execArgv: [] });
    const client = connectCalls<WindowApi, WindowEvents>(worker);
    const { api } = client;
    worker.once("exit", () => client.end(new HeirloomError("OWNER_UNREACHABLE", "ended")));
    await api.openWindow({ dataFolder: data, folders: [folderOf(repository.root)], settings: {}, logLevel: "error" });
    const acknowledged: string[] = [];
    const writing = Array.from({ length: 60 }, async (_, n) => {
      await api.capture(note(`Swan ${n} of ${n * n} was counted.`), {});
      acknowledged.push(`Swan ${n} of ${n * n} was counted.`);
    });
    await Promise.race(writing.slice(20));
    await worker.terminate();
    const outcomes = await Promise.allSettled(writing);
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "OWNER_UNREACHABLE" });
    expect(acknowledged.length).toBeGreaterThan(0);

    const next = await window();
    const { memories } = await next.api.retrieve({ query: "swan", limit: 100 }, {});
    expect(memories.map(({ content }) => content)).toEqual(expect.arrayContaining(acknowledged));
    await next.api.capture(note("The next worker counts on."), {});
    expect((await next.api.stats({})).stores[0]).toMatchObject({ role: "owner" });
  });

  it("leaves the stores that the next one does not open to other processes", async () => {
    const other = TestRepository.init(join(root, "other"));
    other.commit("src/other.ts");
    const worker = new Worker(ENGINE_WORKER, { execArgv: [] });
    const { api } = connectCalls<WindowApi, WindowEvents>(worker);
    const folders = [repository.root, other.root].map(folderOf);
    await api.openWindow({ dataFolder: data, folders, settings: {}, logLevel: "error" });
    await api.folders();
    await api.capture(note("Written before the worker ended."), { workspace: other.root });
    await worker.terminate();
    const next = await window();
    await next.api.folders();
    const elsewhere = windowProcess();
    await elsewhere.open(data, other.root);
    await elsewhere.capture("Written by another process since.");
    expect((await elsewhere.contents()).toSorted()).toEqual([
      "Written before the worker ended.",
      "Written by another process since.",
    ]);
  });

  it("is told to the host, and what was asked of it fails", async () => {
    const client = await window();
    const calls = [client.api.learn(repository.root), client.api.folders()].map((call) =>
      call.then(
        () => "done",
        (error: unknown) => (error as HeirloomError).code,
      ),
    );
    await client.close();
    for (const outcome of await Promise.all(calls)) expect(["done", "OWNER_UNREACHABLE"]).toContain(outcome);
    expect(await client.exit).toMatchObject({ expected: true });
    await expect(client.api.folders()).rejects.toMatchObject({ code: "OWNER_UNREACHABLE" });
  });
});

describe("closing a window", () => {
  it("gives up an import, keeps what it had written, and leaves the store to the next at once", async () => {
    const busy = await window();
    const importing = busy.api.importFrom(repository.root, importFile(20_000));
    const outcome = importing.then(
      () => "done",
      (error: unknown) => (error as HeirloomError).code,
    );
    await expect.poll(() => busy.events.progress.at(-1)?.lines ?? 0, { timeout: 30_000 }).toBeGreaterThan(500);
    // One is told whenever a batch is durable; by then the next one may have been read.
    const written = 512 * busy.events.progress.length;
    await busy.close();
    expect(await outcome).not.toBe("done");
    const next = await window();
    const { stores } = await next.api.stats({});
    expect(stores[0]?.role).toBe("owner");
    expect(stores[0]?.memories).toBeGreaterThanOrEqual(written);
  });

  it("ends the endpoint, and calls that come later say so", async () => {
    const client = await window();
    await client.api.closeWindow();
    await expect(client.api.capture(note("too late"), {})).rejects.toMatchObject({ code: "OWNER_UNREACHABLE" });
    await expect(fetch(client.url)).rejects.toThrow();
    await client.api.closeWindow();
  });

  it("that was never opened does nothing", async () => {
    const worker = new Worker(ENGINE_WORKER, { execArgv: [] });
    const { api } = connectCalls<WindowApi, WindowEvents>(worker);
    await api.closeWindow();
    await expect(api.stats({})).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await worker.terminate();
  });
});

describe("long work", () => {
  it("learn, export and import tell how far they are; what was exported is imported elsewhere whole", async () => {
    const client = await window();
    const { commits } = await client.api.learn(repository.root);
    expect(commits.created).toBe(1);
    expect(client.events.learning.at(-1)).toEqual({ path: repository.root, commitsRead: 1 });
    await client.api.capture(note("Storks come back in March."), {});
    const file = join(root, "export.jsonl");
    expect(await client.api.exportTo(repository.root, file)).toEqual({ memories: 2 });
    expect(client.events.progress.at(-1)).toEqual({ path: repository.root, task: "export", lines: 2 });
    const other = TestRepository.init(join(root, "other"));
    await client.api.setFolders([repository.root, other.root].map(folderOf));
    expect(await client.api.importFrom(other.root, file)).toMatchObject({ read: 2, created: 2, problems: [] });
    expect(client.events.progress.at(-1)).toEqual({ path: other.root, task: "import", lines: 2 });
  });

  it("what HEAD brings with it is learned without events, and nothing twice", async () => {
    const client = await window();
    await client.api.learn(repository.root);
    client.events.learning.length = 0;
    repository.git("checkout", "-q", "-b", "side");
    repository.commit("README.md", "# Pond\n\nDucks sleep here.\n");
    expect(await client.api.learnNew(repository.root)).toMatchObject({
      commits: { read: 2, created: 1, known: 1 },
      documents: { created: 1 },
    });
    expect(await client.api.learnNew(repository.root)).toMatchObject({
      commits: { created: 0 },
      documents: { created: 0, known: 1 },
    });
    expect(client.events.learning).toEqual([]);
  });

  it("an import reports bad lines by number and keeps the good ones; a file that is none has a clear error", async () => {
    const client = await window();
    const file = join(root, "some.jsonl");
    writeFileSync(
      file,
      `${JSON.stringify(note("A good line."))}\nno json\n\n${JSON.stringify(note("Another good line, of another kind."))}\n`,
    );
    const result = await client.api.importFrom(repository.root, file);
    expect(result).toMatchObject({ read: 3, created: 2 });
    expect(result.problems.map(({ line }) => line)).toEqual([2]);
    for (const bad of [join(root, "nowhere.jsonl"), root])
      await expect(client.api.importFrom(repository.root, bad)).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("that is cancelled leaves no half-written file behind", async () => {
    const client = await window();
    await client.api.importFrom(repository.root, importFile(3_000));
    const control = new AbortController();
    const file = join(root, "export.jsonl");
    const exporting = client.api.exportTo(repository.root, file, { signal: control.signal });
    control.abort(new Error("enough"));
    await expect(exporting).rejects.toThrow("enough");
    await expect.poll(() => readdirSync(root).filter((name) => name.includes("export"))).toEqual([]);
    writeFileSync(file, "what stood there before");
    await expect(client.api.exportTo(repository.root, join(root, "nowhere/export.jsonl"))).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
    expect(readFileSync(file, "utf8")).toBe("what stood there before");
    expect(existsSync(join(root, "nowhere"))).toBe(false);
  });

  it("reindexing makes everything anew from the journal while requests wait", async () => {
    const client = await window();
    await client.api.capture(note("Cranes dance."), {});
    const [, found] = await Promise.all([
      client.api.reindex(repository.root),
      client.api.retrieve({ query: "cranes" }, {}),
    ]);
    expect(found.memories.map(({ content }) => content)).toEqual(["Cranes dance."]);
    expect((await client.api.stats({})).stores[0]).toMatchObject({ role: "owner", epoch: 2, memories: 1 });
    expect(client.events.folder.map(({ state }) => state)).toEqual(["opening", "open", "opening", "open"]);
  });
});

describe("opening a window", () => {
  it("listens before its stores are open; what is asked meanwhile waits for them", async () => {
    const full = await window();
    await full.api.importFrom(repository.root, importFile(3_000));
    await full.close();
    const worker = new Worker(ENGINE_WORKER, { execArgv: [] });
    const client = connectCalls<WindowApi, WindowEvents>(worker);
    const { api } = client;
    const states: string[] = [];
    client.on("folder", ({ state }) => states.push(state));
    const options = {
      dataFolder: data,
      folders: [folderOf(repository.root)],
      settings: {},
      logLevel: "error" as const,
    };
    await api.openWindow(options);
    expect(states).not.toContain("open");
    expect((await api.stats({})).stores[0]?.memories).toBe(3_000);
    expect(states).toEqual(["opening", "open"]);
    await expect(api.openWindow(options)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await api.closeWindow();
    await worker.terminate();
  });

  it("with settings that are none names them, and can be tried again", async () => {
    const worker = new Worker(ENGINE_WORKER, { execArgv: [] });
    const { api } = connectCalls<WindowApi, WindowEvents>(worker);
    const options = { dataFolder: data, folders: [], logLevel: "error" as const };
    await expect(api.openWindow({ ...options, settings: { queryTimeoutMs: 1 } })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining("queryTimeoutMs") as string,
    });
    await api.openWindow({ ...options, settings: { queryTimeoutMs: 1_000 } });
    expect(await api.folders()).toEqual([]);
    await api.closeWindow();
    await worker.terminate();
  });
});
