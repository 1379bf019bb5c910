import { afterEach, beforeEach, expect, test } from "vitest";
import type { EngineChange } from "../../src/contract/explore.ts";
import { EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("changes");
});
afterEach(() => here.close());

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 400));

/** Everything that a listener is told from now on. */
async function listen(explore = here.explore): Promise<{ readonly told: EngineChange[]; readonly end: () => void }> {
  const told: (EngineChange & { readonly at: number })[] = [];
  const end = explore.onChange((change) => told.push({ ...change, at: performance.now() }));
  await settled();
  return { told, end };
}

test("a listener is told of memories that are captured, revised and forgotten, and of nothing else", async () => {
  const { told, end } = await listen();
  expect(told).toEqual([]);
  const id = await here.remember("new");
  await expect.poll(() => told.length).toBe(1);
  expect(told[0]).toMatchObject({ memories: true, head: false });
  await here.engine.revise({ id, pinned: true }, {});
  await expect.poll(() => told.length).toBe(2);
  await here.engine.forget({ id }, {});
  await expect.poll(() => told.length).toBe(3);
  end();
  await here.remember("nobody listens");
  await settled();
  expect(told).toHaveLength(3);
});

test("many changes are told together, at most ten times a second", async () => {
  const { told, end } = await listen();
  const started = performance.now();
  for (let index = 0; index < 40; index++) await here.remember(`one of many ${index}`);
  const took = performance.now() - started;
  await settled();
  end();
  expect(told.length).toBeGreaterThan(0);
  expect(told.length).toBeLessThanOrEqual(Math.ceil(took / 100) + 1);
});

test("a window that follows is told what another one writes, the user's first memory too", async () => {
  const follower = await here.another();
  const { told, end } = await listen(follower.engine.explore);
  await here.remember("written by the owner");
  await expect.poll(() => told.length, { timeout: 3000 }).toBe(1);
  expect(told[0]).toMatchObject({ memories: true, head: false });
  await here.remember("the first of the user", { scope: "user" });
  await expect.poll(() => told.length, { timeout: 3000 }).toBeGreaterThan(1);
  end();
  await follower.close();
});

test("a checkout and a commit in the terminal are told as moves of HEAD", async () => {
  const { told, end } = await listen();
  here.repository.git("checkout", "-q", "-b", "side");
  await expect.poll(() => told.filter(({ head }) => head).length, { timeout: 3000 }).toBe(1);
  here.repository.commit("side.txt");
  await expect.poll(() => told.filter(({ head }) => head).length, { timeout: 3000 }).toBe(2);
  end();
});

test("who watches git says so, and the move is told at once and once", async () => {
  const { told, end } = await listen();
  here.repository.git("checkout", "-q", "-b", "side");
  here.explore.headMoved(here.repository.root);
  await expect.poll(() => told.filter(({ head }) => head).length, { timeout: 1000, interval: 5 }).toBe(1);
  here.explore.headMoved(here.repository.root);
  await settled();
  expect(told).toHaveLength(1);
  end();
});

test("one listener that fails does not keep the others from being told", async () => {
  const ended = here.explore.onChange(() => {
    throw new Error("a broken view");
  });
  const { told, end } = await listen();
  await here.remember("new");
  await expect.poll(() => told.length).toBe(1);
  end();
  ended();
});
