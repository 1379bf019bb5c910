import { describe, expect, test } from "vitest";
import { INTENTS } from "../../../../src/contract/intent.ts";
import { INTENT_RULES } from "../../../../src/engine/code/intent/intentRules.ts";
import { INTENT_SHAPES } from "../../../../src/engine/code/intent/intentShapes.ts";
import { readIntent } from "../../../../src/engine/code/intent/readIntent.ts";
import { WEIGHTS } from "../../../../src/engine/code/locate/locateFiles.ts";

const QUESTIONS: Readonly<Record<(typeof INTENTS)[number], readonly string[]>> = {
  symbol: ["composeContext", "Session.followRedirect", "what is `PlanStatistics`", "the signature of parse_header"],
  where: [
    "where are cookies kept between requests",
    "which file parses the journal",
    "find the code that checks a token",
    "the place that decides about retries, where is it?",
  ],
  how: [
    "how does the cache get invalidated",
    "explain the architecture of the index",
    "how do I run the benches",
    "what happens when the owner dies",
  ],
  why: [
    "why do we retry only some of the calls?",
    "what was the reason for sql.js",
    "which decisions were made about the journal",
  ],
  usage: [
    "who calls openConnection",
    "callers of Session.followRedirect",
    "where is mergeSettings used?",
    "is it safe to remove `parseHeader`?",
    "what implements TextIndex",
  ],
  error: [
    "TypeError: Cannot read properties of undefined (reading 'id')",
    "the import crashes on an empty file",
    "login fails with ECONNREFUSED",
    "    at parse (/app/src/parse.ts:42:5)",
    "src/a.ts(3,1): error TS2304: Cannot find name 'x'.",
  ],
  test: [
    "which tests cover the parser",
    "test: more of the parser",
    "are there integration tests of login",
    "is the parser tested anywhere",
  ],
  configuration: [
    "which environment variables set the port",
    "chore(deps): bump zod",
    "settings of the linter",
    "MAX_CONNECTIONS in the config",
  ],
  recent: [
    "what changed in the parser last week",
    "who added the retry",
    "latest commits to the journal",
    "when was the reranker introduced",
  ],
  task: [
    "add a retry to the client",
    "fix(router): keep the query",
    "rename Session to Client",
    "a banana for the monkey",
    "support IPv6 addresses",
  ],
};

describe.each(Object.entries(QUESTIONS))("%s", (name, questions) => {
  test.each(questions)("is what is wanted by: %s", (question) => {
    const { intent } = readIntent(question);
    expect(intent, JSON.stringify(intent)).toMatchObject({ name });
    expect(intent.confidence).toBeGreaterThan(0);
    expect(intent.confidence).toBeLessThanOrEqual(1);
    expect(intent.why.length).toBeGreaterThan(0);
  });
});

test("every intent has a shape and rules, and what rules say tells them apart", () => {
  for (const name of INTENTS) {
    expect(INTENT_RULES.some(({ intent }) => intent === name)).toBe(true);
    const { memoryShare, levels } = INTENT_SHAPES[name];
    expect(memoryShare).toBeGreaterThan(0);
    expect(memoryShare).toBeLessThan(1);
    expect(levels.outline < levels.signatures && levels.signatures < levels.implementation).toBe(true);
  }
  const said = INTENT_RULES.map(({ intent, says }) => `${intent} ${says}`);
  expect(new Set(said).size).toBe(said.length);
});

test("what a rule weighs more is more certain, and weights move as far as it is certain", () => {
  const sure = readIntent("who calls openConnection");
  const unsure = readIntent("add what calls openConnection, why and where");
  expect(unsure.intent.confidence).toBeLessThan(sure.intent.confidence);
  const factor = INTENT_SHAPES.usage.signals.imports ?? 1;
  expect(sure.weights.imports).toBeCloseTo(WEIGHTS.imports * (1 + (factor - 1) * sure.intent.confidence));
  expect(readIntent("a banana for the monkey").weights).toEqual(WEIGHTS);
});

test("a long question made to be slow is classified at once", () => {
  for (const piece of ["what ", "where is ", "a_B ", "which x ", "who calls ", "how ", "is a ", "`"]) {
    const begun = performance.now();
    readIntent(piece.repeat(10_000).slice(0, 10_000));
    // A pattern that backtracks without bound takes minutes for this.
    expect(performance.now() - begun).toBeLessThan(2_000);
  }
});
