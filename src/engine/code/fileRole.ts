/** What a file is for, by its path alone: decides how far it comes down where a question is not about its like. */
export type FileRole = "source" | "test" | "declaration" | "document" | "settings" | "example";

const TEST =
  /(?:^|\/)(?:tests?|__tests__|specs?|e2e|fixtures?|testdata|__snapshots__|__mocks__|test-dts|testing)\/|[._-](?:test|spec)s?\.\w+$|(?:^|\/)test_[^/]*$|_test\.\w+$|(?:^|\/)conftest\.py$|(?:Tests?|Spec)\.(?:java|cs|kt|php|rb)$/u;
const EXAMPLE = /(?:^|\/)(?:examples?|samples?|demos?|benchmarks?|bench|playground|templates?)\//u;
const DOCUMENT = /(?:^|\/)docs?\/|\.(?:md|mdx|rst|adoc|txt)$/iu;
const SETTINGS =
  /(?:^|\/)\.[^/]+(?:\/|$)|\.(?:json|jsonc|ya?ml|toml|ini|cfg|conf|properties|lock|html|css|scss|less|svg|xml|csproj|gradle)$|(?:^|\/)(?:Makefile|Dockerfile|Gemfile|Rakefile)$|\.config\.\w+$/iu;

export function roleOf(path: string): FileRole {
  if (TEST.test(path)) return "test";
  if (EXAMPLE.test(path)) return "example";
  if (DOCUMENT.test(path)) return "document";
  if (SETTINGS.test(path)) return "settings";
  return path.endsWith(".d.ts") || path.endsWith(".pyi") ? "declaration" : "source";
}

/** What is left of the score of a file of that role where the question is not about its like. */
const SHARES: Readonly<Record<FileRole, number>> = {
  source: 1,
  declaration: 0.5,
  test: 0.2,
  example: 0.2,
  document: 0.2,
  settings: 0.2,
};
const ASKED: Readonly<Partial<Record<FileRole, RegExp>>> = {
  test: /\b(?:tests?|tested|testing|specs?|fixtures?|coverage|assert\w*|mock\w*)\b/iu,
  example: /\b(?:examples?|samples?|demos?|benchmarks?|playground)\b/iu,
  document: /\b(?:docs?|documents?|documentation|documented|readme|changelog|guide|tutorial|typos?)\b/iu,
  settings:
    /\b(?:config\w*|settings?|dependenc\w+|deps|bump|upgrade|lint\w*|ci|workflows?|build|package\.json|tsconfig\w*|docker\w*)\b/iu,
  declaration: /\b(?:types?|typings?|declarations?|\.d\.ts)\b/iu,
};

/** The share of its score that a file keeps for a question, 0..1. */
export function shareOfRole(role: FileRole, question: string): number {
  return ASKED[role]?.test(question) === true ? 1 : SHARES[role];
}
