import fc from "fast-check";
import { expect, test } from "vitest";
import { HeirloomError } from "../../../src/contract/errors.ts";
import { type PagePosition, decodeCursor, encodeCursor, questionOf } from "../../../src/engine/retrieve/cursor.ts";

const question = questionOf({ query: "a", filters: { kind: "rule" } });
const position: PagePosition = { rowBounds: [7, 3], now: 5, passed: 10, last: { key: 0.1 + 0.2, store: 1, row: 2 } };

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof HeirloomError) return error.code;
    throw error;
  }
  return undefined;
}

test("a cursor gives back the position that it was made of", () => {
  expect(decodeCursor(encodeCursor(position, question), question, 2)).toEqual(position);
});

test("also what a reranker told of the best rows, to a thousandth", () => {
  const read = [
    { store: 0, row: 5, share: 0.982 },
    { store: 1, row: 2, share: 0 },
  ];
  for (const told of [read, []])
    expect(decodeCursor(encodeCursor({ ...position, read: told }, question), question, 2)).toEqual({
      ...position,
      read: told,
    });
});

test("is short enough to be sent back, and opaque", () => {
  const cursor = encodeCursor(position, question);
  expect(cursor.length).toBeLessThan(256);
  expect(cursor).toMatch(/^[\w-]+$/u);
});

test("the same question has one identity, in whatever order its keys are", () => {
  expect(questionOf({ filters: { kind: "rule", scope: "repo" }, query: "a" })).toBe(
    questionOf({ query: "a", scope: undefined, filters: { scope: "repo", kind: "rule" } }),
  );
  expect(questionOf({ query: "a", filters: { kind: "fact" } })).not.toBe(question);
});

test("one of another question or another set of stores is refused", () => {
  const cursor = encodeCursor(position, question);
  expect(codeOf(() => decodeCursor(cursor, questionOf({ query: "b" }), 2))).toBe("INVALID_INPUT");
  expect(codeOf(() => decodeCursor(cursor, question, 1))).toBe("INVALID_INPUT");
});

test("any text that is no cursor, and any cursor with one character changed, is INVALID_INPUT", () => {
  fc.assert(fc.property(fc.string(), (text) => codeOf(() => decodeCursor(text, question, 2)) === "INVALID_INPUT"));
  const cursor = encodeCursor(position, question);
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (let at = 0; at < cursor.length; at++) {
    // Far enough away to differ in more than the bits that the end of base64 leaves unused.
    const other = letters[(letters.indexOf(cursor[at] ?? "") + 22) % 64] ?? "";
    const changed = cursor.slice(0, at) + other + cursor.slice(at + 1);
    expect(codeOf(() => decodeCursor(changed, question, 2))).toBe("INVALID_INPUT");
  }
});
