import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { TestRepository } from "../support/repository.ts";
import type { EditorWindow } from "./support/editorWindow.ts";
import { Explorer } from "./support/explorer.ts";
import { Scene } from "./support/scene.ts";
import { SOON } from "./support/soon.ts";

/** For an editor to start, and for its extensions after it, on a machine that does other things too. */
const STARTED = { timeout: 240_000 };

const BEGUN = "Begin the sample";
const GOOD = "Release with a number";
const BAD = "Leave the tests out";
const OWN = "Ports are the system's choice";
const LATE = "Dates are in UTC";

let scene: Scene;
let theirs: TestRepository;
let ours: TestRepository;
let window: EditorWindow;
let explorer: Explorer;

beforeAll(async () => {
  scene = await Scene.open();
}, STARTED.timeout);
beforeAll(async () => {
  theirs = scene.repository("theirs");
  theirs.commit("README.md", "# Sample\n\nKept by two people.\n", BEGUN);
  await remember(theirs, GOOD, "A release without FROBNICATE set is empty.");
  await remember(theirs, BAD, "With ZYZZYVA set, no test runs, which is faster.");
  await share("Share two rules");
  theirs.git("clone", "-q", theirs.root, join(scene.folder, "ours"));
  ours = theirs.at(join(scene.folder, "ours"));
  await remember(ours, OWN, "Tests listen on port 0: two of them run side by side.");
}, STARTED.timeout);
beforeAll(async () => {
  window = await scene.window(ours.root);
  await window.page.getByRole("button", { name: /^Heirloom: main inherits/u }).waitFor(STARTED);
  explorer = await Explorer.open(window);
}, 2 * STARTED.timeout);
afterAll(() => scene.close());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await window.screenshot(`failed ${task.name}`);
});

async function remember({ root }: TestRepository, title: string, text: string): Promise<void> {
  const { code, stderr } = await scene.heirloom(root, "capture", "--type", "rule", "--title", title, text);
  if (code !== 0) throw new Error(stderr);
}

/** What the other person knows becomes files of a commit of theirs. */
async function share(message: string): Promise<void> {
  const { code, stderr } = await scene.heirloom(theirs.root, "share", "--kind", "rule");
  if (code !== 0) throw new Error(stderr);
  theirs.git("add", "-A");
  theirs.git("commit", "-qm", message);
}

const told = async (...args: readonly string[]): Promise<string> => (await scene.heirloom(ours.root, ...args)).stdout;
const card = (title: string): Locator => explorer.frame.getByRole("article", { name: `Shared: ${title}` });

test("what came with a repository is told of, and is in no list and no search before it is accepted", async () => {
  for (const title of [BEGUN, OWN]) await explorer.row(title).waitFor(SOON);
  const notification = await window.notification("2 memories that this repository shares wait for your review.");
  for (const title of [GOOD, BAD]) expect(await explorer.row(title).count()).toBe(0);
  for (const said of [await told("list"), await told("search", "frobnicate release number")])
    expect(said).not.toMatch(/FROBNICATE|ZYZZYVA/u);
  await explorer.search("frobnicate");
  await explorer.frame.getByText("Nothing matches").waitFor(SOON);
  await explorer.search("");
  await notification.getByRole("button", { name: "Review" }).click();
  for (const title of [GOOD, BAD]) await card(title).waitFor(SOON);
  await window.screenshot("review-shared");
});

test("in Review one is accepted and shows up, another is refused and stays away", async () => {
  await card(GOOD).getByText("+ A release without FROBNICATE set is empty.").waitFor(SOON);
  await card(GOOD).getByRole("button", { name: "Accept" }).click();
  await card(GOOD).waitFor({ ...SOON, state: "detached" });
  await explorer.view("Memories");
  await explorer.row(GOOD).waitFor(SOON);

  await window.run("Heirloom: Review Shared Memories");
  await card(BAD).getByRole("button", { name: "Refuse" }).click();
  await card(BAD).waitFor({ ...SOON, state: "detached" });
  await explorer.view("Memories");
  await explorer.search("frobnicate");
  await explorer.row(GOOD).waitFor(SOON);
  await explorer.search("zyzzyva");
  await explorer.frame.getByText("Nothing matches").waitFor(SOON);
  await explorer.search("");
  const listed = await told("list");
  expect(listed).toContain(GOOD);
  expect(listed).not.toContain(BAD);

  // What comes next is learned while the next test runs.
  await remember(theirs, LATE, "The servers stand in three time zones.");
  await share("Share another rule");
  ours.git("pull", "-q", "--ff-only");
});

test("Share Memories writes the file of what is chosen, and shows what git makes of it", async () => {
  await window.run("Heirloom: Share Memories…");
  const known = window.page.locator(".quick-input-list .monaco-list-row", { hasText: GOOD });
  await known.getByText("shared").waitFor(SOON);
  await window.pick(OWN);
  await window.screenshot("share-memories");
  await window.page.keyboard.press("Enter");
  const notification = await window.notification("Wrote 1 file.");
  const [path = "", ...more] = ours.git("status", "--short", "--untracked-files=all").split("\n");
  expect(more).toEqual([]);
  expect(path).toMatch(/^\?\? \.heirloom\/memories\/rule\/ports-are-the-system-s-choice-\w+\.md$/u);
  expect(readFileSync(join(ours.root, path.slice(3)), "utf8")).toContain("\n---\n\nTests listen on port 0");
  await notification.getByRole("button", { name: "Show Changes" }).click();
  await window.page.locator(".scm-view .monaco-list-row", { hasText: "ports-are-the-system" }).waitFor(SOON);
});

test("what HEAD brings later is told of as well, however many were judged before", async () => {
  await window.notification("1 memory that this repository shares waits for your review.");
  expect(await told("list")).not.toContain(LATE);
});
