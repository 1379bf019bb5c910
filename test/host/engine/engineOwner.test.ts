import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EngineOwner } from "../../../src/host/engine/engineOwner.ts";
import { type EngineClient, startEngine } from "../../../src/worker/engineClient.ts";
import { ENGINE_WORKER, folderOf } from "../../support/engineWindow.ts";
import { TestRepository, temporaryFolder } from "../../support/repository.ts";

let root: string;
let remove: () => void;
let repository: TestRepository;
let owner: EngineOwner;
let failures: unknown[];

beforeEach(() => {
  ({ folder: root, remove } = temporaryFolder("owner"));
  repository = TestRepository.init(join(root, "main"));
  repository.commit("src/first.ts");
  failures = [];
});
afterEach(async () => {
  await owner.stop("closed");
  remove();
});

function ownerOf(
  workers: readonly (string | URL)[],
  onSpawn: (client: EngineClient) => void = () => undefined,
): EngineOwner {
  let starts = 0;
  owner = new EngineOwner({
    spawn: () => {
      const client = startEngine(workers[Math.min(starts++, workers.length - 1)] ?? ENGINE_WORKER);
      onSpawn(client);
      return client;
    },
    options: async () => ({
      dataFolder: join(root, "data"),
      folders: [folderOf(repository.root)],
      settings: {},
      logLevel: "warn",
    }),
    onFailure: (error) => failures.push(error),
    backOffMs: [10, 20],
  });
  return owner;
}
const capture = async (content: string): Promise<unknown> =>
  (await owner.api()).capture({ eventType: "note", content }, { workspace: repository.root });
async function known(): Promise<number> {
  const { memories } = await (await owner.api()).retrieve({ query: "" }, { workspace: repository.root });
  return memories.length;
}

describe("the owner of the engine worker", () => {
  it("runs nothing until it is started, and says why", async () => {
    ownerOf([ENGINE_WORKER]);
    await expect(owner.api()).rejects.toMatchObject({ code: "NOT_FOUND" });
    await owner.stop("restricted");
    await expect(owner.api()).rejects.toMatchObject({ code: "UNTRUSTED_WORKSPACE" });
    expect(owner.status).toEqual({ state: "off", why: "restricted" });
  });

  it("has calls wait while the worker starts", async () => {
    ownerOf([ENGINE_WORKER]).start();
    expect(owner.status.state).toBe("starting");
    await capture("The lighthouse is kept by hand.");
    expect(JSON.stringify(owner.status)).toMatch(/"running","url":"http:\/\/127\.0\.0\.1:\d+\/mcp"/u);
  });

  it("starts a worker that died again, and tells who listens of the new one's events", async () => {
    const dying = join(root, "dying.mjs");
    writeFileSync(dying, "throw new Error('no memory left');\n");
    ownerOf([dying, dying, ENGINE_WORKER]);
    const states: string[] = [];
    const changes: string[] = [];
    const problems: string[] = [];
    owner.onStatus((status) => {
      states.push(status.state);
      if (status.state === "waiting") problems.push(status.problem);
    });
    owner.on("changed", ({ path }) => changes.push(path));
    owner.start();
    await vi.waitFor(() => expect(owner.status.state).toBe("running"), { timeout: 20_000 });
    expect(states).toEqual(["starting", "waiting", "starting", "waiting", "starting", "running"]);
    expect(problems).toEqual(["no memory left", "no memory left"]);
    expect(failures).toMatchObject([{ message: "no memory left" }, { message: "no memory left" }]);
    await capture("The lighthouse is kept by hand.");
    await vi.waitFor(() => expect(changes).toContain(repository.root), { timeout: 15_000 });
  });

  it("loses nothing when it is stopped and started again", async () => {
    ownerOf([ENGINE_WORKER]).start();
    await capture("The lighthouse is kept by hand.");
    await owner.stop("closed");
    await expect(owner.api()).rejects.toMatchObject({ code: "INTERNAL" });
    owner.start();
    expect(await known()).toBe(1);
    expect(failures).toEqual([]);
  });

  it("has one worker at a time: the next one waits until the one before has closed its stores", async () => {
    let running = 0;
    let most = 0;
    ownerOf([ENGINE_WORKER], ({ exit }) => {
      most = Math.max(most, ++running);
      void exit.then(() => running--);
    }).start();
    await capture("The lighthouse is kept by hand.");
    const stopped = owner.stop("closed");
    owner.start();
    await stopped;
    expect(await known()).toBe(1);
    expect(most).toBe(1);
    void owner.stop("closed");
    await owner.stop("closed");
    expect(running).toBe(0);
  });

  it("is not started by a start that was stopped before it came to anything", async () => {
    ownerOf([ENGINE_WORKER]).start();
    await owner.stop("restricted");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(owner.status).toEqual({ state: "off", why: "restricted" });
    expect(failures).toEqual([]);
  });
});
