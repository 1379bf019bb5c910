import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import type { IndexResult } from "../../src/contract/codeTools.ts";
import { HeirloomError } from "../../src/contract/errors.ts";
import { makeScene, openScene, type Scene, useBrowser } from "./support/scene.ts";

const browser = useBrowser();
let scene: Scene;
let page: Page;
beforeEach(async () => {
  scene = await makeScene("page-code");
  scene.here.repository.write(
    "src/pages.ts",
    [
      'import { invalidate } from "./cache.ts";',
      "/** Pages that were read. */",
      "export class PageTable {",
      "  evictPage(inode: number): void {",
      "    invalidate();",
      "  }",
      "}",
      "",
    ].join("\n"),
  );
  scene.here.repository.write(
    "test/cache.test.ts",
    'import { invalidate } from "../src/cache.ts";\n\ntest("forgets a page", () => {\n  invalidate();\n});\n',
  );
  scene.here.repository.write("logo.png", "\u0000");
  await scene.here.engine.indexControl({ action: "sync" }, {});
  ({ page } = await openScene(browser(), scene));
  await page.locator("#tab-code").click();
});
afterEach(async () => {
  await page.context().close();
  await scene.here.close();
});

const state = () => page.locator(".index-state");
const find = (name: string): Promise<void> => page.getByRole("textbox", { name: "Find a symbol" }).fill(name);
const told = (change: Partial<IndexResult>): void =>
  scene.host.notice("code", { state: "ready", files: 10, chunks: 30, symbols: 20, pending: 0, leftOut: {}, ...change });

describe("the state of the index", () => {
  test("says what it holds, and what it leaves out with why", async () => {
    await expect.poll(() => state().textContent()).toContain("Indexed");
    const { files, symbols, chunks } = await scene.here.engine.indexControl({ action: "status" }, {});
    expect(await state().textContent()).toContain(`${files} files · ${symbols} symbols · ${chunks} passages`);
    await page.getByText("1 file or folder left out").click();
    await page.getByText("no text").waitFor();
  });

  test("follows an index while it is made", async () => {
    await state().waitFor();
    told({ state: "indexing", files: 300, pending: 900 });
    await page.getByText("900 files to go").waitFor();
    expect(await page.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("300");
    told({ state: "failed", problem: "git is not there" });
    await page.getByText("git is not there").waitFor();
  });

  test("is indexed, paused, resumed and cleared by the extension's commands", async () => {
    await page.getByRole("button", { name: "Index", exact: true }).click();
    await page.getByRole("button", { name: "Pause" }).click();
    told({ state: "paused" });
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("button", { name: "Clear" }).click();
    await expect
      .poll(() => scene.host.asked("runCommand").map(({ command }) => command))
      .toEqual([
        "heirloom.indexCode",
        "heirloom.pauseCodeIndexing",
        "heirloom.resumeCodeIndexing",
        "heirloom.clearCodeIndex",
      ]);
  });

  test("of an index that was cleared stays so while the page is open: nothing is asked that would make it anew", async () => {
    await find("page");
    await page.locator(".symbol-open").first().waitFor();
    await scene.here.engine.indexControl({ action: "clear" }, {});
    await page.getByText("The code is not indexed yet").waitFor();
    await page.getByRole("button", { name: "Question" }).click();
    await page.getByRole("textbox", { name: "Question" }).fill("where is the page cache");
    await page.waitForTimeout(600);
    expect(await scene.here.engine.indexControl({ action: "status" }, {})).toMatchObject({ state: "empty", files: 0 });
    await scene.here.engine.indexControl({ action: "sync" }, {});
    await page.locator(".located li").first().waitFor();
  });

  test("of code that is switched off leads to the setting and offers nothing else", async () => {
    told({ state: "off" });
    await page.getByText("The code is not indexed").waitFor();
    expect(await page.locator(".index-state, .search-bar").count()).toBe(0);
    await page.getByText("Settings").click();
    await expect.poll(() => scene.host.asked("runCommand")).toEqual([{ command: "heirloom.openSettings" }]);
  });
});

describe("symbols", () => {
  test("are found as their name is typed, and open in the editor by a click", async () => {
    await find("evict");
    const row = page.locator(".symbol-open", { hasText: "PageTable.evictPage" });
    await row.waitFor();
    expect(await row.textContent()).toMatch(/method.*src\/pages\.ts:4/u);
    await row.click();
    await expect
      .poll(() => scene.host.asked("openAnchor"))
      .toEqual([{ path: "src/pages.ts", startLine: 4, endLine: 6 }]);
  });

  test("are gone through by keys", async () => {
    await find("page");
    await page.locator(".symbol-open").first().waitFor();
    await page.keyboard.press("ArrowDown");
    const focused = (): Promise<string | null> => page.evaluate("document.activeElement?.textContent");
    await expect.poll(focused).toContain("PageTable");
    await page.keyboard.press("ArrowDown");
    await expect.poll(focused).toContain("evictPage");
    await page.keyboard.press("Enter");
    await expect.poll(() => scene.host.asked("openAnchor").length).toBe(1);
  });

  test("that are written while the page is open are found", async () => {
    await find("brandNew");
    await page.getByText("No symbol has that name").waitFor();
    scene.here.repository.write("src/new.ts", "export function brandNewThing(): void {}\n");
    await scene.here.engine.indexControl({ action: "sync" }, {});
    await page.locator(".symbol-open", { hasText: "brandNewThing" }).waitFor();
  });

  test("that cannot be asked for say why, and can be asked for again", async () => {
    scene.host.instead.findSymbols = () => {
      throw new HeirloomError("OWNER_UNREACHABLE", "The engine does not answer");
    };
    await find("page");
    await page.getByText("The engine does not answer").waitFor();
    delete scene.host.instead.findSymbols;
    await page.getByText("Try Again").click();
    await page.locator(".symbol-open", { hasText: "PageTable" }).first().waitFor();
  });
});

describe("the graph around a symbol", () => {
  const graphOf = async (symbol: string): Promise<void> => {
    await find(symbol);
    await page.getByRole("button", { name: `Callers and callees of ${symbol}`, exact: true }).click();
    await page.locator(".graph-middle").waitFor();
  };
  const middle = () => page.locator(".graph-middle strong");
  const labels = (side: "left" | "right") => page.locator(`.graph-column.is-${side} .graph-text`).allTextContents();

  test("has who depends on it at the left and what it depends on at the right, tests marked", async () => {
    await graphOf("invalidate");
    expect(await middle().textContent()).toBe("invalidate");
    expect(await labels("left")).toEqual(["PageTable.evictPage", "forgets a page"]);
    expect(await page.locator(".graph-node.is-test").textContent()).toContain("forgets a page, test");
    expect(await labels("right")).toEqual([]);
    expect(await page.locator(".graph-line").count()).toBe(2);
  });

  test("is gone through by clicks, with a way back", async () => {
    await graphOf("invalidate");
    await page.locator(".graph-open", { hasText: "evictPage" }).click();
    await expect.poll(() => middle().textContent()).toBe("PageTable.evictPage");
    expect(await labels("right")).toEqual(["invalidate"]);
    await page.getByRole("button", { name: "invalidate", exact: true }).click();
    await expect.poll(() => middle().textContent()).toBe("invalidate");
    await page.getByRole("button", { name: "Symbols", exact: true }).last().click();
    await page.locator(".symbol-open").first().waitFor();
  });

  test("is gone through by keys", async () => {
    await graphOf("invalidate");
    await page.locator(".graph-middle:focus").waitFor();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await expect.poll(() => middle().textContent()).toBe("PageTable.evictPage");
    await page.locator(".graph-middle:focus").waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => scene.host.asked("openAnchor")).toMatchObject([{ path: "src/pages.ts", startLine: 4 }]);
    await page.keyboard.press("Escape");
    await expect.poll(() => middle().textContent()).toBe("invalidate");
  });

  test("opens what stands around in the editor", async () => {
    await graphOf("invalidate");
    await page.getByRole("button", { name: "Open forgets a page in the editor" }).click();
    await expect.poll(() => scene.host.asked("openAnchor")).toMatchObject([{ path: "test/cache.test.ts" }]);
  });
});

