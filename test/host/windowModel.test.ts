import { join } from "node:path";
import { expect, it } from "vitest";
import { EngineOwner } from "../../src/host/engine/engineOwner.ts";
import { Listeners } from "../../src/host/listeners.ts";
import { WindowModel } from "../../src/host/windowModel.ts";
import { startEngine } from "../../src/worker/engineClient.ts";
import { ENGINE_WORKER, folderOf } from "../support/engineWindow.ts";
import { temporaryFolder, TestRepository } from "../support/repository.ts";

it("a folder that becomes the active one while the engine starts is the one that is asked when no folder is named", async () => {
  const { folder, remove } = temporaryFolder("model");
  const [first, second] = ["first", "second"].map((name) => {
    const repository = TestRepository.init(join(folder, name));
    repository.commit(`src/${name}.ts`);
    return repository.root;
  }) as [string, string];
  const failures: unknown[] = [];
  const engine: EngineOwner = new EngineOwner({
    spawn: () => {
      // What the worker is opened with has been taken by now.
      model.setActive(second);
      return startEngine(ENGINE_WORKER);
    },
    options: async () => ({
      dataFolder: join(folder, "data"),
      folders: model.folders,
      activeFolder: first,
      settings: {},
      logLevel: "warn",
    }),
    onFailure: (error) => failures.push(error),
  });
  const model: WindowModel = new WindowModel(engine, true, (error) => failures.push(error));
  try {
    model.setFolders([first, second].map(folderOf));
    engine.start();
    const api = await engine.api();
    await api.capture({ eventType: "note", content: "The lighthouse is kept by hand." }, { workspace: second });
    expect((await api.retrieve({ query: "" }, {})).memories).toHaveLength(1);
    expect(failures).toEqual([]);
  } finally {
    model.dispose();
    await engine.stop("closed");
    remove();
  }
});

it("what learning reports after it was cancelled does not make the window look as if it learned", () => {
  const engine = new Listeners<{ readonly path: string; readonly commitsRead: number }>(() => undefined);
  const owner = {
    on: (name: string, listener: (event: { readonly path: string; readonly commitsRead: number }) => void) =>
      name === "learning" ? engine.add(listener) : () => undefined,
    onStatus: () => () => undefined,
    status: { state: "off", why: "no-folder" },
  } as unknown as EngineOwner;
  const model = new WindowModel(owner, true, () => undefined);
  model.setFolders([folderOf("/work")]);
  model.learns("/work");
  engine.tell({ path: "/work", commitsRead: 20 });
  expect(model.facts().learning).toEqual({ commitsRead: 20 });
  model.learned("/work");
  engine.tell({ path: "/work", commitsRead: 40 });
  expect(model.facts().learning).toBeUndefined();
  model.dispose();
});
