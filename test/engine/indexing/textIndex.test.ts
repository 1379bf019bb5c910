import { describe, expect, it } from "vitest";
import { addRow, emptyRowSet } from "../../../src/contract/rowSet.ts";
import { createTextIndex, loadTextIndex } from "../../../src/engine/indexing/textIndex.ts";
import type { TextDocument, TextIndex } from "../../../src/engine/seams.ts";

const document = (fields: Partial<TextDocument>): TextDocument => ({
  title: "",
  body: "",
  tags: [],
  anchors: [],
  parts: [],
  ...fields,
});

function indexOf(...bodies: readonly string[]): TextIndex {
  const index = createTextIndex();
  for (const [place, body] of bodies.entries()) index.add(place + 1, document({ body }));
  return index;
}

const rowsOf = (index: TextIndex, query: string): number[] =>
  index.search(query, { limit: 10 }).hits.map((hit) => hit.row);

describe("finding", () => {
  it("finds an identifier by any spelling of it", () => {
    const spellings = ["getUserName", "get_user_name", "get-user-name", "GetUserName", "get user name"];
    const index = indexOf(...spellings, "nothing of it");
    for (const spelling of [...spellings, "user name"]) expect(rowsOf(index, spelling)).toHaveLength(5);
    expect(rowsOf(index, "getusername").sort()).toEqual([1, 2, 3, 4]);
  });

  it("finds inflected words, and a function word when nothing else is asked", () => {
    const index = indexOf("invalidating the caches", "to be or not to be");
    expect(rowsOf(index, "cache invalidation")).toEqual([1]);
    expect(rowsOf(index, "to be")).toEqual([2]);
  });

  it("weighs the words of a question more than its grammar", () => {
    const index = indexOf("what did she do when he did what", "the parrot", "it was", "he is", "she was", "we are");
    expect(rowsOf(index, "what did the parrot do")[0]).toBe(2);
  });

  it("finds text of scripts without spaces, by a single character too", () => {
    const index = indexOf("東京都の天気", "大阪の天気");
    expect(rowsOf(index, "東京")).toEqual([1]);
    expect(rowsOf(index, "阪")).toEqual([2]);
  });

  it("reads title, tags, anchors and headings, and gives the best passage", () => {
    const index = createTextIndex();
    const body = "about apples\nabout pears";
    const parts = [
      { start: 0, end: 12, tokens: 2, headings: ["Fruit"] },
      { start: 13, end: 24, tokens: 2, headings: ["Fruit", "Soft"] },
    ];
    index.add(1, document({ title: "Harvest", body, tags: ["food"], anchors: ["src/orchard.ts"], parts }));
    expect(index.search("pears", { limit: 5 }).hits).toMatchObject([{ row: 1, part: 1 }]);
    expect(index.search("apple", { limit: 5 }).hits).toMatchObject([{ row: 1, part: 0 }]);
    for (const query of ["harvest", "food", "orchard", "fruit"]) expect(rowsOf(index, query)).toEqual([1]);
    expect(index.stats().documents).toBe(1);
  });

  it("gives nothing for a query without words, and on an empty index", () => {
    expect(indexOf("text").search("… !?", { limit: 5 })).toMatchObject({ hits: [], ceiling: 0, terms: [] });
    expect(createTextIndex().search("text", { limit: 5 }).hits).toEqual([]);
    expect(createTextIndex().estimate("text")).toBe(0);
  });

  it("is not misled by words that are names of object members", () => {
    const index = indexOf("the constructor and __proto__ of hasOwnProperty");
    for (const query of ["constructor", "__proto__", "hasOwnProperty"]) expect(rowsOf(index, query)).toEqual([1]);
    expect(rowsOf(index, "toString")).toEqual([]);
  });
});

describe("fallbacks", () => {
  it.each([
    ["retreive", "retriev"],
    ["databse", "databas"],
    ["authenticaton", "authent"],
    ["deplo", "deploy"],
  ])("looks %s up as a term that the index knows", (query, term) => {
    const index = indexOf("retrieve from the database", "authentication of users", "deployment", "deploy it");
    const found = index.search(query, { limit: 5 });
    expect(found.hits.length).toBeGreaterThan(0);
    expect(found.terms[0]).toMatchObject({ documents: 0 });
    expect(found.terms[0]?.expandedTo).toContain(term);
  });

  it("leaves known words alone, and short or far ones", () => {
    const index = indexOf("cache", "cached", "caches cachet");
    expect(index.search("cachet", { limit: 5 }).terms[0]?.expandedTo).toEqual([]);
    expect(index.search("xy cqzhe", { limit: 5 }).hits).toEqual([]);
  });

  it("takes no number or id for another, but completes an id", () => {
    const index = indexOf("port 8080", "commit da39a3ee5e6b4b0d3255bfef95601890afd80709");
    expect(rowsOf(index, "8081")).toEqual([]);
    expect(rowsOf(index, "da39a3ee")).toEqual([2]);
  });

  it("scores a fallback below the word itself", () => {
    const exact = indexOf("retrieve", "other", "words").search("retrieve", { limit: 1 });
    const fuzzy = indexOf("retrieve", "other", "words").search("retreive", { limit: 1 });
    const share = ({ hits, ceiling }: typeof exact): number => (hits[0]?.score ?? 0) / ceiling;
    expect(share(fuzzy)).toBeLessThan(share(exact));
  });
});

