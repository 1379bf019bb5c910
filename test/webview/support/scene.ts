import { afterAll, afterEach, beforeAll } from "vitest";
import type { Page } from "playwright-core";
import { EngineInRepository } from "../../support/engineInRepository.ts";
import { ExplorerHost, openState } from "./explorerHost.ts";
import { PageBrowser, type PageOptions } from "./explorerPage.ts";

/** Text that would run if it were ever taken for HTML. */
export const HOSTILE = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';

export interface Scene {
  readonly here: EngineInRepository;
  readonly host: ExplorerHost;
  /** Ids by what they are. */
  readonly ids: { readonly cache: string; readonly token: string; readonly hidden: string };
}

/** A browser for all tests of a file, closed with them. */
export function useBrowser(): () => PageBrowser {
  let browser: PageBrowser | undefined;
  const ends: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    browser = await PageBrowser.start();
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });
  afterAll(() => browser?.close());
  return () => {
    if (browser === undefined) throw new Error("The browser starts before the tests");
    return browser;
  };
}

/** A real engine on a repository with two branches, main being checked out and the other one hidden from it. */
export async function makeScene(name: string): Promise<Scene> {
  // A page that was told once that a search took too long waits for a person to try again.
  const here = await EngineInRepository.open(name, "repository", { queryTimeoutMs: 30_000 });
  const { repository } = here;
  repository.commit("src/cache.ts", "export function invalidate(): void {}\n", "Cache pages by inode");
  const cache = await here.remember("We invalidate the page cache by inode, because editors save by renaming.", {
    title: "Invalidate the page cache by inode",
    kind: "decision",
    tags: ["cache"],
    anchors: [{ path: "src/cache.ts", symbol: "invalidate", startLine: 1 }],
  });
  const token = await here.remember("Never log the token of the loopback server.", { kind: "rule" }, "claude-code");
  await here.remember(`Hostile: ${HOSTILE}`, { title: `Title ${HOSTILE}`, kind: "gotcha" });
  repository.git("switch", "-qc", "feature/eviction");
  repository.commit("src/evict.ts");
  const hidden = await here.remember("Eviction runs on a timer of five seconds.", { kind: "plan" });
  repository.git("switch", "-q", "main");
  repository.commit("src/main.ts", "export {};\n", "Main goes on");
  return { here, host: new ExplorerHost(here.engine, openState), ids: { cache, token, hidden } };
}

/** The page on a scene when its first rows are drawn. */
export async function openScene(
  browser: PageBrowser,
  scene: Scene,
  options: PageOptions = {},
): Promise<{ page: Page; complaints: readonly string[] }> {
  const opened = await browser.open(scene.host, options);
  await opened.page.waitForSelector(".row .row-title");
  return opened;
}
