import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EngineInRepository } from "../support/engineInRepository.ts";
import { TestRepository } from "../support/repository.ts";
import { join } from "node:path";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("lanes");
});
afterEach(() => here.close());

const lanes = (limit = 100) => here.explore.lanes({ limit }, {});

describe("lanes", () => {
  test("show where memories were made, on HEAD and on the branches of memories, and what HEAD inherits", async () => {
    const { repository } = here;
    const first = repository.head();
    await here.remember("on the first commit");
    await here.remember("for every branch", { scope: "repo" });
    repository.git("checkout", "-q", "-b", "side");
    const side = repository.commit("side.txt", "1\n", "learned \u001b aside");
    await here.remember("aside");
    repository.git("checkout", "-q", "main");
    repository.git("branch", "untouched");
    const second = repository.commit("b.txt");
    repository.git("tag", "-a", "-m", "release", "v1");
    repository.git("checkout", "-q", "untouched");
    const unseen = repository.commit("c.txt");
    repository.git("checkout", "-q", "main");
    const graph = await lanes();
    expect(graph).toMatchObject({ head: second, branch: "main", pending: 0, elsewhere: 0, more: false });
    expect(graph.commits.map(({ commit }) => commit)).not.toContain(unseen);
    const bySide = graph.commits.find(({ commit }) => commit === side);
    expect(bySide).toMatchObject({ parents: [first], memories: 1, visible: false, refs: ["side"], author: "Ada" });
    expect(bySide?.subject).toBe("learned aside");
    expect(graph.commits.find(({ commit }) => commit === second)).toMatchObject({
      visible: true,
      memories: 0,
      refs: ["main", "v1"],
    });
    expect(graph.commits.find(({ commit }) => commit === first)).toMatchObject({ memories: 2, visible: true });
  });

  test("hold every commit before its parents, and both parents of a merge", async () => {
    const { repository } = here;
    repository.git("checkout", "-q", "-b", "side");
    const side = repository.commit("s.txt");
    repository.git("checkout", "-q", "main");
    const main = repository.commit("m.txt");
    repository.git("merge", "-q", "--no-ff", "-m", "together", "side");
    const { commits } = await lanes();
    expect(commits[0]).toMatchObject({ parents: [main, side], subject: "together", visible: true });
    const place = new Map(commits.map(({ commit }, index) => [commit, index]));
    for (const [index, { parents }] of commits.entries())
      for (const parent of parents) expect(place.get(parent)).toBeGreaterThan(index);
    expect(commits.every(({ visible }) => visible)).toBe(true);
  });

  test("say that there are older commits, and how many memories those have", async () => {
    await here.remember("on the oldest");
    here.repository.grow("main", 30);
    here.repository.git("reset", "-q", "--hard");
    const graph = await lanes(10);
    expect(graph.commits).toHaveLength(10);
    expect(graph).toMatchObject({ more: true, elsewhere: 1 });
    expect(await lanes(31)).toMatchObject({ more: false, elsewhere: 0 });
  });

  test("count what waits for the next commit, and keep the commits of a branch that was deleted", async () => {
    const { repository } = here;
    repository.git("checkout", "-q", "-b", "gone");
    const gone = repository.commit("gone.txt");
    await here.remember("learned on a branch that goes");
    repository.git("checkout", "-q", "main");
    repository.git("branch", "-q", "-D", "gone");
    repository.write("dirty.txt", "not committed\n");
    await here.remember("waits");
    const graph = await lanes();
    expect(graph).toMatchObject({ pending: 1, elsewhere: 0 });
    expect(graph.commits.find(({ commit }) => commit === gone)).toMatchObject({
      memories: 1,
      visible: false,
      refs: [],
    });
  });

  test("of a detached HEAD have no branch", async () => {
    const head = here.repository.head();
    here.repository.git("checkout", "-q", "--detach");
    const graph = await lanes();
    expect(graph.head).toBe(head);
    expect(graph.branch).toBeUndefined();
    expect(graph.commits).toHaveLength(1);
  });

  test("of a shallow clone end at its boundary; what lies beyond is elsewhere", async () => {
    await here.remember("beyond the boundary");
    here.repository.grow("main", 5);
    here.repository.git("reset", "-q", "--hard");
    const clone = join(here.repository.root, "..", "clone");
    here.repository.git("clone", "-q", "--depth", "2", `file://${here.repository.root}`, clone);
    const graph = await here.explore.lanes({ limit: 10 }, { workspace: clone });
    expect(graph.commits).toHaveLength(2);
    expect(graph.commits.at(-1)?.parents).toEqual([]);
    expect(graph.elsewhere).toBe(1);
  });

  test("of an unborn branch are empty", async () => {
    const root = join(here.repository.root, "..", "unborn");
    const unborn = TestRepository.init(root);
    const graph = await here.explore.lanes({ limit: 10 }, { workspace: unborn.root });
    expect(graph).toMatchObject({ branch: "main", commits: [], more: false });
    expect(graph.head).toBeUndefined();
  });

  test("are asked for a sensible number of commits", async () => {
    for (const limit of [0, -1, 1.5, 20_001])
      await expect(lanes(limit)).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});

test("a folder without git has no lanes", async () => {
  const bare = await EngineInRepository.open("lanes-bare", "bare");
  await bare.remember("remembered anyway");
  expect(await bare.explore.lanes({ limit: 10 }, {})).toEqual({ commits: [], pending: 0, elsewhere: 0, more: false });
  await bare.close();
});
