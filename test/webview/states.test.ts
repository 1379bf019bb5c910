import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { HeirloomError } from "../../src/contract/errors.ts";
import type { ExplorerState } from "../../src/contract/explorer.ts";
import { EngineInRepository } from "../support/engineInRepository.ts";
import { ExplorerHost, openState } from "./support/explorerHost.ts";
import { useBrowser } from "./support/scene.ts";

const browser = useBrowser();
let here: EngineInRepository;
let host: ExplorerHost;
let page: Page;
beforeEach(async () => {
  here = await EngineInRepository.open("page-states");
  host = new ExplorerHost(here.engine, openState);
});
afterEach(async () => {
  await page.context().close();
  await here.close();
});

const open = async (state: ExplorerState = openState): Promise<void> => {
  host.state = state;
  ({ page } = await browser().open(host, { width: 300 }));
};
const folder = { path: "/work/scene", name: "scene" };

describe("before there is something to show", () => {
  test("a restricted window shows nothing of what it may be answered, and offers to manage trust", async () => {
    await open({ trust: "restricted", folders: [] });
    await page.getByText("Manage Workspace Trust").click();
    await expect.poll(() => host.requests.map(({ name }) => name)).toEqual(["state", "browse", "runCommand"]);
    expect(await page.locator(".list, .row, .tabs").count()).toBe(0);
    host.notice("state", openState);
    await page.getByText("Nothing is remembered yet").waitFor();
  });

  test("a window without a folder says so", async () => {
    await open({ trust: "trusted", folders: [] });
    await page.getByText("No folder is open").waitFor();
  });

  test("a store that opens is waited for, and shown when it is there", async () => {
    await open({ ...openState, folders: [{ ...folder, state: "opening" }] });
    await page.getByText("Opening the memories of scene…").waitFor();
    host.notice("state", openState);
    await page.getByText("Nothing is remembered yet").waitFor();
  });

  test("a store that does not open says why and can be tried again", async () => {
    const problem = { code: "STORE_CORRUPT", message: "journal-3.log is damaged" };
    await open({ ...openState, folders: [{ ...folder, state: "failed", problem }] });
    expect(await page.locator(".error-state").textContent()).toContain("journal-3.log is damaged");
    host.state = openState;
    await page.getByText("Try Again").click();
    await page.getByText("Nothing is remembered yet").waitFor();
  });

  test("folders of a window can be chosen between", async () => {
    const other = { path: "/work/other", name: "other", state: "open" as const };
    await open({ ...openState, folders: [{ ...folder, state: "open" }, other] });
    await page.locator(".folder-choice vscode-single-select").click();
    await page.getByRole("option", { name: "other" }).click();
    await expect.poll(() => host.asked("selectFolder")).toEqual([{ path: "/work/other" }]);
    // The list is the other folder's then.
    await expect.poll(() => host.asked("browse").length).toBe(2);
  });
});

describe("an empty store", () => {
  test("offers what to do next", async () => {
    await open();
    for (const name of ["Learn from the History", "Connect an Agent", "Remember Something"]) {
      await page.getByText(name).click();
    }
    await expect
      .poll(() => host.asked("runCommand").map(({ command }) => command))
      .toEqual(["heirloom.learn", "heirloom.connectAgent", "heirloom.remember"]);
  });

  test("tells how far learning is, and shows what is learned without being asked", async () => {
    await open({ ...openState, learning: { commitsRead: 120 } });
    await page.getByText("120 commits read").waitFor();
    await here.remember("learned");
    await page.locator(".row", { hasText: "learned" }).waitFor();
  });
});

test("a branch that inherits nothing shows that other branches know something", async () => {
  here.repository.git("switch", "-qc", "other");
  here.repository.commit("b.ts");
  await here.remember("known on the other branch");
  here.repository.git("switch", "-q", "main");
  await open();
  await page.getByText("Nothing is visible from main").waitFor();
  await page.getByText("Show Hidden Memories").click();
  await page.locator(".row", { hasText: "known on the other branch" }).waitFor();
});

test("an error says what to do, and the list is there again after a retry", async () => {
  await here.remember("one memory");
  host.instead.browse = () => {
    throw new HeirloomError("QUERY_TIMEOUT", "The search took longer than 5 s and was stopped");
  };
  await open();
  expect(await page.locator(".error-state").textContent()).toContain("Fewer or other words");
  delete host.instead.browse;
  await page.getByText("Try Again").click();
  await page.locator(".row", { hasText: "one memory" }).waitFor();
});

test("what fails is told, and nothing is taken for done", async () => {
  await here.remember("one memory");
  await open();
  await page.locator(".row").click();
  host.instead.forget = () => {
    throw new HeirloomError("OWNER_UNREACHABLE", "The window that writes this store does not answer");
  };
  await page.getByRole("button", { name: "Forget" }).click();
  await page.locator(".toast", { hasText: "does not answer" }).waitFor();
  expect(await page.locator(".toast", { hasText: "Undo" }).count()).toBe(0);
});
