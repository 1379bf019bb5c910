import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/contract/json.ts";
import type { Memory } from "../../../src/contract/memory.ts";
import type { PlanResult } from "../../../src/contract/tools.ts";
import { Deadline } from "../../../src/engine/retrieve/deadline.ts";
import { parseFilter } from "../../../src/engine/retrieve/parseFilter.ts";
import { type SearchPage, type SearchRequest, searchStores } from "../../../src/engine/retrieve/searchStores.ts";
import type { Projection } from "../../../src/engine/seams.ts";
import { evaluate } from "./support/evaluate.ts";
import { memoryOf } from "./support/memory.ts";
import { TestStore, ask } from "./support/testStore.ts";

const opened: TestStore[] = [];
function storeOf(
  memories: readonly Memory[] = [],
  ...[name, view]: ConstructorParameters<typeof TestStore>
): TestStore {
  const store = new TestStore(name, view);
  opened.push(store);
  store.add(...memories);
  return store;
}
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

const ids = (page: SearchPage): string[] => page.results.map(({ memory }) => memory.id);
const VOCABULARY = ["cache", "index", "journal", "memory", "branch", "commit", "filter", "query", "score", "anchor"];
const KINDS = ["rule", "fact", "event"] as const;

/** A memory of few words, so that many match and scores are often equal. */
const arbitraryMemory = fc
  .record({
    words: fc.array(fc.constantFrom(...VOCABULARY), { minLength: 1, maxLength: 6 }),
    kind: fc.constantFrom(...KINDS),
    daysAgo: fc.integer({ min: -2, max: 4 }),
  })
  .map(({ words, kind, daysAgo }) => ({
    content: words.join(" "),
    kind,
    timestamp: 1_800_000_000_000 - daysAgo * 86_400_000,
  }));
const arbitraryQuery = fc
  .array(fc.constantFrom(...VOCABULARY), { minLength: 1, maxLength: 3 })
  .map((words) => words.join(" "));
let made = 0;
const named = (given: readonly Partial<Memory>[]): Memory[] =>
  given.map((one) => memoryOf({ id: `m${made++}`, ...one }));

