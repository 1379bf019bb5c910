import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { circuitFolder, FAILURES_TO_OPEN, guarded, HALF_OPEN_AFTER_MS } from "../../src/cli/hookBreaker.ts";
import { storeFolder, storeNameAt } from "../../src/engine/storeName.ts";
import { selfIdentity } from "../../src/serve/processIdentity.ts";
import { type Answer, CLI, heirloom, scratchFolder, serve } from "../support/heirloom.ts";
import { TestRepository } from "../support/repository.ts";
import { unhurried } from "../support/unhurried.ts";

let scratch: ReturnType<typeof scratchFolder>;
let repository: TestRepository;
let data: string;
const ends: (() => unknown)[] = [];
beforeEach(() => {
  scratch = scratchFolder();
  repository = TestRepository.init(join(realpathSync(scratch.path), "shop"));
  repository.commit("README.md", "# Shop\n");
  data = join(realpathSync(scratch.path), "data");
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  scratch[Symbol.dispose]();
});

const at = (): readonly string[] => ["--workspace", repository.root, "--data", data];
const running = async () => {
  const server = await serve(at());
  ends.push(() => server.stop());
  return server;
};
const remember = (content: string, kind = "rule"): Promise<Answer> =>
  heirloom(["capture", ...at(), "--type", kind, "--kind", kind, content]);
const hook = (event: string, input: object | string = {}, cwd = repository.root): Promise<Answer> =>
  heirloom(["hook", event, "--data", data], {
    cwd,
    input: typeof input === "string" ? input : JSON.stringify({ session_id: "session-of-a-test", cwd, ...input }),
  });
/** Each time in a session of its own: what an agent was told once it is not told again. */
const inNewSession = (ask: (session_id: string) => Promise<readonly Answer[]>): Promise<readonly Answer[]> =>
  unhurried(data, (time) => ask(`unhurried-session-${time}`));
const told = ({ stdout }: Answer): string =>
  stdout === ""
    ? ""
    : (JSON.parse(stdout) as { readonly hookSpecificOutput: { readonly additionalContext: string } }).hookSpecificOutput
        .additionalContext;

describe("heirloom hook", () => {
  test.each(["a running server", "no process to ask"])(
    "answers in the shape that agents read, with %s",
    { timeout: 90_000 },
    async (how) => {
      await remember("Amounts are integers in cents.");
      if (how === "a running server") await running();
      // Said, and then nothing else to say; a folder below asks the same store.
      mkdirSync(join(repository.root, "src"));
      const prompt = "Are amounts integers in cents?";
      const [first, second] = await inNewSession(async (session_id) => [
        await hook("SessionStart", { session_id, source: "startup" }),
        await hook("UserPromptSubmit", { session_id, prompt }, join(repository.root, "src")),
      ]);
      expect(first).toMatchObject({ code: 0, stderr: "" });
      expect(JSON.parse(first?.stdout ?? "")).toEqual({
        hookSpecificOutput: {
          hookEventName: "SessionStart",
          additionalContext: expect.stringContaining("Amounts are integers in cents.") as string,
        },
      });
      expect(second).toEqual({ code: 0, stdout: "", stderr: "" });
    },
  );

  test("takes what VS Code and Copilot CLI send", async () => {
    await remember("The file src/charge.ts is made by a script: change that one.", "gotcha");
    await running();
    const vscode = {
      tool_name: "replace_string_in_file",
      tool_input: { filePath: join(repository.root, "src/charge.ts") },
    };
    expect(told(await hook("PreToolUse", vscode))).toContain("made by a script");
    const copilot = JSON.stringify({
      sessionId: "another-session-id",
      cwd: repository.root,
      toolName: "edit",
      toolArgs: JSON.stringify({ path: "src/charge.ts" }),
    });
    expect(told(await hook("PreToolUse", copilot))).toContain("made by a script");
  });

  test("makes memories of a session at its end, by itself and by way of a server", { timeout: 90_000 }, async () => {
    let session = { session_id: "" };
    await inNewSession(async (session_id) => {
      session = { session_id };
      return [await hook("UserPromptSubmit", { ...session, prompt: "We decided to keep all amounts in cents." })];
    });
    await running();
    await hook("PostToolUse", {
      ...session,
      tool_name: "Write",
      tool_input: { file_path: join(repository.root, "a.ts"), content: "x" },
    });
    expect(await hook("Stop", session)).toEqual({ code: 0, stdout: "", stderr: "" });
    const { stdout } = await heirloom(["list", ...at(), "--json"]);
    const { memories } = JSON.parse(stdout) as { readonly memories: readonly { readonly content: string }[] };
    expect(memories.map(({ content }) => content).sort()).toEqual([
      "An agent's session changed a.ts.",
      "We decided to keep all amounts in cents.",
    ]);
  });

  test("two at once of one session, with no process to ask, say a memory once", { timeout: 90_000 }, async () => {
    await remember(
      "The refund queue is emptied at midnight. Jobs that run then are lost, and nobody is told of it.",
      "gotcha",
    );
    const prompt = { prompt: "why are jobs of the refund queue lost at midnight?" };
    const both = await inNewSession((session_id) =>
      Promise.all([
        hook("UserPromptSubmit", { ...prompt, session_id }),
        hook("UserPromptSubmit", { ...prompt, session_id }),
      ]),
    );
    expect(both.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
      { code: 0, stderr: "" },
      { code: 0, stderr: "" },
    ]);
    expect(both.filter((answer) => told(answer).includes("emptied at midnight"))).toHaveLength(1);
  });

  test("goes on by itself when the process that it would ask was killed", { timeout: 90_000 }, async () => {
    await remember("Amounts are integers in cents.");
    const server = await running();
    server.child.kill("SIGKILL");
    await once(server.child, "exit");
    const [answer] = await inNewSession(async (session_id) => [await hook("SessionStart", { session_id })]);
    expect(answer && told(answer)).toContain("Amounts are integers");
  });
});

