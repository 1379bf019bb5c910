import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addRow, emptyRowSet } from "../../../src/contract/rowSet.ts";
import { createTextIndex, loadTextIndex } from "../../../src/engine/indexing/textIndex.ts";
import type { TextDocument, TextIndex } from "../../../src/engine/seams.ts";
import { NaiveBm25 } from "./naiveBm25.ts";

const WORDS = "apple bridge cloud dragon engine forest garden harbor island jungle kernel ladder mirror needle".split(
  " ",
);
/** Frequent and rare words: the lower numbers come far more often. */
const word = fc
  .integer({ min: 0, max: WORDS.length ** 2 - 1 })
  .map((n) => WORDS[WORDS.length - 1 - Math.floor(Math.sqrt(n))] ?? "");
const words = (max: number) => fc.array(word, { minLength: 1, maxLength: max }).map((list) => list.join(" "));
const document: fc.Arbitrary<TextDocument> = fc
  .record({
    title: fc.oneof(fc.constant(""), words(3)),
    passages: fc.array(words(12), { minLength: 1, maxLength: 3 }),
    headings: fc.array(word, { maxLength: 1 }),
    tags: fc.array(word, { maxLength: 2 }),
    anchors: fc.array(
      word.map((name) => `src/${name}.ts`),
      { maxLength: 1 },
    ),
  })
  .map(({ title, passages, headings, tags, anchors }) => {
    let at = 0;
    const parts = passages.map((text) => {
      const start = at;
      at += text.length + 1;
      return { start, end: start + text.length, tokens: 1, headings };
    });
    return { title, body: passages.join("\n"), tags, anchors, parts: parts.length > 1 ? parts : [] };
  });
const MAX_ROW = 60;
const row = fc.integer({ min: 1, max: MAX_ROW });
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant("append" as const), document }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("put" as const), row, document }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("remove" as const), row }) },
  { weight: 1, arbitrary: fc.constant({ type: "reload" as const }) },
  { weight: 1, arbitrary: fc.constant({ type: "search" as const }) },
);
const question = fc.record({
  query: words(6),
  limit: fc.integer({ min: 1, max: 8 }),
  rows: fc.option(fc.array(row, { maxLength: 40 }), { nil: undefined }),
  rowBound: fc.option(row, { nil: undefined }),
});

