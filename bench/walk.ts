/**
 * The walk over real trees: how many files a second it names, with git and without, what finding changes costs when nothing, and when one
 * branch became another, what content costs to judge, and what watching costs.
 * usage: node --expose-gc bench/walk.ts [--repos DIR] [--rounds 15]
 * DIR holds working trees, each the root of a repository or not; without it the dependencies of this project, node_modules, serve.
 * Everything runs on a copy of DIR under one new repository. One JSON line a figure.
 */
import { execFile, execFileSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parseArgs, promisify } from "node:util";
import type { CodeListing } from "../src/engine/code/walk/codeListing.ts";
import { findChanges } from "../src/engine/code/walk/findChanges.ts";
import { listCode } from "../src/engine/code/walk/listCode.ts";
import { readCode } from "../src/engine/code/walk/readCode.ts";
import { createNodeCodeWatcher } from "../src/serve/nodeCodeWatcher.ts";
import { createNodeGit } from "../src/serve/nodeGit.ts";
import { printFigure, summary } from "./figure.ts";

const { values } = parseArgs({ options: { repos: { type: "string" }, rounds: { type: "string", default: "15" } } });
const source = values.repos ?? join(import.meta.dirname, "..", "node_modules");
const rounds = Number(values.rounds);
const folder = mkdtempSync(join(tmpdir(), "heirloom-walk-"));
const root = join(folder, "tree");
const git = createNodeGit({ timeoutMs: 120_000 });
const runs = promisify(execFile);
const run = (...args: readonly string[]): string =>
  execFileSync("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.com", ...args], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 30,
    stdio: "pipe",
  });
const print = (figure: string, figures: Parameters<typeof printFigure>[2]): void =>
  printFigure("walk", figure, { ...figures, load: loadavg()[0] ?? 0, processors: cpus().length });
const filesOf = ({ files, leftOut }: CodeListing): number => files.length + leftOut.length;

/** Milliseconds of processor time of this process and of the processes it waited for, which other work on the machine changes less. Linux only. */
function processorMs(): number | undefined {
  if (process.platform !== "linux") return undefined;
  // proc(5): cutime and cstime are the 14th and 15th fields after the name, in hundredths of a second.
  const fields = readFileSync("/proc/self/stat", "latin1").split(") ")[1]?.split(" ") ?? [];
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + (Number(fields[13]) + Number(fields[14])) * 10;
}

/** Median of several rounds after a first one that warms the caches. */
async function repeat<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly last: Result; readonly ms: readonly number[]; readonly processorMs: number | undefined }> {
  let last = await work();
  const ms: number[] = [];
  const before = processorMs();
  for (let round = 0; round < rounds; round++) {
    const from = performance.now();
    last = await work();
    ms.push(performance.now() - from);
  }
  const after = processorMs();
  return { last, ms, processorMs: before === undefined || after === undefined ? undefined : (after - before) / rounds };
}

try {
  // A .git of its own would make a tree a repository inside, which is left out.
  cpSync(source, root, { recursive: true, verbatimSymlinks: true, filter: (path) => basename(path) !== ".git" });
  execFileSync("git", ["init", "-q", "-b", "main", root]);
  run("add", "-A", "-f");
  run("commit", "-q", "-m", "the trees");
  // Git's index is racy where files are as young as it is.
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  run("update-index", "-q", "--refresh");

  // Everything is code here: what would be left out by its folder is walked too.
  const options = { vendored: true };
  for (const [name, more] of [
    ["with git", { ...options, git }],
    ["without git", options],
  ] as const) {
    const { last, ms, processorMs: processor } = await repeat(() => listCode(root, more));
    const { p50, p95 } = summary(ms);
    print(`files a second, warm, ${name}`, {
      files: filesOf(last),
      folders: new Set(last.files.map(({ path }) => dirname(path))).size,
      p50Ms: p50,
      p95Ms: p95,
      perSecond: (filesOf(last) / p50) * 1000,
      best: (filesOf(last) / Math.min(...ms)) * 1000,
      ...(processor === undefined
        ? {}
        : { processorMs: processor, perProcessorSecond: (filesOf(last) / processor) * 1000 }),
      wanted: "at least 200000",
    });
  }

  // What the walk with git waits for in any case, in turns with it: the machine is another one a minute later.
  const questions = [
    ["ls-files", "-o", "--exclude-standard", "-z"],
    ["diff-files", "--ignore-submodules=all", "--name-only", "-z"],
  ];
  const times: { readonly walk: number; readonly git: number }[] = [];
  for (let round = 0; round < 2 * rounds; round++) {
    const from = performance.now();
    await Promise.all(questions.map((args) => runs("git", args, { cwd: root, maxBuffer: 1 << 30 })));
    const between = performance.now();
    await listCode(root, { ...options, git });
    times.push({ walk: performance.now() - between, git: between - from });
  }
  print("the walk with git, in times of git's own two questions by themselves", {
    ...summary(times.map((one) => one.walk / one.git)),
    gitP50Ms: summary(times.map((one) => one.git)).p50,
    walkP50Ms: summary(times.map((one) => one.walk)).p50,
  });

  const listing = await listCode(root, { ...options, git });
  const { state } = await findChanges(root, undefined, listing);
  const still = await repeat(async () => findChanges(root, state, await listCode(root, { ...options, git })));
  print("walk and compare, nothing changed, with git (ms)", { ...summary(still.ms), read: still.last.hashed });
  const plain = await findChanges(root, undefined, await listCode(root, options));
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  const plainStill = await repeat(async () => findChanges(root, plain.state, await listCode(root, options)));
  print("walk and compare, nothing changed, without git (ms)", {
    ...summary(plainStill.ms),
    read: plainStill.last.hashed,
  });

  run("checkout", "-q", "-b", "side");
  const step = Math.max(1, Math.floor(listing.files.length / 500));
  const differing = listing.files.filter((_, index) => index % step === 0).slice(0, 500);
  for (const { path } of differing) appendFileSync(join(root, path), "\n");
  run("commit", "-q", "-a", "-m", "side");
  const switched: number[] = [];
  let before = state;
  let found = 0;
  for (const branch of ["main", "side", "main", "side", "main"]) {
    run("checkout", "-q", branch);
    const from = performance.now();
    const changes = await findChanges(root, before, await listCode(root, { ...options, git }));
    switched.push(performance.now() - from);
    before = changes.state;
    found = changes.changed.length;
  }
  print("walk and compare after a checkout (ms)", { ...summary(switched), differing: differing.length, found });

  const reading = performance.now();
  let bytes = 0;
  for (const { path } of listing.files) {
    const read = await readCode(root, path, { objectFormat: "sha1" });
    if ("text" in read) bytes += read.size;
  }
  const seconds = (performance.now() - reading) / 1000;
  print("read, judged, decoded and addressed", {
    filesPerSecond: listing.files.length / seconds,
    MBPerSecond: bytes / 1e6 / seconds,
  });

  const collect = (globalThis as { gc?: () => void }).gc;
  collect?.();
  const memory = process.memoryUsage().rss;
  const starting = performance.now();
  const subscription = createNodeCodeWatcher().subscribe(root, () => undefined);
  subscription.cover(new Set(listing.files.map(({ path }) => (path.includes("/") ? dirname(path) : ""))));
  print("watching", {
    startMs: performance.now() - starting,
    isWatching: subscription.isWatching(),
    ...(collect ? { rssMB: (process.memoryUsage().rss - memory) / 1e6 } : {}),
  });
  subscription.dispose();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
