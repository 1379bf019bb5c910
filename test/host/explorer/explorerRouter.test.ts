import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ExplorerRequest, ExplorerRequests, ToExplorer } from "../../../src/contract/explorer.ts";
import type { Anchor } from "../../../src/contract/memory.ts";
import { EngineOwner } from "../../../src/host/engine/engineOwner.ts";
import { createExplorerRouter, type ExplorerRouter } from "../../../src/host/explorer/explorerRouter.ts";
import { ForgottenMemories } from "../../../src/host/forgottenMemories.ts";
import { WindowModel } from "../../../src/host/windowModel.ts";
import { startEngine } from "../../../src/worker/engineClient.ts";
import { ENGINE_WORKER, folderOf } from "../../support/engineWindow.ts";
import { TestRepository, temporaryFolder } from "../../support/repository.ts";

let root: string;
let remove: () => void;
let repository: TestRepository;
let engine: EngineOwner;
let model: WindowModel;
let router: ExplorerRouter;
let posted: ToExplorer[];
let failures: unknown[];
const done = { anchors: [] as Anchor[], copied: [] as string[], commands: [] as string[] };
let forgotten: ForgottenMemories;

beforeEach(() => {
  ({ folder: root, remove } = temporaryFolder("router"));
  repository = TestRepository.init(join(root, "main"));
  repository.commit("src/first.ts");
  failures = [];
  posted = [];
  for (const list of Object.values(done)) list.length = 0;
  const onFailure = (error: unknown): void => void failures.push(error);
  engine = new EngineOwner({
    spawn: () => startEngine(ENGINE_WORKER),
    options: async () => ({ dataFolder: join(root, "data"), folders: model.folders, settings: {}, logLevel: "warn" }),
    onFailure,
  });
  model = new WindowModel(engine, true, onFailure);
  model.setFolders([folderOf(repository.root)]);
  forgotten = new ForgottenMemories(() => undefined);
  router = createExplorerRouter((message) => posted.push(message), {
    api: () => engine.api(),
    window: model,
    openAnchor: async (_folder, anchor) => void done.anchors.push(anchor),
    copyText: async (text) => void done.copied.push(text),
    runCommand: async (command) => void done.commands.push(command),
    forgotten,
    onFailure,
  });
});
afterEach(async () => {
  model.dispose();
  await engine.stop("closed");
  remove();
});

let ids = 0;
async function ask<Name extends ExplorerRequest>(
  name: Name,
  params: ExplorerRequests[Name]["params"],
): Promise<ExplorerRequests[Name]["result"]> {
  const id = ++ids;
  await router.receive({ type: "request", id, name, params });
  const answer = posted.find((message) => message.type !== "notice" && message.id === id);
  if (answer?.type === "answer") return answer.result as ExplorerRequests[Name]["result"];
  throw Object.assign(new Error("refused"), answer?.type === "refusal" ? answer.error : {});
}
const list = { text: "", facets: {}, visibility: "visible", order: "newest", limit: 20 } as const;
const remember = async (content: string): Promise<string> =>
  (await (await engine.api()).capture({ eventType: "note", content }, { workspace: repository.root })).id;

