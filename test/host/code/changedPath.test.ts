import { join } from "node:path";
import { expect, it } from "vitest";
import { changedPath } from "../../../src/host/code/changedPath.ts";

const folder = join("/", "home", "me", "shop");
const of = (...names: readonly string[]) => changedPath(folder, join(folder, ...names));

it("a changed file is told by its path in the folder, with forward slashes", () => {
  expect(of("src", "cart", "total.ts")).toBe("src/cart/total.ts");
  expect(of("src")).toBe("src");
});

it("what git writes into its own folder, and what is installed or generated, is not told", () => {
  expect(of(".git", "index")).toBeUndefined();
  expect(of("vendored", "lib", ".git")).toBeUndefined();
  expect(of("node_modules", "left-pad", "index.js")).toBeUndefined();
  expect(of("app", "__pycache__", "x.py")).toBeUndefined();
});

it("a folder of that name that appears or goes is told: the ignore files say what becomes of it", () => {
  expect(of("node_modules")).toBe("node_modules");
});

it("a file of another folder is not told", () => {
  expect(changedPath(folder, join("/", "home", "me", "shop2", "a.ts"))).toBeUndefined();
});
