import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asking, EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("browse");
});
afterEach(() => here.close());

const titles = async (given: Parameters<typeof asking>[0] = {}): Promise<readonly string[]> =>
  (await here.explore.browse(asking(given), {})).rows.map(({ title }) => title);

describe("a listing", () => {
  test("holds both stores, newest first, what is pinned before the rest", async () => {
    const old = await here.remember("Oldest of all");
    await here.remember("In the middle", { scope: "user" });
    await here.remember("Newest of all");
    expect(await titles()).toEqual(["Newest of all", "In the middle", "Oldest of all"]);
    await here.engine.revise({ id: old, pinned: true }, {});
    expect(await titles()).toEqual(["Oldest of all", "Newest of all", "In the middle"]);
    expect(await titles({ order: "oldest" })).toEqual(["Oldest of all", "In the middle", "Newest of all"]);
    expect(await titles({ facets: { pinned: true } })).toEqual(["Oldest of all"]);
    await here.engine.revise({ id: old, pinned: false }, {});
    expect(await titles({ facets: { pinned: true } })).toEqual([]);
  });

  test("orders by when things happened, however they came in, and after a pause in which older ones came", async () => {
    const at = (day: number, content: string): object => ({
      content,
      eventType: "note",
      scope: "repo",
      timestamp: `2026-03-${String(day).padStart(2, "0")}T00:00:00Z`,
    });
    await here.import([at(3, "third"), at(1, "first"), at(5, "fifth")]);
    expect(await titles()).toEqual(["fifth", "third", "first"]);
    await here.import([at(4, "fourth"), at(2, "second")]);
    expect(await titles()).toEqual(["fifth", "fourth", "third", "second", "first"]);
    const time = { from: Date.parse("2026-03-02T00:00:00Z"), to: Date.parse("2026-03-03T00:00:00Z") };
    expect(await titles({ facets: { time } })).toEqual(["third", "second"]);
    await here.reopen();
    expect(await titles({ order: "oldest" })).toEqual(["first", "second", "third", "fourth", "fifth"]);
  });

  test("of what was forgotten and brought back after a compaction stands in its place again", async () => {
    await here.import([
      { id: "old", content: "old", eventType: "note", scope: "repo", timestamp: "2026-01-01T00:00:00Z" },
      { id: "new", content: "new", eventType: "note", scope: "repo", timestamp: "2026-02-01T00:00:00Z" },
      { id: "mid", content: "mid", eventType: "note", scope: "repo", timestamp: "2026-01-15T00:00:00Z" },
    ]);
    const { undoToken } = await here.engine.forget({ id: "mid" }, {});
    await here.engine.forget({ id: "new", now: true }, {});
    await here.reopen();
    expect(await titles()).toEqual(["old"]);
    await here.engine.forget({ undo: undoToken ?? "" }, {});
    expect(await titles()).toEqual(["mid", "old"]);
    expect(await titles({ facets: { kind: ["note"] } })).toEqual(["mid", "old"]);
  });
});

describe("facets", () => {
  beforeEach(async () => {
    await here.remember("alpha is decided", { kind: "decision" }, "copilot");
    await here.remember("beta is decided", { kind: "decision", scope: "repo" }, "claude");
    here.repository.git("checkout", "-q", "-b", "side");
    await here.remember("gamma is a rule", { kind: "rule", anchors: [{ path: "README.md" }] }, "claude");
    here.repository.commit("side.txt");
    await here.remember("delta was learned aside", { kind: "gotcha" }, "claude");
    here.repository.git("checkout", "-q", "main");
  });

  test("narrow, joined with each other, each one's values being alternatives", async () => {
    expect(await titles({ facets: { kind: ["decision"] } })).toHaveLength(2);
    expect(await titles({ facets: { kind: ["decision", "rule"], agent: ["claude"] } })).toEqual([
      "gamma is a rule",
      "beta is decided",
    ]);
    expect(await titles({ facets: { branch: ["side"], freshness: ["unchecked"] } })).toEqual(["gamma is a rule"]);
    expect(await titles({ facets: { scope: ["repo"], kind: [] } })).toEqual(["beta is decided"]);
    expect(await titles({ facets: { agent: ["nobody"] } })).toEqual([]);
    const head = here.repository.git("rev-parse", "side");
    expect(await titles({ facets: { commit: [head] } })).toEqual(["delta was learned aside"]);
  });

  test("are counted over the whole result, each as if it asked nothing itself", async () => {
    const { facets, total } = await here.explore.browse(asking({ facets: { kind: ["decision"] }, limit: 1 }), {});
    expect(total).toBe(2);
    expect(facets.kind).toEqual([
      { value: "decision", count: 2 },
      { value: "gotcha", count: 1 },
      { value: "rule", count: 1 },
    ]);
    expect(facets.agent).toEqual([
      { value: "claude", count: 1 },
      { value: "copilot", count: 1 },
    ]);
    const two = await here.explore.browse(asking({ facets: { kind: ["decision"], agent: ["claude"] } }), {});
    expect(two.facets.kind.map(({ value }) => value)).toEqual(["decision", "gotcha", "rule"]);
    expect(two.facets.scope).toEqual([{ value: "repo", count: 1 }]);
  });

  test("tell what HEAD does not inherit apart, also when it moves", async () => {
    expect(await titles({ visibility: "hidden" })).toEqual(["delta was learned aside"]);
    const visible = await here.explore.browse(asking({ visibility: "visible" }), {});
    expect(visible.total).toBe(3);
    expect(visible.facets.kind.map(({ value }) => value)).not.toContain("gotcha");
    here.repository.git("checkout", "-q", "side");
    expect(await titles({ visibility: "hidden" })).toEqual([]);
    const all = await here.explore.browse(asking(), {});
    expect(new Set(all.rows.map(({ visibility }) => visibility))).toEqual(new Set(["visible"]));
  });
});

