import { expect, it } from "vitest";
import { excludedGlobs } from "../../../src/host/code/excludedGlobs.ts";

it("globs that are on are left out, each once, in the order in which the settings have them", () => {
  expect(
    excludedGlobs([
      { "**/dist": true, out: true },
      { out: true, "**/*.snap": true },
    ]),
  ).toEqual(["**/dist", "out", "**/*.snap"]);
});

it("a glob that is off, or that hides a file beside another one only, leaves nothing out", () => {
  expect(excludedGlobs([{ "**/dist": false, "**/*.js": { when: "$(basename).ts" } }])).toEqual([]);
});

it("what is no setting of that kind leaves nothing out", () => {
  expect(excludedGlobs([undefined, null, "**/*", ["a"], 3])).toEqual([]);
});
