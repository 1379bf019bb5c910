import { expect, test } from "vitest";
import type { DuplicatePair } from "../../../src/contract/explore.ts";
import { factsOf, likeness } from "../../../webview/review/pairFacts.ts";

const SCOPES = { user: "everyone", repo: "everywhere", lineage: "where its commit", session: "once" };
const side = (changes: Partial<DuplicatePair["a"]>): DuplicatePair["a"] => ({
  id: "a",
  title: "Use pnpm",
  excerpt: "Use pnpm",
  content: "Use pnpm",
  kind: "rule",
  scope: "lineage",
  freshness: "unanchored",
  visibility: "visible",
  pending: false,
  pinned: false,
  branch: "main",
  commit: "1234567890abcdef",
  timestamp: 1,
  anchors: 0,
  ...changes,
});

test("of the same text twice it is told what differs, on both sides", () => {
  const [a, b] = [side({}), side({ scope: "repo", commit: "fedcba0987654321" })];
  expect(likeness({ a, b, similarity: 1 })).toBe("The same text: they differ in scope, commit");
  expect(factsOf(a, b, SCOPES)).toEqual(["where its commit", "main", "12345678"]);
  expect(factsOf(b, a, SCOPES)).toEqual(["everywhere", "main", "fedcba09"]);
});

test("what both have in common is not told beside the branch and the agent", () => {
  const [a, b] = [side({ agent: "claude" }), side({ content: "Use pnpm only", visibility: "hidden" })];
  expect(likeness({ a, b, similarity: 0.666 })).toBe("67 % alike");
  expect(likeness({ a, b, similarity: 0.9, by: "meaning" })).toBe("90 % alike in meaning");
  expect(factsOf(a, b, SCOPES)).toEqual(["main", "claude"]);
  expect(factsOf(b, a, SCOPES)).toEqual(["main", "hidden from here"]);
  expect(likeness({ a, b: side({ agent: "claude" }), similarity: 1 })).toBe("The same text");
});
