import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CodeRules, USUAL_CODE_RULES } from "../../src/contract/codeRules.ts";
import { folderOf, openTestWindow, type TestWindow } from "../support/engineWindow.ts";
import { TestRepository, temporaryFolder } from "../support/repository.ts";

/** Time for what happens at once, on a machine that does other things too. */
const SOON = { timeout: 20_000 };

let root: string;
let remove: () => void;
let repository: TestRepository;
const windows: TestWindow[] = [];

beforeEach(() => {
  ({ folder: root, remove } = temporaryFolder("code"));
  repository = TestRepository.init(join(root, "main"));
  repository.write("src/lighthouse.ts", "export function turnLamp(): void {}\n");
  repository.write("generated/chart.ts", "export function turnChart(): void {}\n");
  repository.commit("README.md");
});
afterEach(async () => {
  await Promise.all(windows.splice(0).map((window) => window.close()));
  remove();
});

async function open(rules: Partial<CodeRules> = {}): Promise<TestWindow> {
  const folders = [{ ...folderOf(repository.root), code: { ...USUAL_CODE_RULES, ...rules } }];
  const window = await openTestWindow(join(root, "data"), [], { folders });
  windows.push(window);
  return window;
}
const here = () => ({ workspace: repository.root });
const set = (window: TestWindow, rules: Partial<CodeRules>) =>
  window.api.setCodeRules(repository.root, { ...USUAL_CODE_RULES, ...rules });
const sync = (window: TestWindow) => window.api.indexControl({ action: "sync" }, here());
async function found(window: TestWindow, query: string): Promise<readonly string[]> {
  return (await window.api.locate({ query }, here())).files.map(({ path }) => path);
}

describe("what a person leaves out in VS Code", () => {
  it("is not indexed, with the reason, and is when the setting changes", async () => {
    const window = await open({ exclude: ["**/generated"] });
    expect((await sync(window)).leftOut).toMatchObject({ excluded: 1 });
    expect(await found(window, "turnChart")).not.toContain("generated/chart.ts");
    await set(window, {});
    expect(await found(window, "turnChart")).toContain("generated/chart.ts");
    await set(window, { exclude: ["**/generated"] });
    expect(await found(window, "turnChart")).not.toContain("generated/chart.ts");
  });
});

it("a folder of too many files is indexed in the order of paths up to the limit, and says how many are left out", async () => {
  const window = await open({ mostFiles: 2 });
  expect(await sync(window)).toMatchObject({ state: "ready", files: 2, leftOut: { "too many files": 1 } });
  expect(await found(window, "turnChart")).toContain("generated/chart.ts");
  expect(await found(window, "turnLamp")).not.toContain("src/lighthouse.ts");
});

describe("indexing that is switched off", () => {
  it("reads nothing, and a question is refused with what to do", async () => {
    const window = await open({ enabled: false });
    expect(await sync(window)).toMatchObject({ state: "off", files: 0 });
    await expect(found(window, "turnLamp")).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining("heirloom.code.enabled") as string,
    });
  });

  it("gives up what is indexed, and begins again when it is switched on", async () => {
    const window = await open();
    expect((await sync(window)).files).toBe(3);
    await set(window, { enabled: false });
    expect(await window.api.indexControl({ action: "status" }, here())).toMatchObject({ state: "off", files: 0 });
    await set(window, {});
    expect(await found(window, "turnLamp")).toContain("src/lighthouse.ts");
  });
});

describe("indexing that is paused", () => {
  it("answers with what there is, says so, and takes what came meanwhile once it goes on", async () => {
    const window = await open();
    await sync(window);
    await set(window, { paused: true });
    repository.write("src/later.ts", "export function turnLater(): void {}\n");
    await window.api.codeChanged(repository.root, ["src/later.ts"]);
    expect(await window.api.locate({ query: "turnLater" }, here())).toMatchObject({ paused: true });
    expect(await found(window, "turnLater")).not.toContain("src/later.ts");
    expect(await found(window, "turnLamp")).toContain("src/lighthouse.ts");
    expect((await sync(window)).state).toBe("paused");
    await set(window, {});
    expect(await found(window, "turnLater")).toContain("src/later.ts");
  });

  it("stops a first index in the middle, and the rest follows when it goes on", async () => {
    const files = 700;
    for (let at = 0; at < files; at++) repository.write(`many/m${at}.ts`, `export const many${at} = ${at};\n`);
    const window = await open();
    const running = sync(window);
    await expect.poll(() => window.events.code.some(({ status }) => status.files > 0), SOON).toBe(true);
    await set(window, { paused: true });
    const paused = await running;
    expect(paused.state).toBe("paused");
    expect(paused.pending).toBeGreaterThan(0);
    expect(paused.files + paused.pending).toBe(files + 3);
    await set(window, {});
    expect(await sync(window)).toMatchObject({ state: "ready", files: files + 3, pending: 0 });
  });
});

it("clearing stops an index that is being made", async () => {
  for (let at = 0; at < 700; at++) repository.write(`many/m${at}.ts`, `export const many${at} = ${at};\n`);
  const window = await open();
  const running = sync(window);
  await expect.poll(() => window.events.code.some(({ status }) => status.files > 0), SOON).toBe(true);
  expect(await window.api.indexControl({ action: "clear" }, here())).toMatchObject({ state: "empty", files: 0 });
  await running;
  expect(await window.api.indexControl({ action: "status" }, here())).toMatchObject({ state: "empty", pending: 0 });
});

describe("changes that VS Code tells of", () => {
  it("are found at the next question", async () => {
    const window = await open();
    await sync(window);
    repository.write("src/buoy.ts", "export function ringBell(): void {}\n");
    await window.api.codeChanged(repository.root, ["src/buoy.ts"]);
    expect(await found(window, "ringBell")).toContain("src/buoy.ts");
  });

  it("are waited for: nothing is walked where nothing was told", async () => {
    const window = await open();
    await sync(window);
    repository.write("src/buoy.ts", "export function ringBell(): void {}\n");
    expect(await found(window, "ringBell")).not.toContain("src/buoy.ts");
  });
});

it("progress is told: how far a first index is, and when it is ready", async () => {
  const window = await open();
  await sync(window);
  await expect
    .poll(() => window.events.code.at(-1))
    .toMatchObject({
      path: repository.root,
      status: { state: "ready", files: 3 },
    });
  expect(window.events.code.map(({ status }) => status.state)).toContain("indexing");
});

it("health says what the index holds and why it does not grow", async () => {
  const window = await open();
  const code = async () => (await window.api.health(false, here())).components["code"];
  expect(await code()).toMatchObject({ status: "healthy" });
  await sync(window);
  expect((await code())?.message).toContain("3 files");
  await set(window, { paused: true });
  expect((await code())?.message).toContain("paused");
  await set(window, { enabled: false });
  expect((await code())?.message).toContain("heirloom.code.enabled");
});
