import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Answer, heirloom, scratchFolder } from "../support/heirloom.ts";

let scratch: ReturnType<typeof scratchFolder>;
beforeEach(() => {
  scratch = scratchFolder();
  mkdirSync(join(scratch.path, "src"));
  writeFileSync(join(scratch.path, "src/one.ts"), "export function openDoor() {\n  return knock();\n}\n");
  writeFileSync(join(scratch.path, "src/two.py"), "def knock():\n    pass\n");
});
afterEach(() => scratch[Symbol.dispose]());

const run = (...args: readonly string[]): Promise<Answer> =>
  heirloom([...args, "--workspace", scratch.path, "--data", join(scratch.path, "data")]);

describe("heirloom grep", () => {
  test("prints path, line, column and text, as an editor's terminal makes links of", async () => {
    expect(await run("grep", "KNOCK\\(", "--case", "insensitive", "--before", "1")).toMatchObject({
      code: 0,
      stdout:
        "src/one.ts-1-export function openDoor() {\nsrc/one.ts:2:10:  return knock();\nsrc/two.py:1:5:def knock():\n",
    });
    expect((await run("grep", "(", "--fixed-strings", "--count")).stdout).toBe("src/one.ts:2\nsrc/two.py:1\n");
    expect((await run("grep", "knock", "--files", "--limit", "1")).stdout).toBe("src/one.ts\n");
    expect(JSON.parse((await run("grep", "return", "--json")).stdout)).toMatchObject({
      matches: [{ path: "src/one.ts", line: 2, column: 3, symbol: "openDoor" }],
    });
  });

  test("asks another folder too, and says which folder a line is of", async () => {
    const other = scratchFolder();
    writeFileSync(join(other.path, "three.ts"), "export const openGate = 3;\n");
    const { stdout } = await run("grep", "open", "--also", other.path, "--case", "sensitive");
    expect(stdout.split("\n").filter((line) => line !== "")).toEqual([
      expect.stringMatching(/^\S+: src\/one\.ts:1:17:export function openDoor/u),
      expect.stringMatching(/^\S+: three\.ts:1:14:export const openGate/u),
    ]);
    expect((await run("locate", "open gate", "--also", other.path)).stdout).toMatch(/: three\.ts\n/u);
    expect((await run("locate", "open door", "--also", join(other.path, "gone"))).stderr).toContain(
      "could not be asked",
    );
    other[Symbol.dispose]();
  });

  test("says what is wrong with a pattern and with its options", async () => {
    const refused = await run("grep", "a(");
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain("is no pattern");
    expect((await run("grep", "x", "--files", "--count")).stderr).toContain("not both");
    expect((await run("grep", "x", "--limit", "0")).stderr).toContain("limit");
  });
});
