import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Answer, heirloom, scratchFolder, serve } from "../support/heirloom.ts";

/** Root alone may mount a small disk, and start a process as a user who is refused. */
const isRoot = process.platform === "linux" && process.getuid?.() === 0;
const NOBODY = 65_534;

let scratch: ReturnType<typeof scratchFolder>;
let data: string;
let at: readonly string[];
beforeEach(() => {
  scratch = scratchFolder();
  data = join(scratch.path, "data");
  at = ["--workspace", scratch.path, "--data", data, "--no-rate-limit"];
});
afterEach(() => scratch[Symbol.dispose]());

const contents = (answer: Answer): readonly string[] =>
  (JSON.parse(answer.stdout) as { memories: readonly { content: string }[] }).memories.map(({ content }) => content);
/** Text that no compression and no near-duplicate check makes smaller. */
const longText = (name: string): string => `${name} ${randomBytes(40_000).toString("hex").replace(/.{11}/gu, "$& ")}`;

describe.skipIf(!isRoot)("a full disk (needs root, to mount one of 1 MB)", () => {
  beforeEach(() => {
    mkdirSync(data);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", data]);
  });
  afterEach(() => void execFileSync("umount", [data]));

  test("commands keep what they acknowledged, say what to do, go on reading, and write again when there is room", async () => {
    const ballast = join(data, "ballast");
    writeFileSync(ballast, randomBytes(300_000));
    const kept: string[] = [];
    let refused: Answer | undefined;
    for (let n = 0; refused === undefined && n < 30; n++) {
      const answer = await heirloom(["capture", "--type", "note", "--dedupe", "none", "-", ...at], {
        input: longText(`memory${n}`),
      });
      if (answer.code === 0) kept.unshift(`memory${n}`);
      else refused = answer;
    }
    expect(refused?.stderr).toMatch(/^heirloom: There is no room .*free some disk space.* \[STORAGE_FULL\]$/mu);
    // Fill what is left, so that not even a claim can be written.
    const again = await heirloom(["capture", "--type", "note", "tiny", ...at]);
    if (again.code === 0) kept.unshift("tiny");
    try {
      for (;;) writeFileSync(join(data, "more"), randomBytes(4096), { flag: "a" });
    } catch {
      // full
    }
    const names = (answer: Answer): readonly string[] => contents(answer).map((text) => text.split(" ")[0] ?? "");
    expect(names(await heirloom(["list", "--json", "--limit", "100", ...at]))).toEqual(kept);
    const capture = await heirloom(["capture", "--type", "note", "no room for this", ...at]);
    expect(capture).toMatchObject({ code: 1, stdout: "" });
    expect(capture.stderr).toContain("[STORAGE_FULL]");
    const doctor = await heirloom(["doctor", ...at]);
    expect(doctor.code).toBe(0);
    expect(doctor.stdout).toMatch(/warning {2}ownership: Memories can be read, not written\. There is no room/u);

    rmSync(ballast);
    rmSync(join(data, "more"));
    expect(await heirloom(["capture", "--type", "note", "afterwards", ...at])).toMatchObject({ code: 0 });
    expect(names(await heirloom(["list", "--json", "--limit", "100", ...at]))).toEqual(["afterwards", ...kept]);
  });

  test("a server that starts without room reads, and writes as soon as there is some", async () => {
    await heirloom(["capture", "--type", "note", "before", ...at]);
    const ballast = join(data, "ballast");
    try {
      for (;;) writeFileSync(ballast, randomBytes(4096), { flag: "a" });
    } catch {
      // full
    }
    const server = await serve(at);
    const capture = (content: string): ReturnType<typeof server.tool> =>
      server.tool("capture-memory", { eventType: "note", content });
    try {
      expect((await capture("no room for this")).error?.code).toBe("STORAGE_FULL");
      expect(await server.tool("health-check")).toMatchObject({ status: "degraded" });
      rmSync(ballast);
      expect(await capture("afterwards")).toMatchObject({ outcome: "created" });
      expect(contents(await heirloom(["list", "--json", ...at]))).toEqual(["afterwards", "before"]);
    } finally {
      expect(await server.stop()).toBe(0);
    }
  });
});

describe.skipIf(!isRoot)("a data folder that may only be read (needs root, to become someone else)", () => {
  test("is read; a capture says whose permission is missing", async () => {
    await heirloom(["capture", "--type", "note", "before", ...at]);
    for (const path of [scratch.path, data, ...readdirSync(data, { recursive: true, encoding: "utf8" })]) {
      const whole = path.startsWith("/") ? path : join(data, path);
      chownSync(whole, NOBODY, NOBODY);
      chmodSync(whole, 0o555);
    }
    const listed = await heirloom(["list", "--json", ...at], { uid: NOBODY });
    expect(contents(listed)).toEqual(["before"]);
    const refused = await heirloom(["capture", "--type", "note", "refused", ...at], { uid: NOBODY });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^heirloom: No permission to .*--data\. \[FORBIDDEN_PATH\]$/mu);
  });
});
