import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Memory } from "../../../src/contract/memory.ts";
import { weigh } from "../../../src/engine/retrieve/evidence.ts";
import { MOST_READ, type Reading } from "../../../src/engine/retrieve/rerank.ts";
import { combineScore } from "../../../src/engine/retrieve/score.ts";
import { bestOf, type SearchRequest, searchStores } from "../../../src/engine/retrieve/searchStores.ts";
import { memoryOf } from "./support/memory.ts";
import { ask, TestStore } from "./support/testStore.ts";

const WORDS = ["cache", "index", "journal", "memory", "branch", "commit"];
const arbitraryContent = fc
  .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 5 })
  .map((words) => words.join(" "));
const input = fc.record({
  workspace: fc.array(arbitraryContent, { maxLength: 40 }),
  user: fc.array(arbitraryContent, { maxLength: 10 }),
  shares: fc.array(fc.nat(1000), { minLength: 50, maxLength: 50 }),
  limit: fc.integer({ min: 1, max: 9 }),
  diversity: fc.boolean(),
});
const request: Partial<SearchRequest> = { query: "cache index journal", limit: 100 };

const named = (prefix: string, contents: readonly string[]): Memory[] =>
  contents.map((content, at) => memoryOf({ id: `${prefix}${at}`, content }));

/** Stores with these memories, and what a reranker that gives these shares, in thousandths, told of the best of them. */
function scene({
  workspace,
  user,
  shares,
}: { readonly [name in "workspace" | "user"]: readonly string[] } & { readonly shares: readonly number[] }) {
  const stores = [new TestStore(), new TestStore("user")];
  stores[0]?.add(...named("w", workspace));
  stores[1]?.add(...named("u", user));
  const best = bestOf(stores, ask(request));
  const told = best.map(({ memory }, at) => [memory.id, (shares[at] ?? 0) / 1000] as const);
  const reading: Reading = { model: "reader", shares: new Map(told) };
  return { stores, best, reading, close: () => stores.forEach((store) => store.close()) };
}

describe("reading the best results", () => {
  test("reorders them alone, never lowers a score, and leaves what comes after them as it was", () => {
    fc.assert(
      fc.property(input, (given) => {
        const { stores, best, reading, close } = scene(given);
        const signals = { ...ask({}).signals, diversity: false };
        const before = searchStores(stores, ask({ ...request, signals })).results;
        const after = searchStores(stores, ask({ ...request, signals, reading })).results;
        const read = new Set(best.map(({ memory }) => memory.id));
        const others = (page: typeof before) =>
          page
            .filter(({ memory }) => !read.has(memory.id))
            .map(({ memory, score, reasons }) => [memory.id, score, reasons]);
        expect(others(after)).toEqual(others(before));
        const scores = after.map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
        for (const { memory, score } of after) {
          const old = before.find((one) => one.memory.id === memory.id);
          if (old !== undefined) expect(score).toBeGreaterThanOrEqual(old.score);
        }
        close();
      }),
      { numRuns: 150 },
    );
  });

  test("gives a result half of what it lacks where it is certain, and less as it is less so", () => {
    const shares = [1000, 500, 0];
    const { stores, best, reading, close } = scene({ workspace: ["cache", "index", "journal"], user: [], shares });
    const after = searchStores(stores, ask({ ...request, reading })).results;
    for (const [at, { memory, evidence, qualities, score }] of best.entries()) {
      const gained = (0.5 * (shares[at] ?? 0)) / 1000;
      const relevance = weigh(evidence ?? { text: 0 });
      const result = after.find((one) => one.memory.id === memory.id);
      expect(result?.score).toBeCloseTo(combineScore(relevance + gained * (1 - relevance), qualities ?? {}), 10);
      expect(result?.signals?.()["reranker"] ?? 0).toBeCloseTo((result?.score ?? 0) - score, 3);
    }
    close();
  });

  test("makes pages that are joined the same as one large page, while memories are added and nobody reads again", () => {
    fc.assert(
      fc.property(input, (given) => {
        const { stores, reading, close } = scene(given);
        const signals = { ...ask({}).signals, diversity: given.diversity };
        const ids = (asked: Partial<SearchRequest>) => {
          const { results, nextCursor } = searchStores(stores, ask({ ...request, signals, ...asked }));
          return { ids: results.map(({ memory }) => memory.id), nextCursor };
        };
        const large = ids({ reading }).ids;
        const first = ids({ reading, limit: given.limit });
        const joined = [...first.ids];
        for (let cursor = first.nextCursor, at = 0; cursor !== undefined && at < 100; at++) {
          stores[at % 2]?.add(memoryOf({ id: `new${at}`, content: "cache index journal" }));
          const page = ids({ limit: given.limit, cursor });
          joined.push(...page.ids);
          cursor = page.nextCursor;
        }
        expect(joined).toEqual(large);
        close();
      }),
      { numRuns: 150 },
    );
  });

  test("loses and repeats nothing when one of them is forgotten between pages", () => {
    const contents = Array.from({ length: 30 }, (_, at) => `cache ${"branch ".repeat(at % 5)}number ${at}`);
    const { stores, best, reading, close } = scene({ workspace: contents, user: [], shares: best16() });
    const large = searchStores(stores, ask({ ...request, reading })).results.map(({ memory }) => memory.id);
    const first = searchStores(stores, ask({ ...request, reading, limit: 5 }));
    const gone = [best[0]?.memory.id ?? "", large[4] ?? "", large[7] ?? ""];
    stores[0]?.forget(...gone);
    const rest = searchStores(
      stores,
      ask({ ...request, ...(first.nextCursor === undefined ? {} : { cursor: first.nextCursor }) }),
    );
    const joined = [...first.results, ...rest.results].map(({ memory }) => memory.id);
    expect(new Set(joined).size).toBe(joined.length);
    expect(new Set(joined.filter((id) => !gone.includes(id)))).toEqual(
      new Set(large.filter((id) => !gone.includes(id))),
    );
    close();
  });
});

const best16 = (): readonly number[] => Array.from({ length: MOST_READ }, (_, at) => (at * 377) % 1000);
