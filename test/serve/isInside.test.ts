import { join, sep } from "node:path";
import { expect, it } from "vitest";
import { isInside } from "../../src/serve/isInside.ts";

const folder = join(sep, "code", "main");

it.each(["", "src", join("src", "..", "docs"), "..notes", join("..notes", "a.md")])("%j is inside", (way) => {
  expect(isInside(join(folder, way), folder)).toBe(true);
});

it.each(["..", join("..", "main2"), join("..", "..", "etc"), join("src", "..", "..", "other")])("%j is not", (way) => {
  expect(isInside(join(folder, way), folder)).toBe(false);
});
