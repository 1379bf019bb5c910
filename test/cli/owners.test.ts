import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CLI, heirloom, type RunningServer, scratchFolder, serve } from "../support/heirloom.ts";

let scratch: ReturnType<typeof scratchFolder>;
let at: readonly string[];
const running: RunningServer[] = [];

beforeEach(() => {
  scratch = scratchFolder();
  at = ["--workspace", scratch.path, "--data", join(scratch.path, "data"), "--no-rate-limit"];
});
afterEach(async () => {
  for (const server of running.splice(0)) {
    server.child.kill("SIGCONT");
    server.child.kill("SIGKILL");
    if (server.child.exitCode === null && server.child.signalCode === null) await once(server.child, "exit");
  }
  scratch[Symbol.dispose]();
});

async function start(): Promise<RunningServer> {
  const server = await serve(at);
  running.push(server);
  return server;
}

async function kill(server: RunningServer): Promise<void> {
  const ended = once(server.child, "exit");
  server.child.kill("SIGKILL");
  await ended;
}

const remember = (server: RunningServer, content: string) =>
  server.tool("capture-memory", { eventType: "note", scope: "repo", content, dedupe: "none" });

async function everything(server: RunningServer): Promise<readonly string[]> {
  const contents: string[] = [];
  let cursor: unknown;
  do {
    const page = await server.tool("retrieve-memories", {
      query: "",
      limit: 100,
      ...(cursor === undefined ? {} : { cursor }),
    });
    contents.push(...(page["memories"] as readonly { readonly content: string }[]).map((memory) => memory.content));
    cursor = page["nextCursor"];
  } while (cursor !== undefined);
  return contents.sort();
}

