import { expect, it } from "vitest";
import { type CodeRules, USUAL_CODE_RULES } from "../../src/contract/codeRules.ts";
import { codeRulesAt } from "../../src/worker/codeRulesAt.ts";

const rules = (given: Partial<CodeRules>): CodeRules => ({ ...USUAL_CODE_RULES, ...given });
const excluded = (root: string, folder: string, ...exclude: readonly string[]) =>
  codeRulesAt(root, [{ real: folder, code: rules({ exclude }) }]).exclude;

it("a folder's globs hold as they are where it is the root of the work tree", () => {
  expect(excluded("/w", "/w", "out", "**/*.snap")).toEqual(["out", "**/*.snap"]);
});

it("a folder's globs hold below it alone where the work tree begins above it", () => {
  expect(excluded("/w", "/w/packages/a", "out", "./out", "**/*.snap")).toEqual([
    "packages/a/out",
    "packages/a/out",
    "packages/a/**/*.snap",
  ]);
});

it("a repository inside a folder is told what the folder says of it, and nothing that is said of its neighbours", () => {
  expect(excluded("/w/lib", "/w", "**/*.snap", "lib/out", "other/out", "out")).toEqual(["**/*.snap", "out"]);
});

it("a folder beside the work tree says nothing of it", () => {
  expect(codeRulesAt("/w", [{ real: "/www", code: rules({ enabled: false, exclude: ["x"] }) }])).toEqual(rules({}));
});

it("code is indexed where one of several folders wants it, and paused where all that want it are", () => {
  const two = (a: Partial<CodeRules>, b: Partial<CodeRules>): CodeRules =>
    codeRulesAt("/w", [
      { real: "/w/a", code: rules(a) },
      { real: "/w/b", code: rules(b) },
    ]);
  expect(two({ enabled: false }, {})).toMatchObject({ enabled: true, paused: false });
  expect(two({ enabled: false }, { enabled: false })).toMatchObject({ enabled: false });
  expect(two({ paused: true }, {})).toMatchObject({ paused: false });
  expect(two({ paused: true }, { paused: true })).toMatchObject({ paused: true });
  expect(two({ paused: true }, { enabled: false })).toMatchObject({ paused: true });
});
