import { afterEach, beforeEach, expect, test } from "vitest";
import { EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("traces");
  const { repository } = here;
  const filler = Array.from({ length: 30 }, (_, at) => `// token ${at}: unexpected token in the parser`).join("\n");
  repository.commit("src/parser.ts", `${filler}\nexport function parser(): void {}\n`, "the parser");
  repository.commit("src/queue.ts", "export class Queue {\n  take(): void {\n    drain();\n  }\n}\n", "a queue");
  repository.commit("test/queue.test.ts", 'test("takes", () => {\n  new Queue().take();\n});\n', "tests");
});
afterEach(() => here.close());

const TRACE = `SyntaxError: unexpected token
    at pad (/app/node_modules/pad/parser.js:1:1)
    at Queue.take (/app/src/queue.ts:3:5)
    at /app/test/queue.test.ts:2:15`;

test("frames lead, the innermost of this code first, each with its reason and its symbol", async () => {
  const { files, intent } = await here.engine.locate({ query: TRACE }, {});
  expect(intent.name).toBe("error");
  expect(intent.why).toContain("the question holds a stack trace");
  expect(files.map(({ path }) => path).slice(0, 3)).toEqual(["src/queue.ts", "test/queue.test.ts", "src/parser.ts"]);
  expect(files[0]?.reasons[0]).toBe("frame 2 of the trace: Queue.take at src/queue.ts:3");
  expect(files[0]?.symbols[0]).toMatchObject({ name: "Queue.take", startLine: 2 });
  const scores = files.map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(Math.max(...scores)).toBeLessThanOrEqual(1);
});

test("a filter holds for frames too", async () => {
  const { files } = await here.engine.locate({ query: TRACE, pathGlob: "test/**" }, {});
  expect(files.map(({ path }) => path)).toEqual(["test/queue.test.ts"]);
});

test("a question that asks for tests finds them, and says what it was taken for", async () => {
  const { files, intent } = await here.engine.locate({ query: "which specs cover `Queue`" }, {});
  expect(intent.name).toBe("test");
  expect(files.slice(0, 2).map(({ path }) => path)).toContain("test/queue.test.ts");
});

test("who asks for callers is given the definition and then them, each with its lines", async () => {
  const { repository } = here;
  repository.commit(
    "src/drainAll.ts",
    'import { Queue } from "./queue.ts";\nexport const drainAll = (queue: Queue): void => queue.take();\n',
    "drain",
  );
  repository.commit(
    "src/late.ts",
    'import { drainAll } from "./drainAll.ts";\n\nexport function late(): void {\n  drainAll(queue);\n}\n',
    "late",
  );
  const { files, intent } = await here.engine.locate({ query: "who calls drainAll" }, {});
  expect(intent.name).toBe("usage");
  expect(files.slice(0, 2).map(({ path, reasons }) => `${path}: ${reasons[0]}`)).toEqual([
    "src/drainAll.ts: defines drainAll",
    "src/late.ts: calls drainAll in line 4, in late",
  ]);
});
