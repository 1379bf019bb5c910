import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CaptureInput } from "../../src/contract/tools.ts";
import { EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("warnings");
});
afterEach(() => here.close());

const capture = async (input: Partial<CaptureInput>): Promise<readonly string[]> => {
  const { warnings = [], outcome } = await here.engine.capture(
    { eventType: "decision", content: `Text ${JSON.stringify(input)}`, ...input },
    {},
  );
  expect(outcome).toBe("created");
  return warnings;
};

test("a type that is no kind is kept as a note and told, unless a kind is given", async () => {
  expect(await capture({ eventType: "decison" })).toEqual([
    expect.stringMatching(
      /^The type "decison" is no kind, so this is kept as a note\. Kinds are decision, rule, gotcha/u,
    ),
  ]);
  expect(await capture({ eventType: "convention" })).toEqual([]);
  expect(await capture({ eventType: "standup", kind: "event" })).toEqual([]);
});

test("an anchor to a file that is neither in the working tree nor at HEAD is told, and stored all the same", async () => {
  here.repository.commit("src/here.ts");
  here.repository.commit("src/removed.ts");
  rmSync(join(here.repository.root, "src/removed.ts"));
  here.repository.write("src/new.ts", "not committed\n");
  const anchors = ["src/here.ts", "./src/new.ts", "src/removed.ts", "src", "."].map((path) => ({ path }));
  expect(await capture({ anchors })).toEqual([]);
  expect(await capture({ anchors: [{ path: "src/nowhere.ts" }, { path: "./src/nowhere.ts", symbol: "x" }] })).toEqual([
    'The anchor "src/nowhere.ts" is no file here, neither in the working tree nor at HEAD.',
  ]);
  expect(await capture({ anchors: [{ path: "a".repeat(400) }] })).toHaveLength(1);
  const { memories } = await here.engine.retrieve({ query: "nowhere" }, {});
  expect(memories[0]?.anchors).toHaveLength(2);
});
