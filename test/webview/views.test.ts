import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { makeScene, openScene, type Scene, useBrowser } from "./support/scene.ts";

const browser = useBrowser();
let scene: Scene;
let page: Page;
beforeEach(async () => {
  scene = await makeScene("page-views");
  ({ page } = await openScene(browser(), scene));
});
afterEach(async () => {
  await page.context().close();
  await scene.here.close();
});

const view = (name: string): Promise<void> => page.locator(`#tab-${name}`).click();

describe("lanes", () => {
  test("draw every commit with its memories, mark HEAD, and tell what is hidden from it", async () => {
    await view("lanes");
    const rows = page.locator(".lane-row");
    await rows.first().waitFor();
    expect(await rows.count()).toBe(4);
    expect(await page.locator(".lane-row", { hasText: "HEAD" }).textContent()).toContain("Main goes on");
    expect(await page.locator(".lane-row.is-hidden").textContent()).toMatch(
      /src\/evict\.ts.*1 memory.*hidden from here/u,
    );
  });

  test("show the memories of a commit that is chosen by keys", async () => {
    await view("lanes");
    await page.locator(".list").focus();
    const subjects = await page.locator(".lane-subject").allTextContents();
    await page.keyboard.press("Home");
    for (let index = 0; index < subjects.indexOf("Cache pages by inode"); index++)
      await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".result-count").textContent()).toBe("3 memories");
    expect(await page.locator(".chip").textContent()).toBe(
      scene.here.repository.git("rev-parse", "HEAD~1").slice(0, 8),
    );
  });

  test("show the memories of a commit beside the graph, and open one", async () => {
    await view("lanes");
    await page.locator(".lane-row", { hasText: "Cache pages by inode" }).click();
    await expect.poll(() => page.locator(".commit-pane .row").count()).toBe(3);
    await page.locator(".commit-pane .row", { hasText: "by inode" }).click();
    await expect.poll(() => page.locator(".detail-title").textContent()).toContain("by inode");
  });

  test("in a narrow side bar, a commit that is clicked shows its memories in the list", async () => {
    await page.setViewportSize({ width: 300, height: 700 });
    await view("lanes");
    await page.locator(".lane-row", { hasText: "Cache pages by inode" }).click();
    await expect.poll(() => page.locator(".result-count").textContent()).toBe("3 memories");
  });

  test("follow a checkout", async () => {
    await view("lanes");
    await page.locator(".lane-row").first().waitFor();
    scene.here.repository.git("switch", "-q", "feature/eviction");
    await expect
      .poll(() => page.locator(".lane-row.is-hidden .lane-subject").allTextContents())
      .toEqual(["Main goes on"]);
  });
});

describe("memories that look opposed", () => {
  const card = () => page.locator(".contradiction");
  let newer: string;
  beforeEach(async () => {
    await scene.here.remember("Requests time out after 30 seconds.", { kind: "fact" });
    newer = await scene.here.remember("Requests time out after 60 seconds.", { kind: "fact" });
    await view("review");
    await card().waitFor();
  });

  test("are shown with what is opposed, until a person says which holds, with a way back", async () => {
    expect(await card().textContent()).toContain("60 against 30");
    await card().getByText("This Holds").first().click();
    await expect.poll(() => card().count()).toBe(0);
    expect((await scene.here.engine.get(newer, {})).view.relations).toMatchObject([{ is: "supersedes" }]);
    await page.getByText("Undo", { exact: true }).click();
    await expect.poll(() => card().count()).toBe(1);
  });

  test("are not shown again when both hold", async () => {
    await card().getByText("Both Hold").click();
    await expect.poll(() => card().count()).toBe(0);
    await page.reload();
    await view("review");
    await page.locator(".lineage-card").first().waitFor();
    expect(await card().count()).toBe(0);
  });
});

