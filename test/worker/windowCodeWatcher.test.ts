import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CodeSubscription, CodeWatcher } from "../../src/engine/ports.ts";
import { WindowCodeWatcher } from "../../src/worker/windowCodeWatcher.ts";

let watched: string[];
let elsewhere: string[];
const open: CodeSubscription[] = [];
beforeEach(() => {
  watched = ["/w"];
  elsewhere = [];
});
afterEach(() => open.splice(0).forEach((subscription) => subscription.dispose()));

/** Stands for Node's watcher, which is tested by itself. */
const noted: CodeWatcher = {
  subscribe: (root) => {
    elsewhere.push(root);
    return { isWatching: () => false, cover: () => undefined, dispose: () => undefined };
  },
};

function follow(watcher: WindowCodeWatcher, root: string) {
  const told: (readonly string[] | undefined)[] = [];
  const subscription = watcher.subscribe(root, (paths) => told.push(paths));
  open.push(subscription);
  return { told, subscription };
}
const create = (longestTrustMs = 60_000) =>
  new WindowCodeWatcher({ watched: () => watched, elsewhere: noted, longestTrustMs });

describe("a work tree that VS Code watches", () => {
  it("hears what VS Code saw in its folder, and is taken for watched from the start", () => {
    const watcher = create();
    const { told, subscription } = follow(watcher, "/w");
    watcher.tell("/w", ["src/a.ts"]);
    watcher.tell("/w", undefined);
    expect(told).toEqual([["src/a.ts"], undefined]);
    expect(subscription.isWatching()).toBe(true);
    expect(elsewhere).toEqual([]);
  });

  it("hears what changed below its own root alone, by its own paths", () => {
    const watcher = create();
    const { told } = follow(watcher, "/w/lib");
    watcher.tell("/w", ["lib/src/a.ts", "library/b.ts", "c.ts"]);
    watcher.tell("/w", ["c.ts"]);
    expect(told).toEqual([["src/a.ts"]]);
  });

  it("is walked before each answer once its folder left the window", () => {
    const { subscription } = follow(create(), "/w");
    watched = [];
    expect(subscription.isWatching()).toBe(false);
  });

  it("hears nothing any more after it ended", () => {
    const watcher = create();
    const { told, subscription } = follow(watcher, "/w");
    subscription.dispose();
    watcher.tell("/w", ["a.ts"]);
    expect(told).toEqual([]);
  });

  it("is walked anew from time to time, as VS Code does not say when its watcher fails", async () => {
    const { told } = follow(create(20), "/w");
    await expect.poll(() => told.length).toBeGreaterThan(1);
    expect(told[0]).toBeUndefined();
  });
});

it("a work tree that begins above the window's folders, or beside them, is watched by our own watcher", () => {
  const watcher = create();
  follow(watcher, "/");
  follow(watcher, "/www");
  expect(elsewhere).toEqual(["/", "/www"]);
});
