import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asking, EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("merge");
});
afterEach(() => here.close());

const TEXT =
  "The checkout service retries a failed payment three times before it gives up and tells the customer about it by mail, " +
  "so that a bank that is only slow for a moment does not cost us an order, while nobody waits longer than a minute for an answer";

describe("near-duplicates", () => {
  test("are the pairs that say much the same, most alike first, of living memories only", async () => {
    const a = await here.remember(`${TEXT}, which was decided in spring.`);
    const b = await here.remember(`${TEXT}, as everybody agreed on later.`);
    await here.remember("Something else altogether, about the colour of buttons in the shop and nothing more.");
    const pairs = await here.explore.duplicates({ similarity: 0.5, limit: 10 }, {});
    expect(pairs).toHaveLength(1);
    expect([pairs[0]?.a.id, pairs[0]?.b.id]).toEqual([b, a]);
    expect(pairs[0]?.a.content).toContain("as everybody agreed");
    expect(pairs[0]?.similarity).toBeGreaterThan(0.5);
    expect(pairs[0]?.similarity).toBeLessThan(1);
    expect(await here.explore.duplicates({ similarity: 0.99, limit: 10 }, {})).toEqual([]);
    await here.engine.forget({ id: a }, {});
    expect(await here.explore.duplicates({ similarity: 0.5, limit: 10 }, {})).toEqual([]);
  });

  test("are also short ones that say the same in other words, but not commits", async () => {
    const written = await here.remember("Use pnpm, not npm.");
    const reworded = await here.remember("use pnpm instead of npm");
    const everywhere = await here.remember("Use pnpm, not npm.", { scope: "repo" });
    await here.remember("Bump pnpm", { eventType: "commit" });
    await here.remember("Bump npm", { eventType: "commit" });
    const pairs = await here.explore.duplicates({ similarity: 0.3, limit: 10 }, {});
    expect(pairs.map(({ a, b }) => [a.id, b.id])).toEqual([
      [everywhere, written],
      [everywhere, reworded],
      [reworded, written],
    ]);
    expect(pairs[0]).toMatchObject({ similarity: 1, a: { scope: "repo" }, b: { scope: "lineage" } });
  });

  test("of two sessions are left alone", async () => {
    for (const sessionId of ["one", "two"]) await here.remember(TEXT, { scope: "session", sessionId });
    expect(await here.explore.duplicates({ similarity: 0.5, limit: 10 }, {})).toEqual([]);
  });

  test.each([
    { similarity: 0, limit: 10 },
    { similarity: 0.5, limit: 0 },
    { similarity: Number.NaN, limit: 10 },
  ])("with %o are refused", async (options) => {
    await expect(here.explore.duplicates(options, {})).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});

describe("merging", () => {
  test("keeps one memory with the origins, tags, metadata, anchors and pin of both, and can be undone", async () => {
    const keep = await here.remember("kept", { tags: ["a"], metadata: { level: 1 }, anchors: [{ path: "a.ts" }] });
    here.repository.git("checkout", "-q", "-b", "side");
    here.repository.commit("side.txt");
    const more = { tags: ["a", "b"], metadata: { level: 2, team: "x" }, anchors: [{ path: "b.ts" }] };
    const drop = await here.remember("dropped", more, "claude");
    await here.engine.revise({ id: drop, pinned: true }, {});
    here.repository.git("checkout", "-q", "main");
    const before = (await here.explore.detail(keep, {})).memory;
    const merged = await here.explore.merge({ keep, drop, content: "one text for both" }, { agent: "person" });
    expect(merged).toMatchObject({ id: keep, revision: 2 });
    const { memory, history } = await here.explore.detail(keep, {});
    expect(memory).toMatchObject({
      content: "one text for both",
      tags: ["a", "b"],
      metadata: { level: 1, team: "x" },
      anchors: [{ path: "a.ts" }, { path: "b.ts" }],
      pinned: true,
      mergedFrom: [{ branch: "side", agent: "claude" }],
    });
    expect(history).toMatchObject([{ revision: 1, agent: "person", before: { content: "kept" } }]);
    await expect(here.explore.detail(drop, {})).rejects.toMatchObject({ code: "NOT_FOUND" });
    const words = await here.explore.browse(asking({ text: "both" }), {});
    expect(words.rows.map(({ id }) => id)).toEqual([keep]);
    await here.engine.forget({ undo: merged.undoToken }, {});
    expect((await here.explore.detail(drop, {})).memory.content).toBe("dropped");
    const after = await here.explore.detail(keep, {});
    expect(after.memory).toEqual({ ...before, pinned: false, revision: 3 });
    expect(after.history).toEqual([]);
    expect((await here.explore.browse(asking({ text: "both" }), {})).total).toBe(0);
    expect((await here.explore.browse(asking({ visibility: "visible" }), {})).rows.map(({ id }) => id)).toEqual([keep]);
  });

  test("that is undone leaves what was said of the kept one since, and what other merges brought", async () => {
    const keep = await here.remember("kept");
    const first = await here.remember("first", { tags: ["one"] }, "claude");
    const second = await here.remember("second", { tags: ["two"] }, "codex");
    const { undoToken } = await here.explore.merge({ keep, drop: first, content: "kept and first" }, {});
    await here.explore.merge({ keep, drop: second }, {});
    await here.engine.revise({ id: keep, content: "said later" }, {});
    await here.engine.forget({ undo: undoToken }, {});
    const { memory } = await here.explore.detail(keep, {});
    expect(memory).toMatchObject({ content: "said later", tags: ["one", "two"], mergedFrom: [{ agent: "codex" }] });
  });

  test("can still be undone after the store was compacted and its cache lost", async () => {
    const [keep, drop] = [await here.remember("kept"), await here.remember("dropped")];
    const { undoToken } = await here.explore.merge({ keep, drop, content: "both" }, {});
    await here.engine.forget({ id: await here.remember("gone for good"), now: true }, {});
    here.loseCache();
    await here.reopen();
    await here.engine.forget({ undo: undoToken }, {});
    expect((await here.explore.detail(keep, {})).memory).toMatchObject({ content: "kept", mergedFrom: [] });
  });

  test("without a text revises nothing, and makes the kept one visible where the other was", async () => {
    const keep = await here.remember("on main");
    here.repository.git("checkout", "-q", "--orphan", "apart");
    here.repository.commit("apart.txt");
    const drop = await here.remember("apart");
    expect((await here.explore.browse(asking({ visibility: "visible" }), {})).total).toBe(1);
    expect((await here.explore.merge({ keep, drop }, {})).revision).toBe(1);
    const { rows } = await here.explore.browse(asking({ visibility: "visible" }), {});
    expect(rows.map(({ id }) => id)).toEqual([keep]);
  });

  test("is refused for one memory, for unknown ones, across stores, and for a text that can't be stored", async () => {
    const [a, b] = [await here.remember("a"), await here.remember("b")];
    const user = await here.remember("u", { scope: "user" });
    const session = await here.remember("s", { scope: "session", sessionId: "1" });
    const refused = (input: Parameters<typeof here.explore.merge>[0], code: string) =>
      expect(here.explore.merge(input, {})).rejects.toMatchObject({ code });
    await refused({ keep: a, drop: a }, "INVALID_INPUT");
    await refused({ keep: a, drop: "nothing" }, "NOT_FOUND");
    await refused({ keep: a, drop: user }, "INVALID_INPUT");
    await refused({ keep: a, drop: session }, "INVALID_INPUT");
    await refused({ keep: a, drop: b, content: " " }, "INVALID_INPUT");
    await refused({ keep: a, drop: b, content: "x".repeat(1_048_577) }, "PAYLOAD_TOO_LARGE");
    expect((await here.explore.browse(asking(), {})).total).toBe(4);
  });

  test("from a window that follows is done by the owner, and both see it", async () => {
    const [keep, drop] = [await here.remember("keep this"), await here.remember("drop that")];
    const follower = await here.another();
    await follower.engine.explore.merge({ keep, drop }, {});
    for (const explore of [here.explore, follower.engine.explore]) {
      const { rows } = await explore.browse(asking(), {});
      expect(rows.map(({ id }) => id)).toEqual([keep]);
    }
    await follower.close();
  });
});