describe("what HEAD does not inherit", () => {
  const card = () => page.locator(".lineage-card", { hasText: "feature/eviction" });

  test("is listed under its branch, opens, and holds on every branch when a person says so", async () => {
    await view("review");
    expect(await card().textContent()).toContain("learned on branch feature/eviction");
    await card().getByText("Keep on Every Branch").click();
    await expect.poll(() => card().count()).toBe(0);
    const { memory } = await scene.here.engine.get(scene.ids.hidden, {});
    expect(memory.scope).toBe("repo");
  });

  test("can be moved to the commit that is checked out", async () => {
    await view("review");
    await card().getByText("Eviction runs on a timer").click();
    await expect.poll(() => page.locator(".memory-text").textContent()).toContain("Eviction runs");
    await view("review");
    await card().getByText("Move to HEAD").click();
    await expect.poll(() => card().count()).toBe(0);
    const { memory } = await scene.here.engine.get(scene.ids.hidden, {});
    expect(memory.provenance.commit).toBe(scene.here.repository.head());
  });

  test("is accepted where a commit may have taken the place of its own, and hidden again by undo", async () => {
    const { repository } = scene.here;
    const lines = (name: string, count: number): string =>
      Array.from({ length: count }, (_, at) => `export const ${name}${at} = "value of ${name} ${at}";\n`).join("");
    repository.git("switch", "-qc", "topic");
    repository.commit("src/big.ts", lines("big", 40));
    const id = await scene.here.remember("Big is big.");
    repository.git("switch", "-q", "main");
    repository.commit("src/big.ts", `${lines("big", 28)}${lines("different", 12)}`);
    const visibility = async () => (await scene.here.engine.get(id, {})).view.visibility;
    expect(await visibility()).toBe("hidden");
    await view("review");
    await page.getByText("Accept", { exact: true }).click();
    await expect.poll(visibility).toBe("visible");
    await page.getByText("Undo", { exact: true }).click();
    await expect.poll(visibility).toBe("hidden");
  });
});

describe("what the repository shares", () => {
  const path = ".heirloom/memories/rule/zebra-abc.md";
  const text = (says: string): string =>
    `---\nid: abc\nkind: rule\nscope: repo\ntitle: Zebra crossing\nversion: 1\n---\n\n${says}\n`;
  const card = () => page.locator(".lineage-card", { hasText: "Zebra crossing" });
  const known = async (): Promise<string | undefined> =>
    scene.here.engine.get("abc", {}).then(
      ({ memory }) => memory.content,
      () => undefined,
    );

  test("waits to be read, and is remembered or kept out as a person says", async () => {
    scene.here.repository.commit(path, text("Look <b>left</b>."));
    await view("review");
    expect(await card().textContent()).toContain("+ Look <b>left</b>.");
    expect(await card().locator("b").count()).toBe(0);
    expect(await known()).toBeUndefined();
    await card().getByText("Accept", { exact: true }).click();
    await expect.poll(known).toBe("Look <b>left</b>.");
    await expect.poll(() => card().count()).toBe(0);

    scene.here.repository.commit(path, text("Look right."));
    await view("memories");
    await view("review");
    await expect.poll(() => card().locator("del").allTextContents()).toEqual(["- Look <b>left</b>."]);
    await card().getByText("Refuse", { exact: true }).click();
    await expect.poll(() => card().count()).toBe(0);
    expect(await known()).toBe("Look <b>left</b>.");
  });

  test("that is no memory is told with its reason", async () => {
    scene.here.repository.commit(path, "<<<<<<< ours\n");
    await view("review");
    await expect
      .poll(() => page.locator(".lineage-review").allTextContents())
      .toEqual(expect.arrayContaining([expect.stringContaining(`${path}: line 1: a merge conflict`) as string]));
  });
});

describe("the context composer", () => {
  test("shows the bundle as text, what each item costs, and copies it", async () => {
    await view("context");
    await page.locator("#question input").fill("how do we invalidate the page cache");
    await page.locator(".markdown").waitFor();
    const markdown = (await page.locator(".markdown").textContent()) ?? "";
    const bundle = await scene.here.engine.buildContext(
      { query: "how do we invalidate the page cache", budget: 4000, detail: "implementation" },
      {},
    );
    expect(markdown).toBe(bundle.markdown);
    expect(await page.locator("button.token-part").count()).toBe(bundle.items.length);
    expect(await page.locator(".refs .ref").first().textContent()).toBe(bundle.items[0]?.title);
    await page.getByText("Copy", { exact: true }).click();
    await expect.poll(() => scene.host.asked("copyText")).toEqual([{ text: bundle.markdown }]);
  });

  test("asks again with another budget", async () => {
    await view("context");
    await page.locator("#question input").fill("page cache");
    await page.locator(".markdown").waitFor();
    await page.locator("#budget").focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => scene.host.asked("buildContext").at(-1)).toMatchObject({ budget: 2000 });
  });
});