describe("with a real engine behind it", () => {
  beforeEach(() => engine.start());

  it("lists, shows, edits, forgets and brings back", async () => {
    const id = await remember("The lighthouse is kept by hand.");
    const { rows, total } = await ask("browse", list);
    expect([total, rows[0]?.id]).toEqual([1, id]);
    expect((await ask("detail", { id })).memory.content).toBe("The lighthouse is kept by hand.");
    expect((await ask("revise", { id, content: "The lighthouse is kept by a clock." })).revision).toBe(2);
    const { undoToken = "" } = await ask("forget", { id });
    expect((await ask("browse", list)).total).toBe(0);
    expect(forgotten.last).toEqual({ undoToken, folder: repository.root });
    expect((await ask("forget", { undo: undoToken })).restored).toBe(1);
    expect((await ask("browse", list)).total).toBe(1);
    expect(forgotten.last).toBeUndefined();
  });

  it("answers about the context, the lanes and the health", async () => {
    await remember("The lighthouse is kept by hand.");
    expect((await ask("buildContext", { query: "lighthouse" })).markdown).toContain("kept by hand");
    expect((await ask("lanes", { limit: 10 })).head).toBe(repository.head());
    expect((await ask("vitals", {})).health.status).toBe("healthy");
    expect((await ask("stats", {})).visible).toBe(1);
  });

  it("refuses with the engine's own code", async () => {
    await expect(ask("detail", { id: "nothing" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("says where HEAD is, and follows it", async () => {
    await engine.api().then((api) => api.folders());
    await vi.waitFor(async () => expect((await ask("state", {})).branch).toBe("main"), { timeout: 15_000 });
    repository.git("checkout", "-q", "-b", "side");
    await (await engine.api()).headMoved(repository.root);
    model.refresh(repository.root);
    await vi.waitFor(async () => expect(await ask("state", {})).toMatchObject({ branch: "side", trust: "trusted" }), {
      timeout: 15_000,
    });
  });
});

describe("with two folders", () => {
  it("an undo belongs to the folder where it was forgotten, whichever is shown by then", async () => {
    const other = TestRepository.init(join(root, "other"));
    other.commit("src/second.ts");
    model.setFolders([folderOf(repository.root), folderOf(other.root)]);
    engine.start();
    const id = await remember("The lighthouse is kept by hand.");
    const forgetting = ask("forget", { id });
    model.setActive(other.root);
    const { undoToken = "" } = await forgetting;
    expect(forgotten.last).toEqual({ undoToken, folder: repository.root });
    expect((await ask("forget", { undo: undoToken })).restored).toBe(1);
    model.setActive(repository.root);
    expect((await ask("detail", { id })).memory.id).toBe(id);
  });
});

describe("what the page asks of the extension", () => {
  it("opens anchors, copies and runs its commands", async () => {
    await ask("openAnchor", { path: "src/first.ts", startLine: 2 });
    await ask("copyText", { text: "as it is" });
    await ask("runCommand", { command: "heirloom.openLog" });
    expect(done).toMatchObject({
      anchors: [{ path: "src/first.ts", startLine: 2 }],
      copied: ["as it is"],
      commands: ["heirloom.openLog"],
    });
  });
  it("runs no other command", async () => {
    const command = "workbench.action.terminal.new" as never;
    await expect(ask("runCommand", { command })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(done.commands).toEqual([]);
  });
  it("refuses what there is not, and passes over what is no message", async () => {
    await expect(ask("constructor" as never, {} as never)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    for (const odd of [undefined, null, "ready", { type: "request" }, { type: "request", id: "1", name: "state" }])
      await router.receive(odd);
    expect(posted.filter(({ type }) => type === "answer")).toEqual([]);
  });
});

describe("where nothing may be read", () => {
  it("says that the workspace is restricted, and answers nothing else", async () => {
    const restricted = new WindowModel(engine, false, () => undefined);
    restricted.setFolders(model.folders);
    model = restricted;
    router = createExplorerRouter((message) => posted.push(message), {
      api: () => engine.api(),
      window: restricted,
      openAnchor: async () => undefined,
      copyText: async () => undefined,
      runCommand: async () => undefined,
      forgotten,
      onFailure: () => undefined,
    });
    await engine.stop("restricted");
    expect((await ask("state", {})).trust).toBe("restricted");
    await expect(ask("browse", list)).rejects.toMatchObject({ code: "UNTRUSTED_WORKSPACE" });
  });
});

describe("notices", () => {
  it("wait until the page is ready, the last one of each name", async () => {
    router.notify("show", { view: "health" });
    router.notify("show", { view: "memories", text: "lighthouse" });
    expect(posted).toEqual([]);
    await router.receive({ type: "ready" });
    expect(posted).toEqual([{ type: "notice", name: "show", params: { view: "memories", text: "lighthouse" } }]);
    router.notify("changed", { memories: true, head: false });
    expect(posted).toHaveLength(2);
    router.pause();
    router.notify("show", { view: "lanes" });
    expect(posted).toHaveLength(2);
    await router.receive({ type: "ready" });
    expect(posted.at(-1)).toMatchObject({ params: { view: "lanes" } });
  });
});