describe("two processes on one store", () => {
  test("two servers that capture 200 memories each at once lose none, and both see all", async () => {
    const servers = await Promise.all([start(), start()]);
    const wanted = servers
      .flatMap((_, who) => Array.from({ length: 200 }, (_, n) => `server ${who} remembers thing ${n}`))
      .sort();
    await Promise.all(
      servers.map(async (server, who) => {
        await Promise.all(
          Array.from({ length: 8 }, async (_, lane) => {
            for (let n = lane; n < 200; n += 8)
              expect(await remember(server, `server ${who} remembers thing ${n}`)).toHaveProperty("id");
          }),
        );
      }),
    );
    for (const server of servers) expect(await everything(server)).toEqual(wanted);
  });

  test("a follower reads what the owner acknowledged a moment ago", async () => {
    const owner = await start();
    const follower = await start();
    for (let n = 0; n < 20; n++) {
      await remember(owner, `thing ${n}`);
      expect(await everything(follower)).toHaveLength(n + 1);
    }
  });

  test("a killed owner is replaced, and nothing that it acknowledged is lost", async () => {
    const owner = await start();
    const follower = await start();
    await remember(owner, "from the first owner");
    await kill(owner);
    await remember(follower, "from the second owner");
    const third = await start();
    await remember(third, "from a follower of the second owner");
    expect(await everything(third)).toEqual([
      "from a follower of the second owner",
      "from the first owner",
      "from the second owner",
    ]);
  });

  test("a stopped owner is not replaced: writes say so, reads go on, and it takes up its work again", async () => {
    const owner = await start();
    const follower = await start();
    await remember(owner, "before");
    owner.child.kill("SIGSTOP");
    const refused = await remember(follower, "meanwhile");
    expect(refused.error?.code).toBe("OWNER_UNREACHABLE");
    expect(await everything(follower)).toEqual(["before"]);
    owner.child.kill("SIGCONT");
    await remember(follower, "afterwards");
    expect(await everything(owner)).toEqual(["afterwards", "before"]);
  });

  test("a follower goes on reading when the owner compacts", async () => {
    const owner = await start();
    const follower = await start();
    const { id } = await remember(owner, "to be forgotten at once");
    await remember(owner, "to be kept");
    expect(await everything(follower)).toHaveLength(2);
    await follower.tool("forget-memory", { id, now: true });
    await remember(owner, "after the compaction");
    expect(await everything(follower)).toEqual(["after the compaction", "to be kept"]);
  });

  test("a command asks the running server, and opens the store itself when none runs", async () => {
    const server = await start();
    const first = await heirloom(["capture", "--type", "note", "--scope", "repo", "while it runs", ...at]);
    expect(first).toMatchObject({ code: 0 });
    expect(await everything(server)).toEqual(["while it runs"]);
    expect(await server.stop()).toBe(0);
    const second = await heirloom(["capture", "--type", "note", "--scope", "repo", "while nobody runs", ...at]);
    expect(second).toMatchObject({ code: 0 });
    const listed = await heirloom(["list", "--json", ...at]);
    expect((JSON.parse(listed.stdout) as { memories: unknown[] }).memories).toHaveLength(2);
  });

  test("an owner whose claim was removed and whose place another took finds out, and loses nothing", async () => {
    const server = await start();
    await remember(server, "before");
    const stores = join(scratch.path, "data", "stores");
    const store = join(stores, readdirSync(stores).find((name) => !name.startsWith(".")) ?? "");
    for (const file of readdirSync(store)) if (file.startsWith("owner-")) rmSync(join(store, file));
    expect(await heirloom(["capture", "--type", "note", "--scope", "repo", "from a command", ...at])).toMatchObject({
      code: 0,
    });
    expect(await everything(server)).toEqual(["before", "from a command"]);
    expect(await remember(server, "afterwards")).toHaveProperty("id");
    expect(await everything(server)).toEqual(["afterwards", "before", "from a command"]);
    const other = await start();
    expect(await everything(other)).toEqual(["afterwards", "before", "from a command"]);
  });

  test("a server whose data folder was removed writes down again what it holds", async () => {
    const server = await start();
    await remember(server, "before");
    rmSync(join(scratch.path, "data"), { recursive: true });
    expect(await remember(server, "afterwards")).toHaveProperty("id");
    await server.stop();
    expect(await everything(await start())).toEqual(["afterwards", "before"]);
  });

  test.each(["none", "merge"])(
    "an import from stdin whose server is killed on the way goes on, losing and doubling nothing (dedupe %s)",
    async (dedupe) => {
      const server = await start();
      const command = spawn(process.execPath, [CLI, "import", "-", "--json", "--dedupe", dedupe, ...at]);
      let stdout = "";
      command.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
      const ended = once(command, "close");
      const line = (n: number): string =>
        `${JSON.stringify({ eventType: "note", scope: "repo", content: `number ${n} ${String(n).repeat(20)} end` })}\n`;
      // Batches are of 1,000 lines: the first is taken, the second is in the command's hands when the server dies.
      for (let n = 0; n < 1500; n++) command.stdin.write(line(n));
      while ((await server.tool("retrieve-memories", { query: "", limit: 1 }))["memories"]?.toString() === "")
        await new Promise((resolve) => setTimeout(resolve, 20));
      await kill(server);
      for (let n = 1500; n < 2500; n++) command.stdin.write(line(n));
      command.stdin.end("\n\nthis is no JSON\n");
      expect(await ended).toEqual([0, null]);
      expect(JSON.parse(stdout)).toMatchObject({ read: 2501, problems: [{ line: 2503 }] });
      const exported = await heirloom(["export", ...at]);
      const contents = exported.stdout
        .trim()
        .split("\n")
        .map((text) => (JSON.parse(text) as { content: string }).content);
      expect(contents.length).toBe(2500);
      expect(new Set(contents).size).toBe(2500);
    },
  );

  test("writes of a follower go on while its owner ends in an orderly way", async () => {
    const owner = await start();
    const follower = await start();
    // So many that the owner writes its cache before it ends.
    const lines = Array.from({ length: 1_500 }, (_, n) => JSON.stringify({ eventType: "note", content: `line ${n}` }));
    await heirloom(["import", "-", "--dedupe", "none", ...at], { input: lines.join("\n") });
    const stopped = owner.stop();
    for (let n = 0; owner.child.exitCode === null || n < 5; n++)
      expect(await remember(follower, `meanwhile ${n}`)).toHaveProperty("id");
    await stopped;
  });
});
