import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { HOSTILE, makeScene, openScene, type Scene, useBrowser } from "./support/scene.ts";

const browser = useBrowser();
let scene: Scene;
let page: Page;
let complaints: readonly string[];
beforeEach(async () => {
  scene = await makeScene("page-memories");
  ({ page, complaints } = await openScene(browser(), scene));
});
afterEach(async () => {
  await page.context().close();
  await scene.here.close();
});

const titles = (): Promise<readonly string[]> => page.locator(".row .row-title").allTextContents();
const search = (text: string): Promise<void> => page.locator("vscode-textfield input").first().fill(text);
const row = (text: string) => page.locator(".list .row", { hasText: text });

describe("the list", () => {
  test("shows what HEAD inherits, and the policy that the extension sends lets everything through that the page needs", async () => {
    expect(await titles()).toHaveLength(3);
    expect(await page.locator(".result-count").textContent()).toBe("3 memories");
    expect(await page.evaluate("document.fonts.check('16px codicon')")).toBe(true);
    expect(complaints).toEqual([]);
  });

  test("follows what is typed, and says that nothing matches with a way back", async () => {
    await search("inode");
    await expect.poll(titles).toEqual(["Invalidate the page cache by inode"]);
    await search("zzzzqqqq");
    await page.getByText("Nothing matches").waitFor();
    await page.getByText("Clear Search and Filters").click();
    await expect.poll(async () => (await titles()).length).toBe(3);
  });

  test("never shows an answer that was overtaken", async () => {
    scene.host.instead.browse = async (query) => {
      if (query.text === "in") await new Promise((resolve) => setTimeout(resolve, 300));
      return scene.here.explore.browse(query, {});
    };
    await search("in");
    await search("inode");
    await expect.poll(titles).toEqual(["Invalidate the page cache by inode"]);
    await page.waitForTimeout(500);
    expect(await titles()).toEqual(["Invalidate the page cache by inode"]);
  });

  test("names its order by what it is: nothing is best where nothing was asked", async () => {
    const order = () => page.getByRole("combobox", { name: "Order" }).textContent();
    const names = () => page.locator("vscode-single-select[label=Order] vscode-option").allTextContents();
    expect(await names()).toEqual(["Newest first", "Oldest first"]);
    await search("cache");
    await expect.poll(names).toEqual(["Best first", "Newest first", "Oldest first"]);
    expect((await order())?.trim()).toBe("Best first");
  });

  test("narrows by a facet, counts each, and lets it go again", async () => {
    const decision = page.getByRole("checkbox", { name: "decision" });
    expect(await decision.textContent()).toContain("1");
    await decision.click();
    await expect.poll(titles).toEqual(["Invalidate the page cache by inode"]);
    await page.getByText("Clear filters").click();
    await expect.poll(async () => (await titles()).length).toBe(3);
  });

  test("shows what is hidden from here when it is asked for, and why", async () => {
    await page.getByRole("button", { name: "Hidden" }).click();
    await expect.poll(titles).toEqual(["Eviction runs on a timer of five seconds."]);
    await row("Eviction").click();
    await page.getByText("Hidden from here.").waitFor();
    await page.getByText("Show on every branch").click();
    await expect.poll(async () => (await scene.here.explore.detail(scene.ids.hidden, {})).memory.scope).toBe("repo");
  });

  test("holds a memory that an agent captures at once, and keeps selection, search and scroll position", async () => {
    for (let index = 0; index < 120; index++) await scene.here.remember(`filler number ${index}`);
    await expect.poll(() => page.locator(".result-count").textContent()).toBe("123 memories");
    await page.evaluate("document.querySelector('.list').scrollTop = 46 * 60");
    await page.locator("#row-64").click();
    const open = await page.locator(".memory-text").textContent();
    const before = await page.locator("#row-64 .row-title").boundingBox();
    await scene.here.remember("captured while somebody reads");
    await expect.poll(() => page.locator(".result-count").textContent()).toBe("124 memories");
    await expect.poll(() => page.locator("#row-65 .row-title").textContent()).toBe(open);
    expect((await page.locator("#row-65 .row-title").boundingBox())?.y).toBe(before?.y);
    expect(await page.locator("#row-65").getAttribute("aria-selected")).toBe("true");
    expect(await page.locator(".memory-text").textContent()).toBe(open);
  });
});

