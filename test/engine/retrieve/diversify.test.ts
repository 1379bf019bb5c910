import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { signature } from "../../../src/engine/admit/signature.ts";
import { diversify } from "../../../src/engine/retrieve/diversify.ts";
import { memoryOf } from "./support/memory.ts";

const TEXT =
  "the checkout service retries a failed payment three times before it gives up and tells the customer about it by mail so that " +
  "nobody waits longer than a minute for an answer of a bank that is slow today";
const entry = (id: string, key: number, content: string) => ({
  key,
  score: key,
  memory: memoryOf({ id, content, signature: signature(content) }),
});
const idsOf = (entries: Iterable<ReturnType<typeof entry>>): readonly string[] =>
  [...entries].map(({ memory }) => memory.id);

test("what says nearly the same as a better result comes after something else, unless that matches far worse", () => {
  const ranking = [
    entry("first", 0.6, TEXT),
    entry("again", 0.58, `${TEXT} or so`),
    entry(
      "other",
      0.55,
      "Payments are booked at midnight, all of them at once, by a job that the shop's own calendar starts.",
    ),
    entry(
      "weak",
      0.2,
      "A text about the colour of buttons in the shop and about nothing else that anybody would ask for.",
    ),
  ];
  expect(idsOf(diversify(ranking))).toEqual(["first", "other", "again", "weak"]);
});

test("equal texts stay together, to be shown as one", () => {
  const ranking = [entry("a", 0.6, TEXT), entry("b", 0.6, TEXT), entry("c", 0.59, "Something else altogether.")];
  expect(idsOf(diversify(ranking))).toEqual(["a", "b", "c"]);
});

describe("with vectors", () => {
  const vector = (...components: readonly number[]) => {
    const scale = 1 / Math.hypot(...components);
    return () => ({ model: "test", components: Int8Array.from(components), scale });
  };
  const first = "Sessions end when nobody has asked anything for an hour.";
  const again = "After sixty minutes without a question whoever was logged in is logged out.";
  const other = "A logged in person may change the language of the page.";
  const ranking = (toAgain = vector(99, 10)) => [
    { ...entry("first", 0.6, first), vector: vector(100, 0) },
    { ...entry("again", 0.58, again), vector: toAgain },
    { ...entry("other", 0.55, other), vector: vector(70, 70) },
  ];

  test("two that say the same in other words stand apart, where MinHash sees two things", () => {
    expect(idsOf(diversify(ranking()))).toEqual(["first", "other", "again"]);
    expect(idsOf(diversify(ranking().map(({ vector: _, ...rest }) => rest)))).toEqual(["first", "again", "other"]);
  });

  test("two about one subject keep their order, and vectors of two models are never compared", () => {
    expect(idsOf(diversify(ranking(vector(80, 60))))).toEqual(["first", "again", "other"]);
    const foreign = () => ({ ...vector(100, 0)(), model: "another" });
    expect(idsOf(diversify(ranking(foreign)))).toEqual(["first", "again", "other"]);
  });
});

test("every entry comes once, keys never rise, and the order does not depend on how many are taken", () => {
  const texts = [TEXT, `${TEXT} or so`, `Once more ${TEXT}`, "short", "something else"];
  fc.assert(
    fc.property(
      fc.array(fc.record({ key: fc.double({ min: 0, max: 1, noNaN: true }), text: fc.constantFrom(...texts) })),
      (given) => {
        const ranking = given.map(({ key, text }, at) => entry(String(at), key, text)).sort((a, b) => b.key - a.key);
        const diverse = [...diversify(ranking)];
        expect(new Set(idsOf(diverse))).toEqual(new Set(idsOf(ranking)));
        expect(diverse).toHaveLength(ranking.length);
        for (const [at, { key }] of diverse.entries()) expect(key).toBeLessThanOrEqual(diverse[at - 1]?.key ?? 1);
        const taken: string[] = [];
        for (const { memory } of diversify(ranking)) if (taken.push(memory.id) === 5) break;
        expect(taken).toEqual(idsOf(diverse).slice(0, taken.length));
      },
    ),
  );
});
