// The round trip of an agent's hook, from the start of its process to its end, as the agent waits for it: warm (a running `heirloom serve` is
// asked) and cold (the hook opens the store itself), over a store of real texts. Node's bare start is measured in turns with it, because the
// machine's part cannot be told from ours otherwise.
// usage: node bench/hook.ts [--memories 10000] [--rounds 150]      needs dist/ (npm run build)
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { realQueries, realTexts } from "./corpus.ts";
import { printFigure, summary } from "./figure.ts";
import { benchFolder, importLinesOf, openBenchEngine } from "./openStore.ts";

const { values } = parseArgs({
  options: {
    memories: { type: "string", default: "10000" },
    rounds: { type: "string", default: "150" },
    dist: { type: "string", default: join(import.meta.dirname, "../dist") },
  },
});
const rounds = Number(values.rounds);
const cli = join(values.dist, "cli.js");
const entry = join(values.dist, "hook.js");
const texts = realTexts(Number(values.memories));
const folder = benchFolder();
const at = ["--workspace", folder.workspace, "--data", folder.dataFolder];
const engine = await openBenchEngine(folder);
await engine.importLines(importLinesOf(texts), { dedupe: "merge" }, {});
for (let index = 0; index < 40; index++) {
  const kind = index % 2 === 0 ? "rule" : "gotcha";
  const anchors = [{ path: `src/module${index}.ts` }];
  await engine.capture(
    { eventType: kind, kind, scope: "repo", content: `${kind} ${index}: ${texts[index] ?? ""}`, anchors },
    {},
  );
}
await engine.close();
const queries = realQueries(texts, 2_000);
mkdirSync(join(folder.workspace, "src"), { recursive: true });
const nothing = join(folder.dataFolder, "nothing.mjs");
writeFileSync(nothing, "");

/** What an agent sends, in turns; each round is a session of its own, so that there is something to say. */
const events: readonly (readonly [string, (round: number) => object])[] = [
  ["SessionStart", () => ({ source: "startup" })],
  ["UserPromptSubmit", (round) => ({ prompt: queries[round] ?? "" })],
  ["PreToolUse", (round) => ({ tool_name: "Read", tool_input: { file_path: `src/module${round % 40}.ts` } })],
  [
    "PostToolUse",
    (round) => ({
      tool_name: "Edit",
      tool_input: { file_path: `src/module${round % 40}.ts`, new_string: "x".repeat(2_000) },
    }),
  ],
  ["Stop", () => ({})],
];

const server = spawn(process.execPath, [cli, "serve", ...at], { stdio: ["ignore", "pipe", "inherit"] });
await once(createInterface({ input: server.stdout }), "line");
await measure("warm", rounds, 5, "p95 at most 100");
server.kill("SIGTERM");
await once(server, "exit");
await measure("cold", Math.ceil(rounds / 10), 0);
folder.remove();

async function measure(how: string, times: number, warmUp: number, wanted?: string): Promise<void> {
  const took = new Map<string, number[]>(events.map(([event]) => [event, []]));
  const bare: number[] = [];
  let spoken = 0;
  for (let round = -warmUp; round < times; round++) {
    const session_id = `bench-session-${how}-${round + warmUp}`;
    for (const [event, input] of events) {
      const sent = JSON.stringify({
        session_id,
        cwd: folder.workspace,
        hook_event_name: event,
        ...input(Math.max(0, round)),
      });
      const { ms, stdout } = await run([entry, event, "--data", folder.dataFolder], sent);
      if (round < 0) continue;
      took.get(event)?.push(ms);
      if (stdout !== "") spoken++;
    }
    bare.push((await run([nothing], "")).ms);
  }
  const memories = texts.length;
  const more = wanted === undefined ? {} : { wanted };
  printFigure("hook", `${how} round trip, Node's start included (ms)`, {
    memories,
    ...summary([...took.values()].flat()),
    max: Math.max(...[...took.values()].flat()),
    answersWithContext: spoken,
    ...more,
  });
  for (const [event, milliseconds] of took)
    printFigure("hook", `${how} ${event} (ms)`, { memories, ...summary(milliseconds) });
  printFigure("hook", `bare start of Node beside it, ${how} (ms)`, summary(bare));
}

async function run(args: readonly string[], input: string): Promise<{ readonly ms: number; readonly stdout: string }> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stdin.end(input);
  await once(child, "close");
  return { ms: performance.now() - started, stdout };
}
