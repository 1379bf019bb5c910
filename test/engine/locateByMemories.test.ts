import { afterEach, beforeEach, expect, test } from "vitest";
import { EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("pointing");
  here.repository.commit("src/alpha.ts", "export const alpha = 1;\n", "one");
  here.repository.commit("src/beta.ts", "export const beta = 2;\n", "two");
});
afterEach(() => here.close());

const QUESTION = "why does the giraffe sleep at noon";
const located = async () => (await here.engine.locate({ query: QUESTION }, {})).files;
const remembered = async () =>
  (await located())
    .filter(({ reasons }) => reasons.some((one) => one.startsWith("remembered")))
    .map(({ path }) => path);

test("a file that a memory is anchored to is found by what the memory says, and says which one it was", async () => {
  expect((await located()).map(({ path }) => path)).not.toContain("src/beta.ts");
  const id = await here.remember("The giraffe sleeps at noon because of the heat.", {
    title: "Noon",
    anchors: [{ path: "src/beta.ts" }],
  });
  const [first] = await located();
  expect(first?.path).toBe("src/beta.ts");
  expect(first?.reasons).toContain(`remembered in "Noon" (${id})`);
});

test("what this HEAD does not inherit lends nothing", async () => {
  here.repository.git("checkout", "-q", "-b", "side");
  here.repository.commit("src/gamma.ts", "export const gamma = 3;\n", "three");
  await here.remember("The giraffe sleeps at noon because of the heat.", { anchors: [{ path: "src/beta.ts" }] });
  expect(await remembered()).toEqual(["src/beta.ts"]);
  here.repository.git("checkout", "-q", "main");
  expect(await remembered()).toEqual([]);
});

test("being asked for files is not being shown: ranking learns nothing of it", async () => {
  const id = await here.remember("The giraffe sleeps at noon.", { anchors: [{ path: "src/beta.ts" }] });
  await located();
  await here.engine.feedback({ id, outcome: "helpful" }, {});
  await here.engine.learned();
  expect(JSON.stringify(await here.exported())).not.toContain("giraffe sleep at noon");
});

test("what was learned of commits does not count twice: git is asked what they changed", async () => {
  here.repository.commit("src/beta.ts", "export const beta = 3;\n", "giraffes sleep at noon");
  await here.engine.learn({}, {});
  const [first] = await located();
  expect(first?.path).toBe("src/beta.ts");
  expect(first?.reasons.join()).toContain("giraffes sleep at noon");
  expect(await remembered()).toEqual([]);
});
