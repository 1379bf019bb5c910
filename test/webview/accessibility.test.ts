import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { EXPLORER_VIEWS } from "../../src/contract/explorer.ts";
import { makeScene, type Scene, useBrowser } from "./support/scene.ts";
import { THEMES, type Theme } from "./support/themes.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = useBrowser();
let scene: Scene;
beforeAll(async () => {
  scene = await makeScene("page-axe");
  for (const time of ["minute", "hour"]) {
    await scene.here.remember(
      `Every price of the shop is cached for one ${time}, and then it is read again from the shop.`,
    );
  }
  await scene.here.engine.revise({ id: scene.ids.cache, content: "We invalidate the page cache by path." }, {});
  await scene.here.engine.indexControl({ action: "sync" }, {});
  await scene.here.engine.hooks.hook("SessionStart", { session_id: "s-1", source: "startup" }, { agent: "claude" });
});
afterAll(() => scene.here.close());

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core finds that is serious or worse. */
async function violations(page: Page): Promise<readonly string[]> {
  const found = await page.evaluate<readonly Violation[]>(
    "axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations)",
  );
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

for (const theme of Object.keys(THEMES) as Theme[]) {
  test(`axe finds no serious violation in any view, ${theme}`, async () => {
    for (const width of [300, 1100]) {
      const { page } = await browser().open(scene.host, { theme, width });
      await page.evaluate(axe);
      const check = async (where: string): Promise<void> => {
        await page.waitForTimeout(100);
        expect.soft(await violations(page), `${where}, ${theme}, ${width}`).toEqual([]);
      };
      await page.locator(".row").first().waitFor();
      await page.locator(".list").focus();
      await check("memories");
      await page.locator("#row-1").click();
      await page.locator(".memory-text").waitFor();
      await check("detail");
      await page.getByRole("button", { name: "Edit" }).click();
      await check("edit");
      for (const view of EXPLORER_VIEWS.slice(1)) {
        await page.locator(`#tab-${view}`).click();
        await page.waitForTimeout(150);
        if (view === "context") {
          await page.locator("#question input").fill("page cache");
          await page.locator(".markdown").waitFor();
        }
        if (view === "code") {
          await page.locator("#view").getByRole("textbox").fill("invalidate");
          await page.locator(".symbol-open").first().waitFor();
          await check("symbols");
          await page.getByRole("button", { name: "Callers and callees of invalidate" }).click();
          await page.locator(".graph-middle").waitFor();
        }
        if (view === "receipts") await page.locator(".receipt .ref").first().waitFor();
        await check(view);
      }
      scene.host.notice("state", { trust: "restricted", folders: [] });
      await page.getByText("Manage Workspace Trust").waitFor();
      await check("restricted");
      await page.context().close();
    }
  });
}
