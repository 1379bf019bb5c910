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
