import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { HookAnswer } from "../../src/contract/hooks.ts";
import { HookScene } from "../support/hookScene.ts";

let scene: HookScene;
beforeEach(async () => {
  scene = new HookScene("undoing");
  scene.repository.commit("src/retry.ts", RETRY);
  await scene.open();
});
afterEach(() => scene.close());

const RETRY = `export function retry(job: Job): void {
  const attempts = 3;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (job.run()) return;
  }
}
`;
const hook: HookScene["hook"] = (...asked) => scene.hook(...asked);
const fileNow = (): string => readFileSync(join(scene.repository.root, "src/retry.ts"), "utf8");
/** The agent edits the file as Claude Code does: asked, done, told. */
async function edit(before: string, after: string, session = "one-session"): Promise<void> {
  const tool = {
    tool_name: "Edit",
    tool_input: { file_path: join(scene.repository.root, "src/retry.ts"), old_string: before, new_string: after },
  };
  await hook("PreToolUse", tool, session);
  scene.repository.write("src/retry.ts", fileNow().replace(before, after));
  await hook("PostToolUse", { ...tool, tool_response: { filePath: "src/retry.ts" } }, session);
}
const ran = (command: string, error?: string): Promise<HookAnswer> =>
  hook(error === undefined ? "PostToolUse" : "PostToolUseFailure", {
    tool_name: "Bash",
    tool_input: { command },
    ...(error === undefined ? { tool_response: { stdout: "ok" } } : { error: `Exit code 1\n${error}` }),
  });
const gotchas = () => scene.memories({ kind: "gotcha" });
const MANY = ["const attempts = 3;", "const attempts = 30;"] as const;