describe("ranking", () => {
  it("is that of brute force BM25 over any history, filter and bound", () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 60 }),
        fc.array(question, { minLength: 1, maxLength: 6 }),
        (steps, questions) => {
          let index = createTextIndex();
          const naive = new NaiveBm25();
          let next = 1;
          for (const todo of steps) {
            if (todo.type === "append" || todo.type === "put") {
              const at = todo.type === "append" ? next++ : todo.row;
              next = Math.max(next, at + 1);
              index.add(at, todo.document);
              naive.add(at, todo.document);
            } else if (todo.type === "remove") {
              index.remove(todo.row);
              naive.remove(todo.row);
            } else if (todo.type === "reload") index = loadTextIndex(index.save());
            else for (const asked of questions) compare(index, naive, asked);
          }
          for (const asked of questions) compare(index, naive, asked);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is that of brute force BM25 where pruning, packing and several segments come in", () => {
    let index = createTextIndex();
    const naive = new NaiveBm25();
    const random = fc.sample(fc.tuple(document, question), { numRuns: 1500, seed: 7 });
    for (const [at, [each]] of random.entries()) {
      index.add(at, each);
      naive.add(at, each);
      if (at % 3 === 0) {
        index.remove(at - Math.floor(at / 3));
        naive.remove(at - Math.floor(at / 3));
      }
      if (at === 700 || at === 1400) index = loadTextIndex(index.save());
    }
    for (const [, asked] of random.slice(0, 60)) {
      const rows =
        asked.rows === undefined
          ? undefined
          : Array.from({ length: 1000 }, (_, place) => place + (asked.rows?.length ?? 0));
      compare(index, naive, {
        ...asked,
        rows,
        rowBound: asked.rowBound === undefined ? undefined : asked.rowBound * 25,
      });
    }
  });

  it("of a later page is the first one's when memories were only added since", () => {
    const index = createTextIndex();
    const documents = fc.sample(document, { numRuns: 400, seed: 3 });
    const add = (from: number, to: number): void => {
      for (let at = from; at < to; at++) index.add(at, documents[at] ?? fail());
    };
    add(0, 250);
    const before = index.search("needle forest apple unknownword", { limit: 50, rowBound: 250 });
    add(250, 400);
    const after = index.search("needle forest apple unknownword", { limit: 50, rowBound: 250 });
    expect(after.hits).toEqual(before.hits);
    expect(after.ceiling).toBe(before.ceiling);
    expect(after.terms).toEqual(before.terms);
  });

  it("crosses segments of 65,536 passages, and bounds and removals inside each", () => {
    let index = createTextIndex();
    const naive = new NaiveBm25();
    for (let at = 0; at < 70_000; at++) {
      const each = plain(
        at % 4000 === 0 ? `needle ${WORDS[at % 7] ?? ""} ${at % 8000 === 0 ? "mirror" : ""}` : "apple",
      );
      index.add(at, each);
      naive.add(at, each);
    }
    for (const gone of [4000, 68_000, 69_999]) {
      index.remove(gone);
      naive.remove(gone);
    }
    for (const rowBound of [undefined, 68_500, 30_000]) {
      compare(index, naive, { query: "needle mirror", limit: 5, rows: undefined, rowBound });
    }
    index = loadTextIndex(index.save());
    compare(index, naive, { query: "needle mirror", limit: 30, rows: undefined, rowBound: undefined });
    expect(index.stats().documents).toBe(69_997);
  });

  it("puts the newest row first where scores are equal", () => {
    const index = createTextIndex();
    for (const at of [5, 9, 7]) index.add(at, plain("equal words"));
    expect(index.search("equal", { limit: 2 }).hits.map((hit) => hit.row)).toEqual([9, 7]);
  });

  it("never gives more than the ceiling", () => {
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 20 }), words(5), (documents, query) => {
        const index = createTextIndex();
        for (const [at, each] of documents.entries()) index.add(at, each);
        const { hits, ceiling } = index.search(`${query} unheard`, { limit: 20 });
        for (const { score } of hits) expect(score).toBeLessThan(ceiling);
      }),
    );
  });
});

interface Question {
  readonly query: string;
  readonly limit: number;
  readonly rows: readonly number[] | undefined;
  readonly rowBound: number | undefined;
}

function compare(index: TextIndex, naive: NaiveBm25, asked: Question): void {
  const rows = asked.rows === undefined ? undefined : emptyRowSet(2000);
  for (const allowed of asked.rows ?? []) if (rows !== undefined) addRow(rows, allowed);
  const { hits, terms } = index.search(asked.query, {
    limit: asked.limit,
    ...(rows === undefined ? {} : { rows }),
    ...(asked.rowBound === undefined ? {} : { rowBound: asked.rowBound }),
  });
  // A word that nothing holds is expanded, which the formula knows nothing of.
  if (terms.some((term) => term.expandedTo.length > 0)) return;
  const expected = naive.search(asked.query, rows, asked.rowBound ?? Infinity);
  expect(hits.length).toBe(Math.min(asked.limit, expected.length));
  const byRow = new Map(expected.map((each) => [each.row, each]));
  for (const [place, hit] of hits.entries()) {
    expect(hit.score).toBeCloseTo(expected[place]?.score ?? -1, 9);
    expect(hit.score).toBeCloseTo(byRow.get(hit.row)?.score ?? -1, 9);
    expect(byRow.get(hit.row)?.parts).toContain(hit.part);
    const before = hits[place - 1];
    if (before?.score === hit.score) expect(before.row).toBeGreaterThan(hit.row);
  }
}

const plain = (body: string): TextDocument => ({ title: "", body, tags: [], anchors: [], parts: [] });

function fail(): never {
  throw new Error("no such document");
}