describe("what is found", () => {
  test("the best match comes first, with the reasons and a score within 0..1", () => {
    const store = storeOf([
      memoryOf({ id: "a", content: "The journal is the truth", title: "Journal", timestamp: 1_790_000_000_000 }),
      memoryOf({ id: "b", content: "Branches come and go" }),
      memoryOf({
        id: "c",
        content: "A long text that names the journal once among many other words about branches and commits",
      }),
    ]);
    const page = searchStores([store], ask({ query: "journal truth" }));
    expect(ids(page)).toEqual(["a", "c"]);
    const [first, second] = page.results;
    expect(first?.score).toBeLessThanOrEqual(1);
    expect(first?.score).toBeGreaterThan(second?.score ?? 1);
    expect(first?.reasons.join()).toContain("truth");
    expect(page.plan).toMatchObject({ strategy: "index-first", actualRows: 2 });
  });

  test("what shares only function words with the question has no reason to be there, be it said twice or not", () => {
    const store = storeOf([
      memoryOf({ id: "a", content: "Where the journal is" }),
      memoryOf({ id: "b", content: "The cat is to be fed" }),
      memoryOf({ id: "c", content: "The cat is  to be fed" }),
    ]);
    const { results } = searchStores([store], ask({ query: "where is the journal to be found" }));
    expect(results.map(({ memory, reasons }) => [memory.id, reasons.length > 0])).toEqual([
      ["a", true],
      ["c", false],
    ]);
  });

  test("the passage that matched is named", () => {
    const content = `${"alpha ".repeat(40)}${"omega ".repeat(40)}`;
    const parts = [0, 240].map((start) => ({
      start,
      end: start + 240,
      tokens: 40,
      headings: start > 0 ? ["Second half"] : [],
    }));
    const store = storeOf([memoryOf({ id: "a", content, parts })]);
    const [found] = searchStores([store], ask({ query: "omega" })).results;
    expect(found?.part).toBe(1);
    expect(searchStores([store], ask({ query: "second half" })).results[0]?.reasons.join()).toContain("heading");
  });

  test("of two equal matches the newer comes first, and one dated in the future counts as new", () => {
    const store = storeOf([
      memoryOf({ id: "future", content: "the cache is warm", timestamp: 1_900_000_000_000, signature: "1" }),
      memoryOf({ id: "old", content: "the cache is cold", timestamp: 1_500_000_000_000, signature: "2" }),
      memoryOf({ id: "new", content: "the cache is full", timestamp: 1_799_999_999_999, signature: "3" }),
    ]);
    expect(ids(searchStores([store], ask({ query: "cache" }))).at(-1)).toBe("old");
  });

  test("a question that is asked again within a quarter of an hour finds the same scores, and lower ones when memories have aged", () => {
    const store = storeOf([memoryOf({ id: "one", content: "the cache is warm", timestamp: 1_790_000_000_000 })]);
    const scoreAt = (now: number) => searchStores([store], { ...ask({ query: "cache" }), now }).results[0]?.score ?? 0;
    expect(scoreAt(1_800_000_800_000)).toBe(scoreAt(1_800_000_000_001));
    expect(scoreAt(1_830_000_000_000)).toBeLessThan(scoreAt(1_800_000_000_001));
  });

  test("a memory whose anchor the query spells out passes one that matches a little better", () => {
    const store = storeOf([
      memoryOf({
        id: "anchored",
        content: "why the plan has two ways here",
        anchors: [{ path: "src/engine/plan.ts" }],
      }),
      memoryOf({ id: "plain", content: "src engine plan ts plan ts why" }),
    ]);
    const { results } = searchStores([store], ask({ query: "why src/engine/plan.ts" }));
    expect(results[0]?.memory.id).toBe("anchored");
    expect(results[0]?.reasons).toContain("the query names its anchor src/engine/plan.ts");
  });

  test("equal texts are shown once and named, hidden and forgotten ones not at all", () => {
    const store = storeOf([
      memoryOf({ id: "a", content: "same text here" }),
      memoryOf({ id: "b", content: "same  text here" }),
      memoryOf({
        id: "other",
        content: "same text elsewhere",
        scope: "lineage",
        provenance: { at: 0, dirty: false, pending: false, commit: "f".repeat(40) },
      }),
      memoryOf({ id: "gone", content: "same text forgotten" }),
      memoryOf({ id: "late", content: "same text expired", expiresAt: 5 }),
    ]);
    store.forget("gone");
    const page = searchStores([store], ask({ query: "same text" }));
    expect(ids(page)).toEqual(["b"]);
    expect(page.results[0]?.reasons).toContain("same text: a");
    const all = searchStores([store], ask({ query: "same text", includeHidden: true }));
    expect(ids(all)).toContain("other");
    expect(all.results.find(({ memory }) => memory.id === "other")).toMatchObject({ visible: false });
    expect(all.results.find(({ memory }) => memory.id === "other")?.hiddenBecause).toBeTruthy();
  });

  test("the user's store is ranked together with the workspace's", () => {
    const workspace = storeOf(
      named([
        { id: "w1", content: "cache" },
        { id: "w2", content: "cache and a lot of other words around it" },
      ]),
    );
    const user = storeOf(
      named([
        { id: "u1", content: "cache misses", scope: "user" },
        { id: "u2", content: "something else", scope: "user" },
      ]),
      "user",
    );
    const page = searchStores([workspace, user], ask({ query: "cache" }));
    expect(new Set(ids(page))).toEqual(new Set(["w1", "w2", "u1"]));
    const scores = page.results.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(ids(searchStores([workspace, user], ask({ query: "cache", scope: "user" })))).toEqual(["u1"]);
  });

  test("filter and scope are met by every result, and by every match that is left out nowhere, whichever plan is chosen", () => {
    const strategies = new Set<PlanResult["strategy"]>();
    const filters = fc.constantFrom<JsonObject>(
      { kind: "rule" },
      { kind: ["rule", "fact"] },
      { $not: { kind: "event" } },
      { startTime: 1_800_000_000_000 },
      { "metadata.n": { $lt: 3 } },
      { "metadata.n": 1 },
    );
    fc.assert(
      fc.property(
        fc.array(arbitraryMemory, { maxLength: 60 }),
        arbitraryQuery,
        filters,
        fc.integer({ min: 1, max: 20 }),
        (given, query, input, limit) => {
          const store = storeOf(named(given.map((one, n) => ({ ...one, metadata: { n } }))));
          const everything = searchStores([store], ask({ query, limit: 100 }));
          const filtered = searchStores([store], ask({ query, limit, filters: input }));
          strategies.add(filtered.plan.strategy);
          const condition = parseFilter(input);
          // Equal texts collapse into whichever the filter leaves, so those are compared by their text.
          const expected = everything.results
            .filter(({ memory }) => evaluate(condition, memory))
            .map(({ memory }) => memory.content);
          const found = filtered.results.map(({ memory }) => memory.content);
          for (const { memory } of filtered.results) expect(evaluate(condition, memory)).toBe(true);
          if (filtered.nextCursor === undefined) expect(found).toEqual(expect.arrayContaining(expected));
          store.close();
          opened.pop();
        },
      ),
      { numRuns: 100 },
    );
    expect(strategies.size).toBe(2);
  });

  test("both ways of a plan give the same rows in the same order", () => {
    const store = storeOf(
      named(
        Array.from({ length: 400 }, (_, n) => ({
          content: `cache ${VOCABULARY[n % 10] ?? ""} number ${n}`,
          metadata: { n },
          kind: KINDS[n % 3] ?? "rule",
        })),
      ),
    );
    const found = ["set", "candidate"].map((way) => {
      const cost = way === "set" ? 0 : 1e9;
      const projection: Projection = new Proxy(store.projection, {
        get: (target, key) => {
          if (key === "estimate") return () => ({ rows: 100, cost });
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === "function" ? (value.bind(target) as unknown) : value;
        },
      });
      const page = searchStores(
        [{ ...view(store), projection }],
        ask({ query: "cache index", filters: { kind: "rule" }, limit: 50 }),
      );
      return { strategy: page.plan.strategy, ids: ids(page) };
    });
    expect(found.map(({ strategy }) => strategy)).toEqual(["filter-first", "index-first"]);
    expect(found[0]?.ids).toHaveLength(50);
    expect(found[0]?.ids).toEqual(found[1]?.ids);
  });
});

