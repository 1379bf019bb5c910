import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { HookAnswer } from "../../src/contract/hooks.ts";
import { FLOATS, HookScene, MONEY } from "../support/hookScene.ts";

let scene: HookScene;
beforeEach(async () => {
  scene = new HookScene("warnings");
  scene.repository.commit("src/money.ts", MONEY, "Add money");
  await scene.open();
});
afterEach(() => scene.close());

/** Floats were tried in `cents`, and reverted; the id of the commit that did it. */
async function reverted(): Promise<string> {
  const tried = scene.repository.commit("src/money.ts", FLOATS, "Read amounts as floats");
  scene.repository.git("revert", "--no-edit", tried);
  await scene.engine.learn({}, {});
  return scene.repository.head();
}
const edit = (before: string, session = "one-session", tool: object = {}): Promise<HookAnswer> => {
  const tool_input = { file_path: join(scene.repository.root, "src/money.ts"), old_string: before, new_string: "x" };
  return scene.hook("PreToolUse", { tool_name: "Edit", tool_input, ...tool }, session);
};

describe("before an edit", () => {
  test("the revert is told with its commit and place, once a session", async () => {
    const back = await reverted();
    const { context = "", receipt } = await edit("return Number(whole)");
    expect(context).toMatch(
      new RegExp(
        `^- src/money\\.ts \\(cents\\), commit ${back.slice(0, 12)}: .*Read amounts as floats.*\\[mem:\\w+\\]$`,
        "mu",
      ),
    );
    expect(receipt?.tokens).toBeLessThanOrEqual(400);
    expect((await edit("return Number(whole)")).context ?? "").not.toContain("Before you edit");
    expect((await edit("return Number(whole)", "another-session")).context).toContain("Before you edit");
    expect(await scene.engine.hooks.receipts({ limit: 5 }, {})).toMatchObject([
      { items: [{ title: "Reverted: Read amounts as floats", why: "warns before an edit of src/money.ts" }] },
      { items: [{ title: "Reverted: Read amounts as floats" }] },
    ]);
  });

  test("elsewhere in the file it is no warning, as soon as the code is indexed", async () => {
    await reverted();
    await scene.engine.indexControl({ action: "sync" }, {});
    expect((await edit("cents / 100")).context ?? "").not.toContain("Before you edit");
    expect((await edit("return Number(whole)")).context).toContain("Before you edit");
  });

  test("it follows its file to another name, and not to another of the old one", async () => {
    const back = await reverted();
    mkdirSync(join(scene.repository.root, "lib"));
    scene.repository.git("mv", "src/money.ts", "lib/amounts.ts");
    const asked = { file_path: "lib/amounts.ts", old_string: "return Number(whole)", new_string: "x" };
    // The first question has the anchors looked for.
    await expect
      .poll(async () => (await edit("", `session-${Math.random()}`, { tool_input: asked })).context ?? "", {
        timeout: 10_000,
      })
      .toContain(`- lib/amounts.ts (cents), commit ${back.slice(0, 12)}`);
  });

  test("where the change came back, or another branch never had it, there is none", async () => {
    scene.repository.git("branch", "elsewhere");
    const back = await reverted();
    scene.repository.git("checkout", "-q", "elsewhere");
    expect((await edit("return Number(whole)")).context).toBeUndefined();
    scene.repository.git("checkout", "-q", "main");
    scene.repository.git("revert", "--no-edit", back);
    await scene.engine.learn({}, {});
    expect((await edit("return Number", "a-third-session")).context).toBeUndefined();
  });

  test("a failed attempt that somebody wrote down warns too", async () => {
    const { id } = await scene.engine.capture(
      {
        eventType: "failed_attempt",
        content: "Formatting by Intl was tried and is too slow for the export.",
        anchors: [{ path: "src/money.ts", symbol: "format" }],
      },
      {},
    );
    expect((await scene.engine.get(id, {})).memory.kind).toBe("gotcha");
    expect((await edit("cents / 100")).context).toContain("(format), commit");
  });

  test("switched off, nothing is learned of reverts and nothing warns", async () => {
    writeFileSync(join(scene.dataFolder, "settings.json"), JSON.stringify({ negativeMemory: false }));
    await scene.open();
    await reverted();
    const { memories } = await scene.engine.retrieve({ query: "", filters: { kind: "gotcha" } }, {});
    expect(memories).toEqual([]);
    await scene.engine.capture(
      { eventType: "gotcha", content: "Cents only.", anchors: [{ path: "src/money.ts" }] },
      {},
    );
    expect((await edit("return Number(whole)")).context ?? "").not.toContain("Before you edit");
    const { files } = await scene.engine.locate({ query: "cents of an amount" }, {});
    expect(files[0]).not.toHaveProperty("warnings");
  });
});

test("files that are located carry what went wrong in them", async () => {
  const back = await reverted();
  const { files } = await scene.engine.locate({ query: "cents of an amount" }, {});
  expect(files[0]).toMatchObject({
    path: "src/money.ts",
    warnings: [{ commit: back, symbols: ["cents"], text: expect.stringContaining("Read amounts as floats") as string }],
  });
});