describe("a question", () => {
  beforeEach(async () => {
    await here.remember("We invalidate the cache after every write, because readers may not see old prices.");
    await here.remember("The category tree is loaded once.", { scope: "user" });
    await here.remember("Deploys run on Fridays; the runner needs a restart before.", { title: "Deploying" });
  });

  test.each([
    ["inval", "We invalidate"],
    ["invalid", "We invalidate"],
    ["invalida", "We invalidate"],
    ["invalidating ca", "We invalidate"],
    ["cat", "The category"],
    ["depl", "Deploying"],
    ["runnin", "Deploying"],
    ["resta", "Deploying"],
  ])("is answered while it is typed: %s", async (text, found) => {
    const rows = await titles({ text });
    expect(rows[0]).toContain(found);
  });

  test("a finished word does not stand for longer ones", async () => {
    expect(await titles({ text: "cat" })).toEqual(["The category tree is loaded once."]);
    await here.remember("The cat sat on the keyboard.", { scope: "user" });
    expect(await titles({ text: "cat " })).toEqual(["The cat sat on the keyboard."]);
    expect((await titles({ text: "cat" }))[0]).toBe("The cat sat on the keyboard.");
  });

  test("finds every match, in the order of relevance or of time, with scores and where it matched", async () => {
    const filler = "Words about nothing in particular that fill the space before. ".repeat(12);
    for (let index = 0; index < 120; index++) await here.remember(`${filler} Price rule ${index} of the shop.`);
    const best = await here.explore.browse(asking({ text: "price rule shop", limit: 10 }), {});
    expect(best.total).toBe(120);
    const scores = best.rows.map(({ score }) => score ?? -1);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(Math.max(...scores)).toBeLessThanOrEqual(1);
    expect(best.rows[0]?.excerpt).toMatch(/^….*Price rule \d+ of the shop\.$/u);
    expect(best.rows[0]?.excerpt.length).toBeLessThanOrEqual(200);
    const oldest = await here.explore.browse(asking({ text: "price rule shop", order: "oldest", limit: 1 }), {});
    expect(oldest.rows[0]?.excerpt).toContain("Price rule 0 ");
  });

  test("that names a file puts what is anchored there first", async () => {
    await here.remember("parser notes src/engine/parse.ts and more");
    const anchored = await here.remember("Recursive descent. See parse.ts for the parser.", {
      anchors: [{ path: "src/engine/parse.ts" }],
    });
    const { rows } = await here.explore.browse(asking({ text: "src/engine/parse.ts" }), {});
    expect(rows[0]?.id).toBe(anchored);
  });
});

describe("windows of a result", () => {
  test("joined are the result as it was, while memories come and go", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 25; index++) ids.unshift(await here.remember(`memory number ${index}`));
    const { resultId, total } = await here.explore.browse(asking({ limit: 5 }), {});
    expect(total).toBe(25);
    const seen: string[] = [];
    for (let offset = 0; offset < total; offset += 7) {
      await here.remember(`arrived meanwhile ${offset}`);
      const window = await here.explore.browseRows({ resultId, offset, limit: 7 }, {});
      seen.push(...window.map(({ id }) => id));
    }
    expect(seen).toEqual(ids);
    await here.engine.forget({ id: ids[3] ?? "" }, {});
    const left = await here.explore.browseRows({ resultId, offset: 0, limit: 5 }, {});
    expect(left.map(({ id }) => id)).toEqual([ids[0], ids[1], ids[2], ids[4]]);
  });

  test("leave out what has expired since", async () => {
    await here.import([
      { content: "soon gone", eventType: "note", scope: "repo", expiresAt: new Date(Date.now() + 400).toISOString() },
      { content: "stays", eventType: "note", scope: "repo" },
    ]);
    const { resultId, total } = await here.explore.browse(asking({ limit: 0 }), {});
    expect(total).toBe(2);
    await expect
      .poll(async () =>
        (await here.explore.browseRows({ resultId, offset: 0, limit: 9 }, {})).map(({ title }) => title),
      )
      .toEqual(["stays"]);
  });

  test("are kept for the last eight results", async () => {
    const first = await here.explore.browse(asking(), {});
    for (let index = 0; index < 7; index++) await here.explore.browse(asking(), {});
    expect(await here.explore.browseRows({ resultId: first.resultId, offset: 0, limit: 1 }, {})).toEqual([]);
    for (let index = 0; index < 8; index++) await here.explore.browse(asking(), {});
    const gone = here.explore.browseRows({ resultId: first.resultId, offset: 0, limit: 1 }, {});
    await expect(gone).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test.each([
    [{ limit: 501 }],
    [{ limit: 1.5 }],
    [{ text: "x".repeat(10_001) }],
    [{ order: "random" as "best" }],
    [{ visibility: "none" as "all" }],
  ])("what cannot be asked is refused: %o", async (given) => {
    await expect(here.explore.browse(asking(given), {})).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});
