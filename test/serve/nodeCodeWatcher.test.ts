import { mkdirSync, renameSync, rmSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CodeSubscription } from "../../src/engine/ports.ts";
import { createNodeCodeWatcher, type NodeCodeWatcherOptions } from "../../src/serve/nodeCodeWatcher.ts";
import { temporaryFolder } from "../support/repository.ts";

let root: string;
let remove: () => void;
let subscription: CodeSubscription | undefined;
let told: (readonly string[] | undefined)[];
beforeEach(() => {
  ({ folder: root, remove } = temporaryFolder("watch"));
  told = [];
});
afterEach(() => {
  subscription?.dispose();
  remove();
});

function write(path: string, text = "x"): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
function subscribe(folders: readonly string[], options: NodeCodeWatcherOptions = {}): CodeSubscription {
  const watcher = createNodeCodeWatcher({ quietMs: 20, longestMs: 200, ...options });
  subscription = watcher.subscribe(root, (paths) => told.push(paths));
  subscription.cover(new Set(folders));
  return subscription;
}
/** Waits until something is told that answers, and forgets what was told. */
async function until(holds: (paths: readonly string[], anything: boolean) => boolean): Promise<void> {
  await expect
    .poll(
      () =>
        holds(
          told.flatMap((paths) => paths ?? []),
          told.includes(undefined),
        ),
      { timeout: 10_000, interval: 10 },
    )
    .toBe(true);
  told = [];
}

test("tells the folders that it begins to watch, then what is written, made, renamed and removed in them", async () => {
  write("src/deep/a.ts");
  subscribe(["src/deep"]);
  await until((paths) => ["", "src", "src/deep"].every((folder) => paths.includes(folder)));
  write("src/deep/a.ts", "changed");
  await until((paths) => paths.includes("src/deep/a.ts"));
  renameSync(join(root, "src/deep/a.ts"), join(root, "src/b.ts"));
  await until((paths) => paths.includes("src/deep/a.ts") && paths.includes("src/b.ts"));
  rmSync(join(root, "src/b.ts"));
  await until((paths) => paths.includes("src/b.ts"));
});

test("a file in a folder that was made empty, or was moved here, is told", async () => {
  write("src/a.ts");
  const watching = subscribe(["src"]);
  expect(watching.isWatching()).toBe(true);
  await until((paths) => paths.includes("src"));
  mkdirSync(join(root, "src/new/inner"), { recursive: true });
  await until((paths) => paths.includes("src/new"));
  // A walk meanwhile finds no code in it yet.
  watching.cover(new Set(["src"]));
  write("src/new/inner/b.ts");
  await until((paths) => paths.includes("src/new/inner/b.ts"));
  renameSync(join(root, "src/new"), join(root, "src/moved"));
  await until((paths) => paths.includes("src/moved"));
  write("src/moved/inner/c.ts");
  await until((paths) => paths.includes("src/moved/inner/c.ts"));
});

test("what appears in .git and in folders of other people's code is not told", async () => {
  mkdirSync(join(root, "node_modules/x"), { recursive: true });
  mkdirSync(join(root, ".git"));
  subscribe([""]);
  await until((paths) => paths.includes(""));
  write(".git/index", "x");
  write("node_modules/x/index.js");
  write("last.ts");
  await expect.poll(() => told.flat().includes("last.ts")).toBe(true);
  expect(told.flat().filter((path) => path !== "last.ts")).toEqual([]);
});

test("a storm of changes is told as one that may be anything", async () => {
  write("a.ts");
  subscribe([""]);
  await until((paths) => paths.includes(""));
  for (let index = 0; index < 700; index++) write(`f${index}.ts`);
  await until((_paths, anything) => anything);
  write("a.ts", "after");
  await until((paths) => paths.includes("a.ts"));
});

test("changes that never pause are told all the same", async () => {
  write("a.ts");
  subscribe([""], { quietMs: 60, longestMs: 150 });
  await until((paths) => paths.includes(""));
  const writing = setInterval(() => write("a.ts", String(Math.random())), 5);
  try {
    await until((paths) => paths.includes("a.ts"));
  } finally {
    clearInterval(writing);
  }
});

test.each(["ENOSPC", "EMFILE"])(
  "where the system has no more watches (%s) it says so and asks for a walk again and again",
  async (code) => {
    write("src/a.ts");
    const refuse = ((...args: Parameters<typeof watch>) => {
      if (String(args[0]).endsWith("src")) throw Object.assign(new Error(code), { code });
      return watch(...args);
    }) as typeof watch;
    const watching = subscribe(["src"], { watch: refuse, intervalMs: 30 });
    expect(watching.isWatching()).toBe(false);
    await until((_paths, anything) => anything);
    await until((_paths, anything) => anything);
    watching.dispose();
    told = [];
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(told).toEqual([]);
  },
);

test("where the system watches whole trees one watch is enough, and its failure is no error", async () => {
  write("src/a.ts");
  const watching = subscribe([], { platform: "darwin" });
  await until((paths) => paths.includes(""));
  write("src/a.ts", "changed");
  await until((paths) => paths.includes("src/a.ts"));
  expect(watching.isWatching()).toBe(true);
  watching.dispose();
  const refuse = (() => {
    throw Object.assign(new Error("EMFILE"), { code: "EMFILE" });
  }) as unknown as typeof watch;
  expect(subscribe([], { platform: "darwin", watch: refuse }).isWatching()).toBe(false);
});

test("after disposal nothing is told", async () => {
  write("a.ts");
  const watching = subscribe([""]);
  write("a.ts", "changed");
  watching.dispose();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(told).toEqual([]);
  expect(watching.isWatching()).toBe(false);
});
