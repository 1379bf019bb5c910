// Bundles of memories and code in a process that lives on: questions that were never asked before, and the same asked again.
// usage: node --expose-gc bench/bundle.ts --repo GITDIR [--questions 300] [--budget 4000]     needs dist/ (npm run build)
//   GITDIR is a clone of a repository of about 10,000 files; its newest 3,000 commits and its documents are the memories, older subjects the questions
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openHost } from "../src/serve/openHost.ts";
import { printFigure, summary } from "./figure.ts";
import { benchFolder } from "./openStore.ts";

const { values } = parseArgs({
  options: {
    repo: { type: "string" },
    questions: { type: "string", default: "300" },
    budget: { type: "string", default: "4000" },
  },
});
if (values.repo === undefined) throw new Error("Name a clone: --repo GITDIR");
const LEARNED = 3_000;
/** Until the hot code is compiled. */
const WARM = 100;

const folder = benchFolder();
const workspace = join(folder.workspace, "tree");
rmSync(workspace, { recursive: true, force: true });
execFileSync("git", ["clone", "-q", "--shared", values.repo, workspace], { stdio: "inherit" });
const subjects = execFileSync("git", ["log", "--no-merges", "--format=%s", `--max-count=${LEARNED + 2_000}`], {
  cwd: workspace,
  encoding: "utf8",
  maxBuffer: 1 << 28,
});
const questions = [...new Set(subjects.trim().split("\n"))].toReversed().slice(0, WARM + Number(values.questions));

const host = await openHost({
  ...{ workspace, dataFolder: folder.dataFolder, profiles: ["core"], rateLimited: false },
  ...{ longLived: true, logLevel: "error" },
});
const { engine } = host;
try {
  await engine.learn({ mostCommits: LEARNED, committedOnly: true }, {});
  const { files, chunks } = await engine.indexControl({ action: "sync" }, {});
  const { visible } = await engine.stats({});
  const conditions = { files, chunks, memories: visible, budget: Number(values.budget), processors: cpus().length };
  const ask = async (query: string): Promise<number> => {
    const begun = performance.now();
    const bundle = await engine.buildContext({ query, budget: Number(values.budget) }, {});
    const took = performance.now() - begun;
    if (bundle.code?.state !== "ready") throw new Error(`The code is ${bundle.code?.state}`);
    return took;
  };
  for (const question of questions.slice(0, WARM)) await ask(question);
  const never: number[] = [];
  const again: number[] = [];
  const memoriesAlone: number[] = [];
  /** Milliseconds of processor time, all threads, which other work on the machine changes less than the time that passes. */
  const used = { never: [] as number[], again: [] as number[] };
  const counted = async (kind: keyof typeof used, question: string): Promise<number> => {
    const before = process.cpuUsage();
    const took = await ask(question);
    const { user, system } = process.cpuUsage(before);
    used[kind].push((user + system) / 1000);
    return took;
  };
  for (const question of questions.slice(WARM)) {
    never.push(await counted("never", question));
    again.push(await counted("again", question));
    const begun = performance.now();
    await engine.retrieve({ query: question, limit: 40 }, {});
    memoriesAlone.push(performance.now() - begun);
  }
  const load = loadavg()[0] ?? 0;
  const print = (figure: string, took: readonly number[], more: Readonly<Record<string, number | string>>): void =>
    printFigure("bundle", figure, { ...conditions, ...summary(took), load, ...more });
  const cpu = (times: readonly number[]): Readonly<Record<string, number>> => {
    const { p50, p95 } = summary(times);
    return { cpuP50: p50, cpuP95: p95 };
  };
  print("never asked before (ms)", never, { ...cpu(used.never), wanted: "p95 at most 40" });
  print("asked again (ms)", again, { ...cpu(used.again), wanted: "p95 at most 10" });
  print("of which the search for memories (ms)", memoriesAlone, {});
} finally {
  await host.close();
  folder.remove();
}
process.exit(0);