const view = ({ name, text, statistics, weights, vectors, view: seen, documentOf }: TestStore) => ({
  name,
  text,
  statistics,
  weights,
  vectors,
  view: seen,
  documentOf,
});

describe("pages", () => {
  /** All pages of a question, while `between` happens after each. */
  function pages(stores: readonly TestStore[], request: Partial<SearchRequest>, between: () => void): string[] {
    const joined: string[] = [];
    let cursor: string | undefined;
    do {
      const page = searchStores(stores, ask({ ...request, ...(cursor === undefined ? {} : { cursor }) }));
      joined.push(...ids(page));
      cursor = page.nextCursor;
      between();
    } while (cursor !== undefined);
    return joined;
  }
  const input = fc.record({
    workspace: fc.array(arbitraryMemory, { maxLength: 40 }),
    user: fc.array(arbitraryMemory, { maxLength: 12 }),
    arriving: fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), arbitraryMemory), { maxLength: 30 }),
    limit: fc.integer({ min: 1, max: 9 }),
    query: fc.oneof(fc.constant(""), arbitraryQuery),
    filters: fc.constantFrom<JsonObject | undefined>(undefined, { kind: "rule" }, { $not: { kind: "rule" } }),
  });

  test("joined are the same as one large page, while memories are added to either store in between", () => {
    fc.assert(
      fc.property(input, ({ workspace, user, arriving, limit, query, filters }) => {
        const stores = [storeOf(named(workspace)), storeOf(named(user), "user")];
        const question = { query, ...(filters === undefined ? {} : { filters }) };
        const large = ids(searchStores(stores, ask({ ...question, limit: 100 })));
        const left = [...arriving];
        const joined = pages(stores, { ...question, limit }, () => {
          for (const [to, memory] of left.splice(0, 3)) stores[to]?.add(...named([memory]));
        });
        expect(joined).toEqual(large);
        for (const store of opened.splice(0)) store.close();
      }),
      { numRuns: 200 },
    );
  });

  test("of a listing neither repeat nor skip while memories are forgotten in between", () => {
    fc.assert(
      fc.property(input, fc.array(fc.nat(200), { maxLength: 20 }), ({ workspace, user, limit }, forgotten) => {
        const stores = [storeOf(named(workspace)), storeOf(named(user), "user")];
        const large = ids(searchStores(stores, ask({ limit: 100 })));
        const gone = new Set<string>();
        const left = [...forgotten];
        const joined = pages(stores, { limit }, () => {
          const id = large[(left.pop() ?? 999) % (large.length || 1)];
          if (id === undefined || left.length === 0) return;
          gone.add(id);
          for (const store of stores) store.forget(id);
        });
        expect(new Set(joined).size).toBe(joined.length);
        expect(joined.filter((id) => !gone.has(id))).toEqual(large.filter((id) => !gone.has(id)));
        for (const store of opened.splice(0)) store.close();
      }),
      { numRuns: 100 },
    );
  });

  test("a search goes on after the row of the last page when it was forgotten", () => {
    const store = storeOf(named(VOCABULARY.map((word) => ({ content: `cache ${word} ${word} text` }))));
    const first = searchStores([store], ask({ query: "cache", limit: 3 }));
    const before = ids(searchStores([store], ask({ query: "cache", limit: 100 })));
    store.forget(before[2] ?? "");
    const second = searchStores(
      [store],
      ask({ query: "cache", limit: 100, ...(first.nextCursor === undefined ? {} : { cursor: first.nextCursor }) }),
    );
    expect(ids(second)).toEqual(before.slice(3));
  });

  test("a cursor is refused by another query, filter, scope, workspace or set of stores", () => {
    const store = storeOf(named(VOCABULARY.map((word) => ({ content: `cache ${word}` }))));
    const asked = { query: "cache", limit: 2 };
    const cursor = searchStores([store], ask(asked)).nextCursor ?? expect.fail();
    expect(ids(searchStores([store], ask({ ...asked, cursor })))).toHaveLength(2);
    const others = [
      { query: "" },
      { filters: { kind: "note" } },
      { scope: "repo" as const },
      { workspaceId: "b" },
      { includeHidden: true },
    ];
    for (const other of others) {
      expect(() => searchStores([store], ask({ ...asked, ...other, cursor }))).toThrow(
        expect.objectContaining({ code: "INVALID_INPUT" }),
      );
    }
    expect(() => searchStores([store, storeOf()], ask({ ...asked, cursor }))).toThrow(
      expect.objectContaining({ code: "INVALID_INPUT" }),
    );
  });

  test("a query that nothing matches and an empty store give an empty page", () => {
    for (const store of [storeOf(), storeOf(named([{ content: "cache" }]))]) {
      const page = searchStores([store], ask({ query: "zzzzqqqq" }));
      expect(page.results).toEqual([]);
      expect(page.nextCursor).toBeUndefined();
    }
  });
});

describe("limits", () => {
  test("a search past its time is QUERY_TIMEOUT", () => {
    let now = 0;
    const deadline = new Deadline({ now: () => 0, monotonic: () => (now += 10) }, 20);
    const store = storeOf(named([{ content: "cache" }]));
    expect(() => searchStores([store], ask({ query: "cache", deadline }))).toThrow(
      expect.objectContaining({ code: "QUERY_TIMEOUT" }),
    );
  });

  test("the error of the plans' estimates is kept", () => {
    const store = storeOf(
      named(Array.from({ length: 50 }, (_, n) => ({ content: `cache ${n}`, kind: KINDS[n % 3] ?? "rule" }))),
    );
    searchStores([store], ask({ query: "cache", filters: { kind: "rule" } }));
    expect(store.statistics.count).toBe(1);
    expect(store.statistics.meanError).toBeLessThan(0.5);
  });
});