describe("review", () => {
  const LEFT = "Every price of the shop is cached for exactly one minute, and then it is read again from the database.";
  const RIGHT = "Every price of the shop is cached for exactly one hour, and then it is read again from the database.";
  let left: string;
  let right: string;
  beforeEach(async () => {
    left = await scene.here.remember(LEFT);
    right = await scene.here.remember(RIGHT);
    await view("review");
    await page.locator(".pair").waitFor();
  });

  test("marks the words that only one of two says", async () => {
    const marked = await page.locator(".pair :is(del, ins)").allTextContents();
    expect([...marked].sort()).toEqual(["hour", "minute"]);
  });

  test("keeps the one that is chosen, with a way back", async () => {
    const shown = await page.locator(".pair-side").first().locator(".memory-text").textContent();
    await page.getByText("Keep This").first().click();
    await page.getByText("No two memories say the same").waitFor();
    const [kept, dropped] = shown === LEFT ? [left, right] : [right, left];
    expect((await scene.here.explore.detail(kept, {})).memory.content).toBe(shown);
    await expect(scene.here.explore.detail(dropped, {})).rejects.toMatchObject({ code: "NOT_FOUND" });
    await page.getByRole("button", { name: "Undo" }).click();
    await page.locator(".pair").waitFor();
    expect((await scene.here.explore.detail(dropped, {})).memory.id).toBe(dropped);
  });

  test("merges two into one text, with a way back to both", async () => {
    await page.getByText("Merge…").click();
    await page.locator("#merged-text").fill("Prices are cached for a minute; those of books for an hour.");
    await page.reload();
    await expect.poll(() => page.locator("#merged-text").inputValue()).toContain("those of books");
    await page.getByText("Merge", { exact: true }).click();
    await page.getByText("No two memories say the same").waitFor();
    await expect
      .poll(async () => (await scene.here.engine.retrieve({ query: "prices of books" }, {})).memories[0]?.content)
      .toBe("Prices are cached for a minute; those of books for an hour.");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Undone").waitFor();
    for (const [id, text] of [
      [left, LEFT],
      [right, RIGHT],
    ] as const)
      expect((await scene.here.explore.detail(id, {})).memory.content).toBe(text);
  });

  test("does not ask again about two that are both kept, not even in a page that is opened later", async () => {
    await page.getByText("Keep Both").click();
    await page.getByText("No two memories say the same").waitFor();
    await page.reload();
    await page.getByText("No two memories say the same").waitFor();
  });
});

describe("receipts", () => {
  test("say what a hook told an agent, for how many tokens, and why", async () => {
    const input = { session_id: "s-1", source: "startup" };
    const { receipt } = await scene.here.engine.hooks.hook("SessionStart", input, { agent: "claude-code" });
    await view("receipts");
    await page.locator(".receipt .ref").first().waitFor();
    expect(await page.locator(".receipt").textContent()).toContain(`${receipt?.tokens ?? "no"} tokens`);
    expect(await page.locator(".receipt .ref").first().textContent()).toBe(receipt?.items[0]?.title);
  });

  test("begin with what to do while there are none", async () => {
    await view("receipts");
    await page.getByText("Connect an Agent").click();
    await expect.poll(() => scene.host.asked("runCommand")).toEqual([{ command: "heirloom.connectAgent" }]);
  });
});

describe("health", () => {
  test("shows what needs attention first, the stores, and few answering times as numbers", async () => {
    const { engine, explore } = scene.here;
    const health = await engine.health(true, {});
    const disk = { status: "degraded", message: "200 MB are free." } as const;
    // Those of this scene may be of one minute or of two.
    const retrieve = [{ at: Date.now() - 60_000, count: 3, p50: 2, p95: 5, max: 9 }];
    scene.host.instead.vitals = async () => ({
      vitals: { ...(await explore.vitals({})), latencies: { retrieve } },
      health: { ...health, components: { ...health.components, disk } },
    });
    await view("health");
    await page.locator(".components li").first().waitFor();
    expect(await page.locator(".components li").first().textContent()).toContain("Disk200 MB");
    expect(await page.locator(".store").first().textContent()).toContain("4 memories");
    expect(await page.locator("tbody tr").count()).toBe(1);
    expect(await page.locator(".chart").count()).toBe(0);
  });

  test("draws answering times of the last hour as a chart, and as a table", async () => {
    const { engine, explore } = scene.here;
    const samples = [50, 20, 1].map((minutes) => ({
      at: Date.now() - minutes * 60_000,
      ...{ count: 3, p50: 2, p95: 5, max: 9 },
    }));
    scene.host.instead.vitals = async () => ({
      vitals: { ...(await explore.vitals({})), latencies: { retrieve: samples } },
      health: await engine.health(true, {}),
    });
    await view("health");
    await page.locator(".chart canvas").waitFor();
    await page.getByText("Show as table").click();
    expect(await page.locator("tbody tr").count()).toBe(3);
  });
});

test("a command of the extension opens a view with a text, or a memory", async () => {
  scene.host.notice("show", { view: "context", text: "how is the cache invalidated" });
  await page.locator(".markdown").waitFor();
  scene.host.notice("show", { view: "memories", id: scene.ids.token });
  await expect.poll(() => page.locator(".memory-text").textContent()).toContain("token");
});

test("a page that comes back is where it was", async () => {
  await page.locator("vscode-textfield input").first().fill("inode");
  await page.locator(".row").first().click();
  await page.locator(".detail-title").waitFor();
  await page.reload();
  await page.locator(".detail-title").waitFor();
  expect(await page.locator("vscode-textfield input").first().inputValue()).toBe("inode");
});
