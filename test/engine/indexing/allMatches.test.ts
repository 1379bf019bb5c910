import fc from "fast-check";
import { expect, test } from "vitest";
import { addRow, emptyRowSet } from "../../../src/contract/rowSet.ts";
import { createTextIndex } from "../../../src/engine/indexing/textIndex.ts";
import type { TextDocument, TextIndex } from "../../../src/engine/seams.ts";

const document = (body: string, parts: TextDocument["parts"] = []): TextDocument => ({
  title: "",
  body,
  tags: [],
  anchors: [],
  parts,
});
const every = (rows: number): Uint32Array => emptyRowSet(rows + 1).fill(0xffffffff);
const found = (index: TextIndex, query: string, rows = every(100)): readonly number[] =>
  [...index.matches(query, rows).rows].sort((a, b) => a - b);

const WORDS = ["cache", "price", "order", "mail", "user", "token"];

test("a finished word's matches are all that a search finds, with its scores", () => {
  const bodies = fc.array(fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 8 }), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(bodies, fc.constantFrom(...WORDS), fc.array(fc.nat(40)), (texts, word, removed) => {
      const index = createTextIndex();
      texts.forEach((words, row) => index.add(row, document(words.join(" "))));
      for (const row of removed) index.remove(row);
      const { hits } = index.search(word, { limit: 100 });
      const known = hits.length > 0;
      const matches = index.matches(`${word} `, every(100));
      if (!known) return;
      const scores = new Map([...matches.rows].map((row, at) => [row, matches.scores[at] ?? 0]));
      expect([...scores.keys()].sort()).toEqual(hits.map(({ row }) => row).sort());
      for (const { row, score } of hits) expect(scores.get(row)).toBeCloseTo(score, 4);
    }),
  );
});

test("only the rows that are asked for are matched", () => {
  const index = createTextIndex();
  for (let row = 1; row <= 5; row++) index.add(row, document("the cache"));
  const rows = emptyRowSet(6);
  addRow(rows, 2);
  addRow(rows, 4);
  expect(found(index, "cache", rows)).toEqual([2, 4]);
});

test("a row matches by its best passage, and holds a word when any of its passages does", () => {
  const index = createTextIndex();
  const body = "about mail and mail only. about the price of an order.";
  const cut = body.indexOf("about the");
  const part = (start: number, end: number): TextDocument["parts"][number] => ({ start, end, tokens: 5, headings: [] });
  index.add(1, document(body, [part(0, cut), part(cut, body.length)]));
  index.add(2, document("mail"));
  const matches = index.matches("price order ", every(10));
  expect([...matches.rows]).toEqual([1]);
  expect([...matches.parts]).toEqual([1]);
  expect(found(index, "mail price ")).toContain(1);
});

test("the word that is being typed stands for what begins with it, finished ones do not", () => {
  const index = createTextIndex();
  index.add(1, document("we invalidate caches"));
  index.add(2, document("an invalid token"));
  index.add(3, document("inventory of orders"));
  expect(found(index, "inv")).toEqual([1, 2, 3]);
  expect(found(index, "inval")).toEqual([1, 2]);
  expect(found(index, "invalid")).toEqual([1, 2]);
  expect(found(index, "tok")).toEqual([2]);
  expect(found(index, "ord")).toEqual([3]);
  index.add(4, document("ord is a word of its own"));
  expect(found(index, "ord ")).toEqual([4]);
  expect(found(index, "ord")).toEqual([3, 4]);
});

test("an identifier is found while it is typed", () => {
  const index = createTextIndex();
  index.add(1, document("call getUserName for that"));
  index.add(2, document("something else"));
  for (const typed of ["getU", "getUserN", "getUserNam", "get_user_na", "getusern"])
    expect(index.matches(typed, every(10)).rows, typed).toContain(1);
});

test("what holds only a small part of a question is left out beside what holds all of it", () => {
  const index = createTextIndex();
  for (let row = 1; row <= 30; row++) index.add(row, document("deploy notes of every day"));
  index.add(31, document("deploy needs the vault token rotated"));
  expect(found(index, "deploy vault token rotated ")).toEqual([31]);
  expect(found(index, "deploy ")).toHaveLength(31);
});

test("nothing to look for finds nothing", () => {
  const index = createTextIndex();
  index.add(1, document("text"));
  for (const query of ["", "…", "zzzzqq"]) expect(found(index, query)).toEqual([]);
});