describe("a question", () => {
  const ask = async (question: string): Promise<void> => {
    await page.getByRole("button", { name: "Question" }).click();
    await page.getByRole("textbox", { name: "Question" }).fill(question);
  };

  test("shows the files that an agent would be led to, each with why, and what it would be told", async () => {
    await ask("where is the page cache invalidated");
    const file = page.locator(".located li", { has: page.getByTitle("Open src/cache.ts") });
    await file.waitFor();
    const located = await scene.here.engine.locate({ query: "where is the page cache invalidated", limit: 10 }, {});
    expect(await page.locator(".located-path").allTextContents()).toEqual(located.files.map(({ path }) => path));
    expect(await file.textContent()).toContain(located.files.find(({ path }) => path === "src/cache.ts")?.reasons[0]);
    await page.locator(".markdown", { hasText: "by inode" }).waitFor();
    await file.getByRole("button", { name: "invalidate:1" }).click();
    await expect
      .poll(() => scene.host.asked("openAnchor"))
      .toEqual([{ path: "src/cache.ts", startLine: 1, endLine: 1 }]);
  });

  test("opens the lines of a part of the bundle that is code in the editor", async () => {
    scene.host.instead.buildContext = () => ({
      ...{ markdown: "some code", tokens: 9, dropped: [], stoppedBecause: "complete" },
      items: [{ ref: "src/cache.ts:1-2", title: "invalidate", tokens: 9, why: "defines it", path: "src/cache.ts" }],
      intent: { name: "symbol", confidence: 0.9, why: ["it writes a name"] },
      code: { state: "partial", pending: 7 },
    });
    await ask("invalidate()");
    await page.getByText("Understood as symbol (90 %): it writes a name.").waitFor();
    await page.getByText("7 files are not indexed yet.").waitFor();
    await page.locator(".bundle .ref", { hasText: "invalidate" }).click();
    await expect
      .poll(() => scene.host.asked("openAnchor"))
      .toEqual([{ path: "src/cache.ts", startLine: 1, endLine: 2 }]);
  });

  test("says what is missing while code is indexed", async () => {
    scene.host.instead.locate = () => ({ files: [], pending: 40, paused: true });
    await ask("where is it");
    await page.getByText("40 files are not indexed yet").waitFor();
    await page.getByText("Indexing is paused").waitFor();
  });

  test("is the one of the context view, and is kept", async () => {
    await ask("page cache");
    await page.locator(".markdown").waitFor();
    await page.locator("#tab-memories").click();
    await page.locator("#tab-code").click();
    await expect.poll(() => page.getByRole("textbox", { name: "Question" }).inputValue()).toBe("page cache");
  });
});
