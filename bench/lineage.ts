// How long it takes to tell where HEAD is and what it inherits: a repository of 2,000 commits, every one of them with a memory; and one of
// 100,000 commits and 10,000 memory commits, whose HEAD moves to and fro across 5,000 commits, and between two branches of 5,000 each.
// usage: node bench/lineage.ts
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createGitLineage } from "../src/engine/git/lineage.ts";
import { createNodeGit } from "../src/serve/nodeGit.ts";
import { temporaryFolder, TestRepository } from "../test/support/repository.ts";

const { folder, remove } = temporaryFolder("bench-lineage");
try {
  const repository = TestRepository.init(folder);
  const commits = [...repository.grow("main", 2_000)];
  repository.git("reset", "-q", "--hard");
  const git = createNodeGit();

  const firsts: number[] = [];
  for (let round = 0; round < 11; round++) {
    const lineage = createGitLineage(git);
    const place = await lineage.place(folder);
    firsts.push(await milliseconds(() => lineage.visibleCommits(place, commits)));
    lineage.close();
  }
  report("visible commits, first time", firsts);

  const lineage = createGitLineage(git);
  await lineage.visibleCommits(await lineage.place(folder), commits);
  const unchanged: number[] = [];
  for (let round = 0; round < 1_001; round++) {
    unchanged.push(await milliseconds(async () => lineage.visibleCommits(await lineage.place(folder), commits)));
  }
  report("place and visible commits, HEAD unchanged", unchanged);

  const copied: number[] = [];
  for (let round = 0; round < 101; round++) {
    const list = [...commits];
    copied.push(await milliseconds(async () => lineage.visibleCommits(await lineage.place(folder), list)));
  }
  report("place and visible commits, HEAD unchanged, a new list of the same commits", copied);

  const moved: number[] = [];
  for (let round = 0; round < 11; round++) {
    repository.git("commit", "-q", "--allow-empty", "-m", "next");
    commits.push(repository.head());
    const list = [...commits];
    moved.push(await milliseconds(async () => lineage.visibleCommits(await lineage.place(folder), list)));
  }
  report("place and visible commits, HEAD moved by one", moved);

  await sleep(200);
  await lineage.place(folder);
  const places: number[] = [];
  for (let round = 0; round < 10_001; round++) places.push(await milliseconds(() => lineage.place(folder)));
  report("place, HEAD unchanged", places);

  const facts: number[] = [];
  const place = await lineage.place(folder);
  for (const commit of commits.slice(100, 111)) facts.push(await milliseconds(() => lineage.facts(place, commit)));
  report("facts of a commit", facts);

  const asked = createGitLineage(git, { watch: false });
  const statuses: number[] = [];
  for (let round = 0; round < 11; round++) statuses.push(await milliseconds(() => asked.dirty(place)));
  report("dirty, asking git", statuses);
  asked.close();

  for (let round = 0; round < 20; round++) {
    await lineage.dirty(place);
    await sleep(20);
  }
  const watched: number[] = [];
  for (let round = 0; round < 1_001; round++) watched.push(await milliseconds(() => lineage.dirty(place)));
  report("dirty, watched and unchanged", watched);
  lineage.close();
  await farMoves(join(folder, "large"));
} finally {
  remove();
}

async function farMoves(root: string): Promise<void> {
  const large = TestRepository.init(root);
  const main = large.grow("main", 95_000);
  large.git("branch", "side", "main~5000");
  const side = large.grow("side", 5_000);
  large.git("commit-graph", "write", "--reachable");
  // Every tenth of the newest of both.
  const commits = [...main.slice(-45_000), ...side].filter((_, at) => at % 5 === 0);
  const lineage = createGitLineage(createNodeGit());
  const go = async (to: string): Promise<number> => {
    large.git("update-ref", "--no-deref", "HEAD", to);
    return await milliseconds(async () => lineage.visibleCommits(await lineage.place(root), commits));
  };
  report("100,000 commits, 10,000 with memories: the first time", [await go(main.at(-1) ?? "")]);
  const far: number[] = [];
  const across: number[] = [];
  // Each place is another one than before, so that no answer is kept.
  for (let round = 1; round <= 20; round++) {
    far.push(await go(main.at(-5_000 - round) ?? ""));
    far.push(await go(main.at(-round - 1) ?? ""));
    across.push(await go(side.at(-round) ?? ""));
    await go(main.at(-round - 1) ?? "");
  }
  report("100,000 commits, 10,000 with memories: HEAD moved by 5,000 commits, back and forth", far);
  report("100,000 commits, 10,000 with memories: HEAD moved to a branch 5,000 commits on either side", across);
  lineage.close();
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function report(figure: string, samples: readonly number[]): void {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => Number((sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toPrecision(4));
  console.log(
    JSON.stringify({ bench: "lineage", figure, unit: "ms", p50: at(0.5), p95: at(0.95), samples: sorted.length }),
  );
}
