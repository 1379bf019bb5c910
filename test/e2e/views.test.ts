import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seriousViolations } from "./support/accessibility.ts";
import { type EditorWindow, THEMES } from "./support/editorWindow.ts";
import { Explorer, VIEWS } from "./support/explorer.ts";
import { heritage, ON_MAIN } from "./support/heritage.ts";
import type { Probe } from "./support/probe.ts";
import { Scene } from "./support/scene.ts";

let scene: Scene;
let window: EditorWindow;
let probe: Probe;
let explorer: Explorer;

beforeAll(async () => {
  scene = await Scene.open();
  const repository = await heritage(scene, "sample");
  const said = "We parse by hand, as the generated parser lost comments and told little about its errors, or nothing.";
  await scene.heirloom(repository.root, "capture", "--type", "note", "--title", "Parsing", "--dedupe", "none", said);
  const hook = JSON.stringify({ session_id: "session-1", cwd: repository.root, hook_event_name: "SessionStart" });
  window = await scene.window(repository.root);
  probe = await scene.probe(repository.root);
  await scene.heirloomWith(hook, repository.root, "hook", "SessionStart");
});
afterAll(() => scene.close());

const LOOKS: Readonly<Record<(typeof VIEWS)[number], () => Promise<void>>> = {
  Memories: async () => {
    await explorer.show(ON_MAIN);
  },
  Lanes: () => explorer.frame.getByRole("listbox", { name: "Commits" }).waitFor(),
  Context: async () => {
    await explorer.frame.getByRole("textbox", { name: "Question" }).fill("How do we parse?");
    await explorer.frame.getByText("As the agent reads it").waitFor();
  },
  Receipts: () => explorer.frame.getByText("Session began").first().waitFor(),
  Review: () => explorer.frame.locator(".review").waitFor(),
  Health: () => explorer.frame.getByRole("heading", { name: "Stores" }).waitFor(),
};

describe.each(Object.keys(THEMES) as (keyof typeof THEMES)[])("in the %s theme", (theme) => {
  beforeAll(async () => {
    await window.theme(theme, probe);
    explorer = await Explorer.open(window);
  });

  test.each(VIEWS)("the view %s is seen by everybody", async (view) => {
    await explorer.view(view);
    await LOOKS[view]();
    await window.screenshot(`${view.toLowerCase()}-${theme}`);
    expect(await seriousViolations(explorer.frame, "editor")).toEqual([]);
  });

  test("the view in the side bar is seen by everybody", async () => {
    const sideBar = await Explorer.inSideBar(window);
    await sideBar.row(ON_MAIN).waitFor();
    await window.screenshot(`sidebar-${theme}`);
    expect(await seriousViolations(sideBar.frame, "sideBar")).toEqual([]);
  });
});
