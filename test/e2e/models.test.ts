import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ModelHub } from "../support/modelHub.ts";
import { PONDS, writeTinyModel } from "../support/tinyModel.ts";
import type { EditorWindow } from "./support/editorWindow.ts";
import { Scene } from "./support/scene.ts";
import { temporaryFolder, type TestRepository } from "../support/repository.ts";
import { SOON } from "./support/soon.ts";

const ID = "someone/ponds";
const ANSWER = "Ducks swim in the pond.";

let origin: ReturnType<typeof temporaryFolder>;
let hub: ModelHub;
let scene: Scene;
let repository: TestRepository;
let window: EditorWindow;

beforeAll(async () => {
  origin = temporaryFolder("origin");
  writeTinyModel(origin.folder, PONDS);
  hub = await ModelHub.serve(ID, origin.folder);
  scene = await Scene.open({ environment: { HF_ENDPOINT: hub.url } });
  repository = scene.repository("ponds");
  repository.commit("README.md");
  window = await scene.window(repository.root);
});
afterAll(async () => {
  await scene.close();
  await hub.close();
  origin.remove();
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await window.screenshot(`failed ${task.name}`);
});

test("a model is fetched when a person chooses it, and finds what means the same once they want it to", async () => {
  const found = async (): Promise<string> =>
    (await scene.heirloom(repository.root, "search", "birds of a lake", "--explain")).stdout;
  await scene.heirloom(repository.root, "capture", "--type", "note", ANSWER);
  expect(hub.requests).toEqual([]);
  await window.run("Heirloom: Download a Model…");
  await window.pick("Another model of the hub…");
  // The list stays until the input takes its place.
  await window.page.getByPlaceholder("OWNER/NAME").fill(ID);
  await window.page.keyboard.press("Enter");
  await expect
    .poll(() => existsSync(join(scene.folder, "data/models/someone--ponds/heirloom-model.json")), SOON)
    .toBe(true);
  const told = await window.notification(`${ID} is on this machine.`);
  expect(await found()).not.toContain(`${ID}@`);
  await told.getByRole("button", { name: "Compare Meanings with It" }).click();
  await expect.poll(found, SOON).toMatch(/vector search \([1-9]\d* of someone\/ponds@/u);
  expect(await found()).toContain(ANSWER);
});