describe("an edit of an agent that a person undoes", () => {
  test.each([
    ["by hand", () => scene.repository.write("src/retry.ts", RETRY)],
    ["by git restore", () => void scene.repository.git("restore", "src/retry.ts")],
    [
      "and edits the file elsewhere as well",
      () => scene.repository.write("src/retry.ts", `// Retries.\n${RETRY.replace("job.run()", "job.start()")}`),
    ],
  ])("%s is a gotcha at that place", async (_how, undo) => {
    await edit(...MANY);
    undo();
    await hook("UserPromptSubmit", { prompt: "thanks" });
    await hook("Stop");
    expect(await gotchas()).toMatchObject([
      {
        eventType: "undone_edit",
        title: "Undone by a person: a change of retry.ts",
        anchors: [{ path: "src/retry.ts" }],
      },
    ]);
    const [{ content } = { content: "" }] = await gotchas();
    expect(content).toMatch(/^It had put in:\n\n {2}const attempts = 30;$/mu);
    expect(content).toMatch(/^in place of:\n\n {2}const attempts = 3;$/mu);
    // Once, however often it stops; and the next agent is told before it does so again.
    await hook("Stop");
    expect(await gotchas()).toHaveLength(1);
    const before = {
      tool_name: "Edit",
      tool_input: { file_path: "src/retry.ts", old_string: "= 3", new_string: "= 9" },
    };
    expect((await hook("PreToolUse", before, "the-next-session")).context).toContain(
      "a person put back what was there",
    );
  });

  test("after its session ended is noticed when the next one starts", async () => {
    await edit(...MANY);
    await hook("Stop");
    await hook("SessionEnd");
    scene.repository.git("checkout", "--", "src/retry.ts");
    await hook("SessionStart", { source: "startup" }, "the-next-session");
    expect(await gotchas()).toHaveLength(1);
  });

  test("tells what failed with it", async () => {
    await edit(...MANY);
    await ran("npm test", "AssertionError: expected 30 to be 3");
    scene.repository.write("src/retry.ts", RETRY);
    await hook("Stop");
    expect((await gotchas())[0]?.content).toContain(
      "After it `npm test` failed with:\n\nAssertionError: expected 30 to be 3",
    );
  });

  test("keeps no secret of it, and nothing after everything is forgotten for good", async () => {
    const key = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
    await edit("const attempts = 3;", `const attempts = 3; const token = "${key}";`);
    scene.repository.write("src/retry.ts", RETRY);
    await hook("Stop");
    const onDisk = (): string =>
      readdirSync(scene.dataFolder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
        .join("\n");
    expect(onDisk()).toContain("const attempts = 3; const token");
    expect(onDisk()).not.toContain(key);
    for (const { id } of (await scene.engine.retrieve({ query: "", limit: 50 }, {})).memories)
      await scene.engine.forget({ id, now: true }, {});
    expect(onDisk()).not.toContain("const attempts");
  });
});

describe("no gotcha", () => {
  test("where the agent undid it by itself, with a tool or a command", async () => {
    await edit(...MANY);
    await edit(MANY[1], MANY[0]);
    await edit(...MANY);
    scene.repository.git("checkout", "--", "src/retry.ts");
    await ran("git checkout -- src/retry.ts");
    await hook("Stop");
    expect(await gotchas()).toEqual([]);
  });

  test("where it was changed further, by the agent or a person, and is not as before", async () => {
    await edit(...MANY);
    await edit(MANY[1], "const attempts = 5;");
    scene.repository.write("src/retry.ts", fileNow().replace("= 5;", "= 6;"));
    await hook("Stop");
    scene.repository.write("src/retry.ts", fileNow().replace("  const attempts = 6;\n", ""));
    await hook("Stop");
    expect(await gotchas()).toEqual([]);
  });

  test("where it was committed, and another branch lacks it", async () => {
    scene.repository.git("branch", "elsewhere");
    await edit(...MANY);
    scene.repository.git("commit", "-q", "-a", "-m", "Retry more often");
    scene.repository.git("checkout", "-q", "elsewhere");
    await hook("UserPromptSubmit", { prompt: "go on" });
    await hook("Stop");
    expect(await gotchas()).toEqual([]);
  });

  test("where it is on the stash, or another session undid it", async () => {
    await edit(...MANY);
    scene.repository.git("stash", "-q");
    await hook("Stop");
    scene.repository.git("stash", "drop", "-q");
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await edit(...MANY);
    await edit(MANY[1], MANY[0], "another-session");
    await hook("Stop");
    expect(await gotchas()).toEqual([]);
  });

  test("where an edit only adds, and a person writes it otherwise", async () => {
    await edit("const attempts = 3;", "const attempts = 3;\n  log(`tried ${attempts} times`);");
    scene.repository.write("src/retry.ts", fileNow().replace(/log\(.*\);/u, "metrics.count(attempts);"));
    await hook("Stop");
    expect(await gotchas()).toEqual([]);
  });
});

describe("an attempt that failed", () => {
  test.each([
    ["its own edit", () => edit(MANY[1], MANY[0])],
    [
      "git",
      async () => {
        scene.repository.git("checkout", "--", "src/retry.ts");
        await ran("git checkout -- src/retry.ts");
      },
    ],
  ])("and that the agent undoes by %s is a gotcha with the error", async (_how, undo) => {
    await edit(...MANY);
    await ran("npm test", "AssertionError: expected 30 to be 3");
    await undo();
    await hook("Stop");
    const [gotcha] = await gotchas();
    expect(gotcha).toMatchObject({ eventType: "failed_attempt", title: "Failed attempt: a change of retry.ts" });
    expect(gotcha?.content).toContain("expected 30 to be 3");
    expect(gotcha?.content).toContain("const attempts = 30;");
  });

  test("is none where the command succeeded with it in the end", async () => {
    await edit(...MANY);
    await ran("npm test", "Error: no such module");
    await ran("npm install");
    await ran("npm test");
    await edit(MANY[1], MANY[0]);
    await hook("Stop");
    expect(await gotchas()).toEqual([]);
  });
});