describe("a hook never fails its agent", () => {
  test.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["another value", "[1,2]"],
    ["no session", "{}"],
    ["a session that is none", '{"session_id":{"a":1}}'],
    ["a number for a tool", '{"session_id":"s","tool_name":7,"tool_input":[]}'],
    ["zeros", "\u0000".repeat(1_000)],
    ["nesting without end", "[".repeat(200_000)],
    ["too much", `{"session_id":"s","prompt":"${"x".repeat(17 * 1_048_576)}"}`],
  ])("that sends %s", async (_what, input) => {
    const { code, stdout } = await hook("PreToolUse", input);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  });

  test("that names no event that there is", async () => {
    for (const event of ["Nonsense", "../../etc", "__proto__", ""]) {
      const { code, stdout, stderr } = await hook(event, {});
      expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
      expect(stderr).toContain("there is no event");
    }
  });

  test("that says nothing and does not end", async () => {
    const child = spawn(process.execPath, [CLI, "hook", "Stop", "--data", data], { stdio: ["pipe", "pipe", "pipe"] });
    ends.push(() => child.kill());
    child.stdin.write("{");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("that has no place for memories", async () => {
    writeFileSync(join(scratch.path, "file"), "");
    const answer = await heirloom(["hook", "SessionStart", "--data", join(scratch.path, "file", "data")], {
      input: JSON.stringify({ session_id: "s", cwd: repository.root }),
    });
    expect(answer).toMatchObject({ code: 0, stdout: "" });
    expect(answer.stderr).toContain("heirloom hook:");
  });
});

describe("a process that holds the store and never answers", () => {
  let silent: Server;
  beforeEach(async () => {
    silent = createServer((socket) => socket.on("error", () => undefined));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const sockets: { destroy(): void }[] = [];
    silent.on("connection", (socket) => sockets.push(socket));
    ends.push(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
  });

  /** Makes this process, which lives, the owner, at an address where nobody ever answers. */
  function claimForNobody(): string {
    const store = storeFolder(data, storeNameAt(repository.root));
    const highest = Math.max(
      0,
      ...readdirSync(store).map((name) => Number(/^owner-(\d+)\.json$/u.exec(name)?.[1] ?? 0)),
    );
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const claim = { ...selfIdentity(), url: `http://127.0.0.1:${port}/mcp`, token: "t", epoch: highest + 1 };
    const path = join(store, `owner-${highest + 1}.json`);
    writeFileSync(path, JSON.stringify(claim));
    return path;
  }

  test("is given up on, then not asked any more, then asked again", { timeout: 60_000 }, async () => {
    await remember("Amounts are integers in cents.");
    const claim = claimForNobody();
    for (let time = 0; time < 3; time++) {
      const { code, stdout, stderr } = await hook("SessionStart");
      expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
      expect(stderr).toMatch(/did not answer|took longer/u);
    }
    expect((await hook("SessionStart")).stderr).toContain("tried again later");
    // The hooks of other repositories are not concerned.
    const other = TestRepository.init(join(realpathSync(scratch.path), "other"));
    expect((await hook("SessionStart", {}, other.root)).stderr).not.toContain("tried again later");

    // It lets go of the store; some time later the hook works again.
    writeFileSync(claim, JSON.stringify({ ...(JSON.parse(readFileSync(claim, "utf8")) as object), released: true }));
    expect((await hook("SessionStart")).stderr).toContain("tried again later");
    const circuit = join(circuitFolder(data, storeNameAt(repository.root)), "SessionStart.json");
    const later = async (): Promise<string> => {
      const state = JSON.parse(readFileSync(circuit, "utf8")) as { readonly ownState: { openedAt?: number } };
      if (state.ownState.openedAt !== undefined) state.ownState.openedAt -= HALF_OPEN_AFTER_MS;
      writeFileSync(circuit, JSON.stringify(state));
      return told(await hook("SessionStart"));
    };
    // A busy machine may need longer to open a store than an agent waits.
    await expect.poll(later, { timeout: 40_000, interval: 1_000 }).toContain("Amounts are integers");
  });
});

test("heirloom doctor names a hook of this workspace that is not tried, and what to do", async () => {
  const elsewhere = TestRepository.init(join(realpathSync(scratch.path), "other"));
  for (const root of [repository.root, elsewhere.root])
    for (let failure = 0; failure < FAILURES_TO_OPEN; failure++)
      await guarded(
        circuitFolder(data, storeNameAt(root)),
        root === repository.root ? "Stop" : "PreToolUse",
        1_000,
        () => Promise.reject(new Error("broken")),
      ).catch(() => undefined);
  const hooks = async (): Promise<readonly unknown[]> => {
    const { stdout } = await heirloom(["doctor", ...at(), "--json"]);
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly { readonly component: string }[] };
    return findings.filter(({ component }) => component === "hooks");
  };
  expect(await hooks()).toEqual([
    {
      component: "hooks",
      status: "warning",
      message: expect.stringContaining("The hook Stop failed") as string,
      remedy: expect.stringContaining(join(circuitFolder(data, storeNameAt(repository.root)), "Stop.json")) as string,
    },
  ]);
  rmSync(join(circuitFolder(data, storeNameAt(repository.root)), "Stop.json"));
  expect(await hooks()).toEqual([]);
});
