import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BuildContextResult } from "../../src/contract/tools.ts";
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

describe("heirloom explain and heirloom context", () => {
  test("on a folder that was never indexed answer with its code, and say on stderr how far the index is meanwhile", async () => {
    const body = Array.from({ length: 60 }, (_, at) => `export function step(): number {\n  return ${at};\n}\n`).join(
      "\n",
    );
    for (let at = 0; at < 1_500; at++) writeFileSync(join(scratch.path, `src/file${at}.ts`), body);
    const { stdout, stderr } = await run("context", "who opens the door", "--json");
    const bundle = JSON.parse(stdout) as BuildContextResult;
    expect(bundle.code).toEqual({ state: "ready" });
    expect(bundle.items).toContainEqual(expect.objectContaining({ path: "src/one.ts" }));
    expect(stderr).toMatch(/^indexing the code: [\d,]+ files, [\d,]+ to come$/mu);
  });

  test("ask other folders too, and say which a thing is in", async () => {
    const other = scratchFolder();
    writeFileSync(join(other.path, "three.ts"), "export function openGate() {\n  return 3;\n}\n");
    const explained = await run("explain", "openGate", "--also", other.path);
    expect(explained.stdout).toMatch(/^function openGate {2}\S+: three\.ts:1-3$/mu);
    const bundle = await run("context", "where is openGate", "--also", other.path);
    expect(bundle.stdout).toMatch(/\/\/three\.ts$/mu);
    expect(bundle.stderr).not.toContain("not indexed");
    other[Symbol.dispose]();
  });
});

describe("heirloom packs", () => {
  test("makes, lists and removes packs, by which other commands are narrowed", async () => {
    expect((await run("packs")).stderr).toContain("There are no context packs");
    const added = await run(
      "packs",
      "add",
      "python",
      "--language",
      "python",
      "--include",
      "src/**",
      "--description",
      "snakes",
    );
    expect(added).toMatchObject({ code: 0, stdout: "python  snakes\n    include: src/**\n    languages: python\n" });
    expect(JSON.parse(readFileSync(join(scratch.path, ".heirloom/packs.json"), "utf8"))).toMatchObject({
      packs: { python: { languages: ["python"], include: ["src/**"] } },
    });
    expect((await run("grep", "knock", "--files", "--pack", "python")).stdout).toBe("src/two.py\n");
    expect((await run("explain", "knock", "--pack", "python")).stdout).toContain("src/two.py:1-2");
    expect((await run("explain", "openDoor", "--pack", "python")).stderr).toContain("Nothing in the code is called");
    expect((await run("locate", "knock", "--pack", "python")).stdout).not.toContain("one.ts");
    expect(JSON.parse((await run("packs", "--json")).stdout)).toMatchObject({
      packs: [{ name: "python" }],
      problems: [],
    });
    expect((await run("packs", "remove", "python")).stderr).toContain("There are no context packs");
    expect((await run("grep", "knock", "--pack", "python")).stderr).toContain("There is no context pack python");
  });

  test("say what is wrong with a name, a glob and the file, and keep what is right in it", async () => {
    expect(await run("packs", "add")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("needs a NAME") as unknown,
    });
    expect(await run("packs", "list", "web")).toMatchObject({ code: 2 });
    expect(await run("packs", "shrink", "web")).toMatchObject({ code: 2 });
    expect((await run("packs", "remove", "web")).stderr).toContain("There is no context pack web");
    mkdirSync(join(scratch.path, ".heirloom"));
    const packs = { odd: { include: 1 }, good: { include: ["src/**"] } };
    writeFileSync(join(scratch.path, ".heirloom/packs.json"), JSON.stringify({ version: 1, packs }));
    const listed = await run("packs");
    expect(listed.stdout).toBe("good\n    include: src/**\n");
    expect(listed.stderr).toContain("not to be used: odd: include");
  });
});
