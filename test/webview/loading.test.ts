import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeScene, openScene, type Scene, useBrowser } from "./support/scene.ts";

const BUILT = join(import.meta.dirname, "../../dist/webview");
const browser = useBrowser();
let scene: Scene;
beforeEach(async () => {
  scene = await makeScene("page-loading");
});
afterEach(() => scene.here.close());

test("what the first list does without is not loaded with it", () => {
  const modules = JSON.parse(readFileSync(join(BUILT, "explorer.json"), "utf8")) as readonly string[];
  const first = ["explorer.js", ...modules].map((name) => readFileSync(join(BUILT, name), "utf8")).join("");
  expect(first).toContain("row-title");
  // The chart's library, the components', and a view.
  for (const later of ["u-over", "adoptedStyleSheets", "lane-row"]) expect(first).not.toContain(later);
  expect(first.length).toBeLessThan(100_000);
});

test("the list is there before the components are, and stays where it is when they come", async () => {
  let come = (): void => undefined;
  const coming = new Promise<void>((resolve) => (come = resolve));
  const { page, complaints } = await openScene(browser(), scene, {
    late: { file: /elementDefinitions/u, after: () => coming },
  });
  const places = async () => [await page.locator("#row-0").boundingBox(), await page.locator("#row-2").boundingBox()];
  const before = await places();
  expect(await page.locator("vscode-textfield input").count()).toBe(0);
  come();
  await page.locator("vscode-textfield input").first().waitFor();
  await expect.poll(() => page.getByRole("combobox", { name: "Order" }).textContent()).toContain("Newest first");
  expect(await places()).toEqual(before);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test("the other views are loaded before they are opened", async () => {
  const { page } = await openScene(browser(), scene);
  const loaded = "performance.getEntriesByType('resource').some(({ name }) => name.includes('otherView'))";
  await expect.poll(() => page.evaluate(loaded)).toBe(true);
  await page.context().close();
});

test("a view that cannot be loaded says so, and the list goes on", async () => {
  const { page } = await openScene(browser(), scene, {
    late: { file: /otherView/u, after: async () => Promise.reject(new Error("gone")) },
  });
  await page.locator("#tab-health").click();
  await page.getByText("This view could not be loaded").waitFor();
  await page.locator("#tab-memories").click();
  await page.locator("#row-0").waitFor();
  await page.context().close();
});
