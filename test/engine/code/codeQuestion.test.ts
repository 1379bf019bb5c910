import { expect, test } from "vitest";
import { readQuestion } from "../../../src/engine/code/codeQuestion.ts";

test("the kind of a conventional commit is no word of the question, its scope is", () => {
  expect(readQuestion("fix(router): wrong params").words).toBe("router wrong params");
  expect(readQuestion("feat!: add hooks").words).toBe("add hooks");
  expect(readQuestion("fix: ").words).not.toBe("");
  expect(readQuestion("fixed: the door").words).toBe("fixed: the door");
});

test("names are told from words by how they are written, or by quotes", () => {
  expect(readQuestion("why does parseUrl call Router.add in my_module").names).toEqual(
    expect.arrayContaining(["parseUrl", "Router.add", "add", "my_module"]),
  );
  expect(readQuestion("what does `flush` do").names).toContain("flush");
  expect(readQuestion("What does the router do").names).toEqual([]);
});

test("paths are found in running text", () => {
  expect(readQuestion("see src/lib/url.ts and setup.py, then stop").paths).toEqual(["src/lib/url.ts", "setup.py"]);
  expect(readQuestion("and/or is no path that is there").paths).toEqual(["and/or"]);
});
