import { expect, test } from "vitest";
import { collapseEqual } from "../../../src/engine/retrieve/collapse.ts";
import { memoryOf } from "./support/memory.ts";

const entry = (id: string, content: string) => ({ memory: memoryOf({ id, content }) });
const marks = (entries: ReturnType<typeof entry>[]) =>
  [...collapseEqual(entries)].map(({ entry: { memory }, equalTo }) => [memory.id, equalTo?.memory.id]);

test("a text that came before is marked with the first that had it, white space aside", () => {
  expect(marks([entry("a", "one two"), entry("b", "other"), entry("c", "one\n two "), entry("d", "one two")])).toEqual([
    ["a", undefined],
    ["b", undefined],
    ["c", "a"],
    ["d", "a"],
  ]);
});

test("a signature alone makes no text equal", () => {
  const signature = "t:same";
  const twins = ["a", "b"].map((id) => ({ memory: memoryOf({ id, content: `text ${id}`, signature }) }));
  expect([...collapseEqual(twins)].map((one) => one.equalTo)).toEqual([undefined, undefined]);
});

test("it compares with the 100 entries before and no further", () => {
  const between = (count: number) => Array.from({ length: count }, (_, at) => entry(`x${at}`, `text ${at}`));
  expect(marks([entry("a", "same"), ...between(99), entry("b", "same")]).at(-1)).toEqual(["b", "a"]);
  expect(marks([entry("a", "same"), ...between(100), entry("b", "same")]).at(-1)).toEqual(["b", undefined]);
});
