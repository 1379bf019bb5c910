/**
 * The journal's own speed: one writer's durable append against a bare fdatasync of the same run and the same bytes; 64 writers against one
 * with datasync slowed to 4 ms; what a follower's check costs; and how fast a snapshot is read. One JSON line a figure.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openJournal } from "../src/engine/journal/openJournal.ts";
import type { Files } from "../src/engine/ports.ts";
import type { JournalWriter } from "../src/engine/seams.ts";
import { nodeFiles } from "../src/serve/nodeFiles.ts";
import { withFaults } from "../test/support/faultFiles.ts";
import { printFigure } from "./figure.ts";
import { captured, silentLogger } from "../test/support/journalEvents.ts";

const ROUNDS = 300;
const TEXT =
  "We decided to keep the journal append-only, because a torn tail can be cut off and nothing else can. ".repeat(8);
const SLOW_MS = 4;

const outer = await mkdtemp(join(process.argv[2] ?? tmpdir(), "heirloom-bench-"));
try {
  await appendAgainstFdatasync();
  await groupCommit();
  await followerAndSnapshot();
} finally {
  await rm(outer, { recursive: true });
}

function report(figure: string, value: number, unit: string, more: Record<string, number> = {}): void {
  printFigure("journal", figure, { value, unit, ...more });
}

function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? NaN;
}

async function begin(name: string, files: Files = nodeFiles): Promise<{ writer: JournalWriter; folder: string }> {
  const folder = join(outer, name);
  const journal = await openJournal(files, folder, { maxStoreBytes: 1e12, logger: silentLogger });
  return { writer: await journal.startWriting(1, (await journal.read()).cursor), folder };
}

async function appendAgainstFdatasync(): Promise<void> {
  const { writer } = await begin("single");
  const bare = await nodeFiles.open(join(outer, "bare"), "append");
  const bytes = Buffer.alloc(JSON.stringify(captured("m", TEXT)).length + 20, 120);
  const syncs: number[] = [];
  const appends: number[] = [];
  // Taken in turns, so that a busy moment of the disk meets both.
  for (let round = 0; round < ROUNDS; round++) {
    await bare.append(bytes);
    let start = performance.now();
    await bare.datasync();
    syncs.push(performance.now() - start);
    start = performance.now();
    await writer.append([captured(`m${round}`, TEXT)]);
    appends.push(performance.now() - start);
  }
  await bare.close();
  await writer.close();
  const spread = (values: readonly number[]): Record<string, number> => ({
    p25: quantile(values, 0.25),
    p75: quantile(values, 0.75),
    p95: quantile(values, 0.95),
  });
  report("fdatasync p50", quantile(syncs, 0.5), "ms", spread(syncs));
  report("append p50", quantile(appends, 0.5), "ms", spread(appends));
  report("append p50 above fdatasync p50 (at most 0.5)", quantile(appends, 0.5) - quantile(syncs, 0.5), "ms");
}

async function groupCommit(): Promise<void> {
  const { files, faults } = withFaults(nodeFiles);
  const { writer } = await begin("group", files);
  faults.datasync = () => new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  const perSecond = async (writers: number, each: number): Promise<number> => {
    const start = performance.now();
    await Promise.all(
      Array.from({ length: writers }, async (_, one) => {
        for (let index = 0; index < each; index++) await writer.append([captured(`${writers}-${one}-${index}`, TEXT)]);
      }),
    );
    return (1000 * writers * each) / (performance.now() - start);
  };
  await perSecond(64, 5);
  const one = await perSecond(1, 150);
  const many = await perSecond(64, 60);
  await writer.close();
  report("appends a second, 1 writer, fdatasync + 4 ms", one, "1/s");
  report("appends a second, 64 writers, fdatasync + 4 ms", many, "1/s");
  report("64 writers against 1 (at least 20)", many / one, "x");
}

async function followerAndSnapshot(): Promise<void> {
  const count = 100_000;
  const { writer, folder } = await begin("large");
  let start = performance.now();
  for (let done = 0; done < count; done += 1000) {
    await writer.append(Array.from({ length: 1000 }, (_, index) => captured(`m${done + index}`, TEXT)));
  }
  report("append of 100,000 memories in calls of 1,000", performance.now() - start, "ms");
  const follower = await openJournal(nodeFiles, folder, { maxStoreBytes: 1e12, logger: silentLogger });
  start = performance.now();
  const read = await follower.read();
  report("reading 100,000 memories from segments", performance.now() - start, "ms");
  start = performance.now();
  await writer.compact(() => read.events, { purge: true });
  report("compaction of 100,000 memories", performance.now() - start, "ms");
  const fresh = await openJournal(nodeFiles, folder, { maxStoreBytes: 1e12, logger: silentLogger });
  start = performance.now();
  const { cursor } = await fresh.read();
  report("reading 100,000 memories from a snapshot", performance.now() - start, "ms", await fresh.sizes());
  const checks = 20_000;
  start = performance.now();
  for (let index = 0; index < checks; index++) fresh.moved(cursor);
  report("a follower's check whether anything is new", (1000 * (performance.now() - start)) / checks, "us");
  await writer.close();
}
