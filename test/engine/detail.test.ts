import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("detail");
});
afterEach(() => here.close());

const historyOf = async (id: string) => (await here.explore.detail(id, {})).history;

describe("the history of a memory", () => {
  test("holds what each revision replaced, newest first, with who and why", async () => {
    const id = await here.remember("Prices are cached for a minute.", { title: "Cache", tags: ["shop"] });
    await here.engine.revise(
      { id, content: "Prices are cached for an hour.", reason: "measured" },
      { agent: "claude" },
    );
    await here.engine.revise({ id, title: "Price cache", tags: ["shop", "cache"] }, {});
    await here.engine.revise({ id, pinned: true }, {});
    expect(await historyOf(id)).toMatchObject([
      { revision: 2, before: { title: "Cache", tags: ["shop"] } },
      { revision: 1, agent: "claude", reason: "measured", before: { content: "Prices are cached for a minute." } },
    ]);
    expect((await historyOf(id))[0]?.before).not.toHaveProperty("content");
    const { memory, view } = await here.explore.detail(id, {});
    expect(memory.revision).toBe(4);
    expect(view).toMatchObject({ pinned: true, content: "Prices are cached for an hour." });
  });

  test("is the same after a compaction, and when the store is opened again", async () => {
    const id = await here.remember("first");
    const other = await here.remember("forgotten for good, which compacts");
    await here.engine.revise({ id, content: "second" }, {});
    await here.engine.revise({ id, content: "third" }, {});
    const before = await historyOf(id);
    expect(before).toHaveLength(2);
    await here.engine.forget({ id: other, now: true }, {});
    await here.reopen();
    expect(await historyOf(id)).toEqual(before);
  });

  test("goes with an export, and pins do; what an import brings is screened as any text is", async () => {
    const id = await here.remember("first");
    await here.engine.revise({ id, content: "second", reason: "better" }, {});
    await here.engine.revise({ id, pinned: true }, {});
    const lines = await here.exported();
    const history = await historyOf(id);
    await here.engine.forget({ id, now: true }, {});
    await here.import(lines);
    expect(await historyOf(id)).toEqual(history);
    expect((await here.explore.detail(id, {})).memory.pinned).toBe(true);
    expect(await here.exported()).toEqual(lines);
    const secret = `ghp_${"a1B2c3D4e5".repeat(4).slice(0, 36)}`;
    const revision = { revision: 1, at: 1, before: { content: `the token was ${secret}` } };
    await here.import([{ id: "leaky", content: "none now", eventType: "note", revision: 2, history: [revision] }]);
    expect(JSON.stringify(await here.explore.detail("leaky", {}))).not.toContain(secret);
    expect(await historyOf("leaky")).toHaveLength(1);
  });

  test("is not looked for with a question that takes too long to read", async () => {
    const id = await here.remember("Prices are cached for a minute.");
    await expect(here.explore.detail(id, {}, "price ".repeat(5_000))).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  test("of an unknown memory is NOT_FOUND", async () => {
    await expect(here.explore.detail("nothing", {})).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

test("the detail says why the question found it, and nothing where nothing was asked", async () => {
  const id = await here.remember("Prices are cached for a minute.", { title: "Cache" });
  expect((await here.explore.detail(id, {})).view.reasons).toEqual([]);
  expect((await here.explore.detail(id, {}, "price cache")).view.reasons.join()).toMatch(/cache/u);
});

describe("related memories", () => {
  test("speak of the same file or in the same words, and say so", async () => {
    const id = await here.remember("The parser recovers from a missing bracket by skipping to the next line.", {
      anchors: [{ path: "src/parse.ts", symbol: "recover" }],
    });
    const words = await here.remember("When a bracket is missing, the parser recovers and goes on at the next line.");
    const file = await here.remember("Tokens carry their offsets.", { anchors: [{ path: "src/parse.ts" }] });
    await here.remember("Invoices are sent on Mondays.");
    const { related } = await here.explore.detail(id, {});
    expect(new Set(related.map((row) => row.id))).toEqual(new Set([words, file]));
    expect(related.find((row) => row.id === file)?.why).toContain("src/parse.ts");
    expect(related.find((row) => row.id === words)?.why).toMatch(/parser|bracket|recover/u);
  });

  test("are at most eight, and the hidden ones are marked", async () => {
    const id = await here.remember("seed", { anchors: [{ path: "a.ts" }] });
    for (let index = 0; index < 9; index++) await here.remember(`on main ${index}`, { anchors: [{ path: "a.ts" }] });
    here.repository.git("checkout", "-q", "-b", "side");
    here.repository.commit("side.txt");
    const hidden = await here.remember("on the side", { anchors: [{ path: "a.ts" }] });
    here.repository.git("checkout", "-q", "main");
    const { related } = await here.explore.detail(id, {});
    expect(related).toHaveLength(8);
    expect(related.find((row) => row.id === hidden)?.visibility).toBe("hidden");
  });
});

describe("memories of a file", () => {
  test("are those that are visible here, with their anchors in it, and follow revisions and forgetting", async () => {
    const anchors = [{ path: "src/a.ts", startLine: 3, endLine: 4 }, { path: "src/b.ts" }];
    const id = await here.remember("about lines", { anchors });
    await here.remember("about another file", { anchors: [{ path: "src/ab.ts" }] });
    here.repository.git("checkout", "-q", "-b", "side");
    here.repository.commit("side.txt");
    await here.remember("aside", { anchors: [{ path: "src/a.ts" }] });
    here.repository.git("checkout", "-q", "main");
    const found = await here.explore.anchoredIn("src/a.ts", {});
    expect(found).toMatchObject([{ id, in: [anchors[0]] }]);
    await here.reopen();
    await here.engine.revise({ id, anchors: [{ path: "src/c.ts" }] }, {});
    expect(await here.explore.anchoredIn("src/a.ts", {})).toEqual([]);
    expect(await here.explore.anchoredIn("src/c.ts", {})).toMatchObject([{ id }]);
    await here.engine.forget({ id }, {});
    expect(await here.explore.anchoredIn("src/c.ts", {})).toEqual([]);
  });

  test("are asked by a relative path", async () => {
    await expect(here.explore.anchoredIn("/etc/passwd", {})).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});

test("vitals tell what was slow lately and how large the stores are", async () => {
  await here.remember("something to measure");
  await here.engine.retrieve({ query: "measure" }, {});
  await here.remember("of the user", { scope: "user" });
  const { latencies, stores, memoryBytes } = await here.explore.vitals({});
  expect(latencies["capture"]?.reduce((sum, { count }) => sum + count, 0)).toBe(2);
  expect(latencies["retrieve"]?.at(-1)).toMatchObject({ count: 1 });
  expect(stores.map(({ name, memories, role }) => [name, memories, role])).toEqual([
    ["workspace", 1, "owner"],
    ["user", 1, "owner"],
  ]);
  expect(
    stores.every(({ journalBytes, indexBytes, indexedTerms }) => Math.min(journalBytes, indexBytes, indexedTerms) > 0),
  ).toBe(true);
  expect(memoryBytes).toBeGreaterThan(1_000_000);
});
