import fc from "fast-check";
import { expect, test } from "vitest";
import { joined } from "../../../../src/engine/code/graph/modulePath.ts";

test.each([
  ["src/code", "./url", "src/code/url"],
  ["src/code", "./deep/url.ts", "src/code/deep/url.ts"],
  ["src/code", "../url", "src/url"],
  ["src/code", "../../../url", "url"],
  ["src/code", "./../.././url", "url"],
  ["src/code", ".", "src/code"],
  ["src/code", "..", "src"],
  ["src/code", "./", "src/code"],
  ["src/code", "../..", ""],
  ["src/code", "./deep//url/", "src/code/deep/url"],
  ["src/code", "./deep/../url", "src/code/url"],
  ["src/code", "./.hidden/url", "src/code/.hidden/url"],
  ["", "./url", "url"],
  ["", "url", "url"],
])("from the folder %j the path %j is %j", (folder, relative, whole) => expect(joined(folder, relative)).toBe(whole));

test("any path from a folder of the tree is what its parts lead to", () => {
  const part = fc.constantFrom("a", "bc", ".", "..", "", ".git", "d.ts", "...");
  const folder = fc.array(fc.constantFrom("x", "y", ".z"), { maxLength: 4 }).map((parts) => parts.join("/"));
  fc.assert(
    fc.property(folder, fc.array(part, { minLength: 1, maxLength: 6 }), (from, parts) => {
      const whole = from === "" ? [] : from.split("/");
      for (const one of parts)
        if (one === "..") whole.pop();
        else if (one !== "." && one !== "") whole.push(one);
      expect(joined(from, parts.join("/"))).toBe(whole.join("/"));
    }),
    { numRuns: 2_000 },
  );
});
