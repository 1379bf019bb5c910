import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FAILURES_TO_OPEN, guarded, HALF_OPEN_AFTER_MS } from "../../src/cli/hookBreaker.ts";
import { scratchFolder } from "../support/heirloom.ts";

let scratch: ReturnType<typeof scratchFolder>;
beforeEach(() => {
  scratch = scratchFolder();
});
afterEach(() => scratch[Symbol.dispose]());

const folder = (): string => join(scratch.path, "hooks");
const fail = (hook: string): Promise<string> =>
  guarded(folder(), hook, 1_000, () => Promise.reject(new Error("broken"))).then(
    () => "no error",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
const succeed = (hook: string): Promise<string> => guarded(folder(), hook, 1_000, () => Promise.resolve("done"));
const open = async (hook: string): Promise<void> => {
  for (let failure = 0; failure < FAILURES_TO_OPEN; failure++) expect(await fail(hook)).toBe("broken");
};
/** As if the circuit had opened so much earlier. */
const later = (hook: string, ms: number): void => {
  const path = join(folder(), `${hook}.json`);
  const state = JSON.parse(readFileSync(path, "utf8")) as { readonly ownState: { openedAt: number } };
  state.ownState.openedAt -= ms;
  writeFileSync(path, JSON.stringify(state));
};

describe("the circuit of a hook, over calls that know each other by a file only", () => {
  test("opens after repeated failures, and the work is then not even begun", async () => {
    await open("Stop");
    let begun = false;
    await expect(guarded(folder(), "Stop", 1_000, () => Promise.resolve((begun = true)))).rejects.toThrow(
      "tried again later",
    );
    expect(begun).toBe(false);
  });

  test("is each hook's own", async () => {
    await open("Stop");
    expect(await succeed("PreToolUse")).toBe("done");
  });

  test("closes when the first call after a while succeeds", async () => {
    await open("Stop");
    later("Stop", HALF_OPEN_AFTER_MS);
    expect(await succeed("Stop")).toBe("done");
    expect(await fail("Stop")).toBe("broken");
    expect(await succeed("Stop")).toBe("done");
  });

  test("opens again at once when that call fails", async () => {
    await open("Stop");
    later("Stop", HALF_OPEN_AFTER_MS);
    expect(await fail("Stop")).toBe("broken");
    await expect(succeed("Stop")).rejects.toThrow("tried again later");
  });

  test("counts failures one after the other only", async () => {
    for (let round = 0; round < 3; round++) {
      for (let failure = 1; failure < FAILURES_TO_OPEN; failure++) expect(await fail("Stop")).toBe("broken");
      expect(await succeed("Stop")).toBe("done");
    }
  });

  test("counts what does not end in time", async () => {
    const never = () => guarded(folder(), "Stop", 20, () => new Promise<never>(() => undefined));
    for (let failure = 0; failure < FAILURES_TO_OPEN; failure++)
      await expect(never()).rejects.toThrow("longer than 20 ms");
    await expect(succeed("Stop")).rejects.toThrow("tried again later");
  });

  test.each([
    "",
    "nonsense",
    "[]",
    '{"ownState":{"value":1},"breakerState":3}',
    '{"ownState":{"value":7},"breakerState":0}',
  ])("is closed where its file holds no state: %s", async (content) => {
    await open("Stop");
    writeFileSync(join(folder(), "Stop.json"), content);
    expect(await succeed("Stop")).toBe("done");
  });

  test("is closed where its file cannot be", async () => {
    writeFileSync(folder(), "a file in the way");
    await open("Stop");
    expect(await succeed("Stop")).toBe("done");
  });
});
