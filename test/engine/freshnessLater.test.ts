import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { committedAnchors } from "../../src/engine/committedAnchors.ts";
import { type Comparable, TreeFreshness } from "../../src/engine/treeFreshness.ts";
import { TreeSources } from "../../src/engine/treeSources.ts";
import { createNodeGit } from "../../src/serve/nodeGit.ts";
import { temporaryFolder, TestRepository } from "../support/repository.ts";
import { memoryOf } from "./retrieve/support/memory.ts";

const SETTINGS = "limit of the queue = 10\nworkers of the queue = 3\nretries of the queue = 5\n";
const git = createNodeGit();
const parser = { parse: () => Promise.reject(new Error("no symbol is asked for")) };
const logger = { log: () => undefined };
const PATIENCE_MS = 60_000;

let repository: TestRepository;
let remove: () => void;
let one: Comparable;
/** Milliseconds that went by at once. */
let past: number;
/** How often it was asked since when something is so. */
let asked: number;
beforeEach(() => {
  const { folder, ...rest } = temporaryFolder("freshness-later");
  remove = rest.remove;
  repository = TestRepository.init(folder);
  const commit = repository.commit("queue.conf", SETTINGS);
  const provenance = { at: 0, dirty: false, pending: false, commit };
  one = { store: "store", row: 1, memory: memoryOf({ id: "a", anchors: [{ path: "queue.conf" }], provenance }) };
  [past, asked] = [0, 0];
});
afterEach(() => remove());

function openTree(later?: (those: readonly Comparable[]) => void): TreeFreshness {
  const { root } = repository;
  const clock = { now: () => Date.now() + past, monotonic: () => performance.now() + past };
  const index = (): undefined => undefined;
  return new TreeFreshness({
    sources: new TreeSources({ root, isRepository: true, git, parser, index, clock, logger }),
    since: () => {
      asked++;
      return Promise.resolve("uncommitted");
    },
    fill: (memories) => committedAnchors(memories, root, { git, parser }),
    ...(later === undefined ? {} : { later }),
    clock,
    logger,
  });
}

const state = (tree: TreeFreshness): object | undefined => tree.stateOf(one.store, one.row);

test("a request waits for no date and for nothing that was lost long ago where somebody sees to that later", async () => {
  const told: (readonly Comparable[])[] = [];
  const tree = openTree((those) => told.push(those));
  rmSync(join(repository.root, "queue.conf"));
  await tree.within([one], PATIENCE_MS);
  expect(state(tree)).toMatchObject({ freshness: "orphaned", anchors: [{ freshness: "orphaned" }] });
  expect([told, asked, tree.isUndated(one), tree.isAged(one)]).toEqual([[[one]], 0, true, false]);
  await tree.date([one], Infinity);
  expect(state(tree)).toMatchObject({ anchors: [{ since: "uncommitted" }] });
  repository.write("elsewhere/queue.conf", SETTINGS);
  past += 60_000;
  await tree.within([one], PATIENCE_MS);
  expect(state(tree)).toMatchObject({ freshness: "orphaned" });
  expect([told.length, tree.isAged(one)]).toEqual([2, true]);
  await tree.compare([one], Infinity);
  expect(state(tree)).toMatchObject({ freshness: "fresh", anchors: [{ now: { path: "elsewhere/queue.conf" } }] });
});

test("a request finds that out by itself where nobody sees to it later", async () => {
  const tree = openTree();
  rmSync(join(repository.root, "queue.conf"));
  await tree.within([one], PATIENCE_MS);
  expect(state(tree)).toMatchObject({ freshness: "orphaned", anchors: [{ since: "uncommitted" }] });
  repository.write("elsewhere/queue.conf", SETTINGS);
  past += 60_000;
  await tree.within([one], PATIENCE_MS);
  expect(state(tree)).toMatchObject({ freshness: "fresh" });
});

test("since when it is so is not asked again of what is found as it was, but of what has become something else", async () => {
  const tree = openTree();
  rmSync(join(repository.root, "queue.conf"));
  await tree.within([one], PATIENCE_MS);
  past += 60_000;
  await tree.within([one], PATIENCE_MS);
  expect(state(tree)).toMatchObject({ freshness: "orphaned", anchors: [{ since: "uncommitted" }] });
  expect(asked).toBe(1);
  repository.write("queue.conf", `${SETTINGS}${SETTINGS.replaceAll("queue", "pool")}timeout of both = 8\n`);
  past += 60_000;
  await tree.within([one], PATIENCE_MS);
  expect(state(tree)).toMatchObject({ freshness: "drifted", anchors: [{ since: "uncommitted" }] });
  expect(asked).toBe(2);
});
