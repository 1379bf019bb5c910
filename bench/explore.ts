// What the explorer asks of the engine: the first list, keystrokes, lanes, near-duplicates.
// usage: node bench/explore.ts [--memories 100000] [--commits 5000]      needs dist/ (npm run build)
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import type { BrowseQuery } from "../src/contract/explore.ts";
import type { Engine } from "../src/engine/engine.ts";
import { random, realQueries, realTexts } from "./corpus.ts";
import { printFigure, summary } from "./figure.ts";
import { benchFolder, openBenchEngine } from "./openStore.ts";

const { values } = parseArgs({
  options: { memories: { type: "string", default: "100000" }, commits: { type: "string", default: "5000" } },
});
const memories = Number(values.memories);
const commits = Number(values.commits);
const QUERIES = 60;

await lists();
await lanes();

async function lists(): Promise<void> {
  const folder = benchFolder();
  const texts = realTexts(memories);
  let engine = await openBenchEngine(folder);
  await engine.importLines(lines(texts), { dedupe: "none" }, {});
  // As a window finds the store: opened from what is on disk.
  await engine.close();
  engine = await openBenchEngine(folder);
  const first = await timed(() => engine.explore.browse(asking(""), {}));
  printFigure("explore", `first list of ${memories} after the store was opened (ms)`, {
    value: first,
    wanted: "well below 300 with the page's own time",
  });
  // Nobody types within the first tenth of a second; the engine opens the text index in it.
  await new Promise((resolve) => setTimeout(resolve, 100));
  printFigure("explore", "first keystroke after the first list (ms)", {
    value: await timed(() => engine.explore.browse(asking("in"), {})),
  });
  await typing(engine, texts);
  await narrowing(engine);
  const review = (): Promise<unknown> => engine.explore.duplicates({ similarity: 0.6, limit: 100 }, {});
  for (const when of ["for the first time", "again"])
    printFigure("explore", `near-duplicates of ${memories}, others served meanwhile, ${when} (ms)`, {
      value: await timed(review),
    });
  await engine.close();
  folder.remove();
}

/** Real questions, typed letter by letter, each keystroke a browse of its own as the explorer asks it. */
async function typing(engine: Engine, texts: readonly string[]): Promise<void> {
  const queries = realQueries(texts, QUERIES);
  const keystrokes: number[] = [];
  const byLength = new Map<string, number[]>();
  for (const query of queries) {
    const typed = query.slice(0, 40);
    for (let length = 1; length <= typed.length; length++) {
      const ms = await timed(() => engine.explore.browse(asking(typed.slice(0, length)), {}));
      keystrokes.push(ms);
      const group = length <= 2 ? "first two letters" : "later letters";
      byLength.set(group, [...(byLength.get(group) ?? []), ms]);
    }
  }
  const { p50, p95, p99, samples } = summary(keystrokes);
  printFigure("explore", `keystroke over ${memories}, engine's part (ms)`, {
    p50,
    p95,
    p99,
    samples,
    wanted: "p95 at most 30",
  });
  for (const [group, all] of byLength) printFigure("explore", `keystroke, ${group} (ms)`, summary(all));
}

async function narrowing(engine: Engine): Promise<void> {
  const listed: number[] = [];
  const windows: number[] = [];
  for (let round = 0; round < 30; round++) {
    listed.push(
      await timed(() => engine.explore.browse({ ...asking(""), facets: { kind: ["note"], branch: ["main"] } }, {})),
    );
    const { resultId, total } = await engine.explore.browse(asking(""), {});
    const offset = Math.floor((round / 30) * total);
    windows.push(await timed(() => engine.explore.browseRows({ resultId, offset, limit: 100 }, {})));
  }
  printFigure("explore", `list of ${memories} by two facets (ms)`, summary(listed));
  printFigure("explore", "a window of 100 rows anywhere in the list (ms)", summary(windows));
}

async function lanes(): Promise<void> {
  const folder = benchFolder();
  let stream = "";
  for (let index = 1; index <= commits; index++) {
    stream += `commit refs/heads/main\nmark :${index}\ncommitter Ada <ada@example.com> ${1_700_000_000 + index * 60} +0000\n`;
    const message = `change number ${index}`;
    stream += `data ${message.length}\n${message}\n${index === 1 ? "from refs/heads/main^0\n" : ""}M 100644 inline f${index % 50}\ndata 2\n${index % 10}\n`;
  }
  execFileSync("git", ["-C", folder.workspace, "fast-import", "--quiet"], { input: stream });
  execFileSync("git", ["-C", folder.workspace, "reset", "-q", "--hard"]);
  const engine = await openBenchEngine(folder);
  await engine.learn({}, {});
  const taken: number[] = [];
  for (let round = 0; round < 20; round++) taken.push(await timed(() => engine.explore.lanes({ limit: commits }, {})));
  printFigure("explore", `lanes of ${commits} commits, each with a memory (ms)`, summary(taken));
  await engine.close();
  folder.remove();
}

function asking(text: string): BrowseQuery {
  return { text, facets: {}, visibility: "visible", order: "best", limit: 60 };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function* lines(texts: readonly string[]): AsyncGenerator<string> {
  const next = random(7);
  const oneOf = <T>(list: readonly T[]): T | undefined => list[Math.floor(next() * list.length)];
  for (const [index, content] of texts.entries()) {
    const at = 1.7e12 + index * 1000;
    yield JSON.stringify({
      content,
      eventType: "note",
      kind: oneOf(["note", "decision", "gotcha", "rule", "fact"]),
      scope: "repo",
      timestamp: new Date(at).toISOString(),
      provenance: {
        at,
        agent: oneOf(["copilot", "claude-code", "codex"]),
        branch: oneOf(["main", "next", "fix"]),
        dirty: false,
        pending: false,
      },
    });
  }
}