describe("removal", () => {
  it("takes effect at once, and adding a row again replaces it", () => {
    const index = indexOf("first apple", "second apple");
    index.remove(1);
    expect(rowsOf(index, "apple")).toEqual([2]);
    index.add(2, document({ body: "now a pear" }));
    expect(rowsOf(index, "apple")).toEqual([]);
    expect(rowsOf(index, "pear")).toEqual([2]);
    index.add(1, document({ body: "apple again" }));
    expect(rowsOf(index, "apple")).toEqual([1]);
    expect(index.stats().documents).toBe(2);
    index.remove(77);
  });

  it("leaves nothing of the text in a saved index", () => {
    const index = indexOf("common words", "common zanzibar");
    expect(new TextDecoder("latin1").decode(index.save())).toContain("zanzibar");
    index.remove(2);
    const saved = index.save();
    expect(new TextDecoder("latin1").decode(saved)).not.toContain("zanzibar");
    expect(rowsOf(loadTextIndex(saved), "common")).toEqual([1]);
    expect(rowsOf(index, "words")).toEqual([1]);
    index.add(3, document({ body: "zanzibar is back" }));
    expect(rowsOf(index, "zanzibar")).toEqual([3]);
  });

  it("gives back the room of removed passages", () => {
    const index = createTextIndex();
    for (let row = 0; row < 3_000; row++) index.add(row, document({ body: `number ${row} of the rows` }));
    const before = index.stats().postings;
    for (let row = 0; row < 2_500; row++) index.remove(row);
    expect(index.stats().postings).toBeLessThan(before / 3);
    expect(rowsOf(index, "2400")).toEqual([]);
    expect(rowsOf(index, "2700")).toEqual([2700]);
    for (let row = 2_500; row < 3_000; row++) index.remove(row);
    expect(index.search("number", { limit: 5 }).hits).toEqual([]);
    expect(loadTextIndex(index.save()).stats()).toMatchObject({ documents: 0, terms: 0, postings: 0 });
  });
});

describe("explain", () => {
  it("names the field, and the word as it stands there, the rarest first", () => {
    const index = indexOf("the cache", "the invalidation of a cache", "the other", "the last");
    const reasons = index.explain("how to invalidate the perf cache in orchard.ts", {
      ...document({ title: "Cache rules", body: "The invalidation of entries", tags: ["perf"] }),
      anchors: ["src/orchard.ts"],
    });
    expect(reasons).toContain('title has "cache"');
    expect(reasons).toContain('body has "invalidate" (as "invalidation")');
    expect(reasons).toContain('tag "perf"');
    expect(reasons).toContain('anchor "src/orchard.ts"');
    expect(reasons.join()).not.toContain('"the"');
    expect(reasons.length).toBeLessThanOrEqual(6);
  });

  it("names no function word, but where the question has no others", () => {
    const index = indexOf("the cache is to be cleared", "to be or not to be");
    const shown = document({ body: "to be or not to be" });
    expect(index.explain("what is to be done about the cache", shown, { row: 2, part: 0 })).toEqual([]);
    expect(index.explain("what is to be done about the cache", shown)).toEqual([]);
    expect(index.explain("is it to be", shown, { row: 2, part: 0 })).toEqual(['body has "to"', 'body has "be"']);
  });

  it("tells which word a fallback stands for", () => {
    expect(indexOf("retrieve it").explain("retreive", document({ body: "retrieve it" }))).toEqual([
      'body has "retreive" (as "retrieve")',
    ]);
  });
});

describe("estimate and filter", () => {
  it("estimates the rows that match any word", () => {
    const index = indexOf(...Array.from({ length: 100 }, (_, n) => (n % 4 === 0 ? "apple" : "pear")));
    expect(index.estimate("apple")).toBe(25);
    expect(index.estimate("unheard")).toBe(0);
  });

  it("hits only rows of the set, and none past its end", () => {
    const index = indexOf("apple one", "apple two", "apple three");
    const rows = emptyRowSet(3);
    addRow(rows, 2);
    expect(index.search("apple", { limit: 5, rows }).hits.map((hit) => hit.row)).toEqual([2]);
    expect(index.search("apple", { limit: 5, rows: new Uint32Array(0) }).hits).toEqual([]);
  });
});

it("reasons are the same whether or not the index is asked which words a document holds", () => {
  const bodies = [
    'The cache is invalidated. See `invalidateCache()` in src/cache/index.ts, or package.json\'s "cache" field',
    "Invalidation of caches: İstanbul, dying caches, re-validating; cache_key and cache.key",
    "nothing of the kind",
  ];
  const query = "how to invalidate the cache key in package.json dying Istanbul";
  const index = indexOf(...bodies);
  for (const [row, body] of bodies.entries()) {
    const words = (reasons: readonly string[]): readonly string[] =>
      reasons.map((reason) => reason.replace(/ \(as .*\)$/u, "")).sort();
    const asked = words(index.explain(query, document({ body }), { row: row + 1, part: 0 }));
    expect(asked).toEqual(words(index.explain(query, document({ body }))));
  }
});