describe("the detail", () => {
  test("says what has no title once, in the list and in the detail", async () => {
    const text = "Never log the token of the loopback server.";
    expect(await row("token").locator(".row-title, .row-excerpt").allTextContents()).toEqual([text, ""]);
    await row("token").click();
    await page.locator(".memory-text").waitFor();
    expect((await page.locator(".detail").textContent())?.split(text)).toHaveLength(2);
    expect(await page.getByRole("article").getAttribute("aria-label")).toBe(text);
  });

  test("says in plain words what kind of memory it is", async () => {
    await row("Title").click();
    await page.locator(".kind-badge", { hasText: "gotcha" }).getByText("A trap").waitFor();
  });

  test("shows provenance and opens anchors through the host", async () => {
    await row("by inode").click();
    await page.locator(".detail-title").waitFor();
    expect(await page.locator(".facts").first().textContent()).toContain("main");
    await page.locator(".anchor").click();
    await expect
      .poll(() => scene.host.asked("openAnchor"))
      .toMatchObject([{ path: "src/cache.ts", symbol: "invalidate" }]);
  });

  test("says why the search found it that led there, and nothing where none did", async () => {
    await row("by inode").click();
    await page.locator(".detail-title").waitFor();
    expect(await page.getByText("Why it is found").count()).toBe(0);
    await page.keyboard.press("Escape");
    await search("inode");
    await expect.poll(titles).toEqual(["Invalidate the page cache by inode"]);
    await row("by inode").click();
    await expect.poll(() => page.locator(".reasons").textContent()).toContain("inode");
  });

  test("edits, and the history says what was replaced", async () => {
    await row("by inode").click();
    await page.getByRole("button", { name: "Edit" }).click();
    await page.locator("#edit-content").fill("We invalidate the page cache by path.");
    await page.locator("#edit-reason input").fill("measured again");
    await page.getByRole("button", { name: "Save" }).click();
    await expect
      .poll(async () => (await scene.here.explore.detail(scene.ids.cache, {})).memory.content)
      .toBe("We invalidate the page cache by path.");
    await page.locator(".history del").first().waitFor();
    expect(await page.locator(".history").textContent()).toContain("measured again");
    expect((await page.locator(".history del").allTextContents()).join("")).toContain("inode");
  });

  test("an edit leaves alone what an agent has changed since the form was opened", async () => {
    await row("by inode").click();
    await page.getByRole("button", { name: "Edit" }).click();
    await page.locator("#edit-content").waitFor();
    await scene.here.engine.revise({ id: scene.ids.cache, content: "Corrected by an agent." }, {});
    await page.locator(".list .row", { hasText: "Corrected" }).waitFor();
    await page.locator("#edit-tags input").fill("cache, checked");
    await page.getByRole("button", { name: "Save" }).click();
    await expect
      .poll(async () => (await scene.here.explore.detail(scene.ids.cache, {})).memory)
      .toMatchObject({ content: "Corrected by an agent.", tags: ["cache", "checked"] });
  });

  test("keeps what is being written while other things are shown and when the page comes back, until it is given up", async () => {
    const content = page.locator("#edit-content");
    await row("by inode").click();
    await page.getByRole("button", { name: "Edit" }).click();
    await content.fill("Half a sentence");
    await row("token").click();
    await page.locator(".memory-text", { hasText: "token" }).waitFor();
    await row("by inode").click();
    await expect.poll(() => content.inputValue()).toBe("Half a sentence");
    await page.reload();
    await expect.poll(() => content.inputValue()).toBe("Half a sentence");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.reload();
    await page.locator(".detail-title", { hasText: "by inode" }).waitFor();
    expect(await content.count()).toBe(0);
  });

  test("shows what was being written of a memory that an agent forgot meanwhile", async () => {
    await row("by inode").click();
    await page.getByRole("button", { name: "Edit" }).click();
    await page.locator("#edit-content").fill("Half a sentence");
    await scene.here.engine.forget({ id: scene.ids.cache }, {});
    await page.getByText("This memory is gone").waitFor();
    expect(await page.locator(".memory-text").textContent()).toBe("Half a sentence");
  });

  test("pins", async () => {
    await row("token").click();
    await page.getByRole("button", { name: "Pin", exact: true }).click();
    await expect.poll(async () => (await titles())[0]).toContain("token");
    expect((await scene.here.explore.detail(scene.ids.token, {})).memory.pinned).toBe(true);
  });

  test("forgets with a way back", async () => {
    await row("token").click();
    await page.getByRole("button", { name: "Forget" }).click();
    await expect.poll(async () => (await titles()).length).toBe(2);
    await expect(scene.here.explore.detail(scene.ids.token, {})).rejects.toMatchObject({ code: "NOT_FOUND" });
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(async () => (await titles()).length).toBe(3);
    expect((await scene.here.explore.detail(scene.ids.token, {})).memory.id).toBe(scene.ids.token);
  });

  test("what is forgotten is listed, and comes back from there", async () => {
    for (const title of ["by inode", "token"]) {
      await row(title).click();
      await page.getByRole("button", { name: "Forget" }).click();
      await row(title).waitFor({ state: "detached" });
    }
    await page.getByRole("button", { name: "2 forgotten" }).click();
    const forgotten = page.getByRole("region", { name: "Forgotten memories" });
    expect(await forgotten.locator(".row-title").allTextContents()).toEqual([
      "Never log the token of the loopback server.",
      "Invalidate the page cache by inode",
    ]);
    await forgotten.locator("li", { hasText: "by inode" }).getByRole("button", { name: "Bring Back" }).click();
    await page.locator(".detail-title", { hasText: "by inode" }).waitFor();
    await page.getByRole("button", { name: "Back to the list" }).first().click();
    await row("by inode").waitFor();
    await page.getByRole("button", { name: "1 forgotten" }).waitFor();
    expect((await scene.here.explore.detail(scene.ids.cache, {})).memory.id).toBe(scene.ids.cache);
  });

  test("shows hostile text as text: nothing of it runs or becomes an element", async () => {
    await row("Title").click();
    await expect.poll(() => page.locator(".memory-text").first().textContent()).toContain(HOSTILE);
    expect(await page.locator(".detail-title").textContent()).toContain(HOSTILE);
    expect(await page.locator("#root img, #root script").count()).toBe(0);
    expect(await page.title()).toBe("Heirloom");
  });
});

describe("without a mouse", () => {
  test("searches, moves, opens, goes back and forgets by keys alone", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("cache");
    await expect.poll(titles).toEqual(["Invalidate the page cache by inode"]);
    await page.keyboard.press("Escape");
    await expect.poll(async () => (await titles()).length).toBe(3);
    await page.keyboard.press("ArrowDown");
    const active = () => page.locator(".list").getAttribute("aria-activedescendant");
    expect(await active()).toBe("row-0");
    await page.keyboard.press("ArrowDown");
    expect(await active()).toBe("row-1");
    await page.keyboard.press("Home");
    await page.keyboard.press("End");
    expect(await active()).toBe("row-2");
    await page.keyboard.press("Enter");
    await page.locator(".detail-title").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("No memory is open").waitFor();
    await page.keyboard.press("Delete");
    await expect.poll(async () => (await titles()).length).toBe(2);
  });

  test("tabs are one stop that arrows move in", async () => {
    await page.locator("#tab-memories").focus();
    await page.keyboard.press("ArrowRight");
    await page.locator(".lane-row").first().waitFor();
    expect(await page.locator("[role=tab][tabindex='0']").count()).toBe(1);
    expect(await page.evaluate("document.activeElement.id")).toBe("tab-lanes");
  });
});
