// Whether the files that a commit changed are found by its subject, in the tree before it, and what each signal adds to that: each is left
// out once. Weights are chosen on questions of even number and reported on those of odd number.
// usage: node bench/quality/locate.ts --repos DIR [--data ../shared/data/eval] [--half odd|even|all] [--only owner/name] [--memories]
//   DIR holds clones as OWNER+NAME/repo
// With --memories each repository is learned first, at the commit before its first question, as `heirloom start` does; without, nothing is
// remembered.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CodeHistory } from "../../src/engine/code/history/codeHistory.ts";
import { readHistory } from "../../src/engine/code/history/readHistory.ts";
import { ImportGraph } from "../../src/engine/code/importGraph.ts";
import { SymbolGraph } from "../../src/engine/code/graph/symbolGraph.ts";
import { readIntent } from "../../src/engine/code/intent/readIntent.ts";
import { locateFiles, WEIGHTS } from "../../src/engine/code/locate/locateFiles.ts";
import type { PointingMemory } from "../../src/engine/code/locate/pointers.ts";
import type { LocateSignal } from "../../src/engine/code/locate/signals.ts";
import { createTextIndex } from "../../src/engine/indexing/textIndex.ts";
import { createNodeGit } from "../../src/serve/nodeGit.ts";
import { printFigure, summary } from "../figure.ts";
import { openBenchEngine } from "../openStore.ts";
import { createBenchIndex } from "./benchIndex.ts";
import { bootstrap } from "./bootstrap.ts";
import { become, type CommitQuestion, readQuestions } from "./commitTrees.ts";
import { asFigure, vectorsOf } from "./measuring.ts";

const { values } = parseArgs({
  options: {
    repos: { type: "string", default: "" },
    data: { type: "string", default: "../shared/data/eval" },
    half: { type: "string", default: "odd" },
    only: { type: "string" },
    memories: { type: "boolean", default: false },
  },
});
const TOP = 5;

const git = createNodeGit();
const variants: readonly (LocateSignal | "roles" | "intents" | "nothing")[] = [
  "nothing",
  "roles",
  "intents",
  ...(Object.keys(WEIGHTS) as LocateSignal[]),
];
const hits = new Map(variants.map((name) => [name, [] as number[]]));
const byRepository = new Map<string, number[]>();
const times: number[] = [];
const intents = new Map<string, number>();

for (const { folder, asked } of readQuestions(values.data, values.repos, values.only)) await askAll(folder, asked);
for (const [name, found] of byRepository)
  printFigure("locate", `${name}, all in the first ${TOP}`, asFigure(bootstrap(found)));
printFigure("locate", "questions by intent", Object.fromEntries(intents));
printFigure("locate", "of one question, the index warm (ms)", summary(times));
const whole = hits.get("nothing") ?? [];
for (const [name, found] of hits)
  printFigure("locate", name === "nothing" ? `all in the first ${TOP}` : `lost without ${name}`, {
    ...asFigure(bootstrap(name === "nothing" ? found : whole.map((hit, at) => hit - (found[at] ?? 0)))),
    ...(name === "nothing" ? { questions: found.length, half: values.half } : {}),
  });

async function askAll(folder: string, asked: readonly CommitQuestion[]): Promise<void> {
  const remembered = values.memories ? await learnAt(folder, asked[0]?.base_commit ?? "HEAD") : undefined;
  const index = createBenchIndex();
  let former = new Map<string, string>();
  for (const [number, { base_commit: commit, query, gold_files: gold, repo }] of asked.entries()) {
    former = await become(index, folder, commit, former);
    if (values.half !== "all" && (number % 2 === 1) !== (values.half === "odd")) continue;
    const history = new CodeHistory(await readHistory(git, folder, { commit }), createTextIndex());
    const memories = await remembered?.pointing(query);
    const parts = {
      index,
      history,
      graph: new ImportGraph(index),
      symbols: new SymbolGraph(index),
      ...(memories === undefined ? {} : { memories }),
    };
    for (const name of variants) {
      const begun = performance.now();
      const { question, weights, shape, intent } = readIntent(query);
      const files = locateFiles(question, parts, {
        limit: TOP,
        ...(name === "intents" ? {} : { weights, spares: shape.spares }),
        ...(name === "nothing" || name === "intents" ? {} : { without: new Set([name]) }),
      });
      if (name === "nothing") intents.set(intent.name, (intents.get(intent.name) ?? 0) + 1);
      if (name === "nothing") times.push(performance.now() - begun);
      const paths = new Set(files.map(({ file }) => file.path));
      const hit = gold.every((path) => paths.has(path)) ? 1 : 0;
      hits.get(name)?.push(hit);
      if (name === "nothing") byRepository.set(repo, [...(byRepository.get(repo) ?? []), hit]);
    }
  }
  await remembered?.close();
}

/** What a clone that stands at this commit remembers of it. */
async function learnAt(
  repository: string,
  commit: string,
): Promise<{
  readonly pointing: (query: string) => Promise<readonly PointingMemory[]>;
  readonly close: () => Promise<void>;
}> {
  const folder = mkdtempSync(join(tmpdir(), "heirloom-locate-"));
  const workspace = join(folder, "workspace");
  execFileSync("git", ["clone", "-q", "--shared", "--no-checkout", repository, workspace]);
  execFileSync("git", ["-C", workspace, "checkout", "-q", "--detach", commit]);
  const engine = await openBenchEngine({ workspace, dataFolder: join(folder, "data") });
  const { commits, documents } = await engine.learn({}, {});
  await vectorsOf(engine);
  printFigure("locate", "learned", { commits: commits.created, sections: documents.created, commit });
  return {
    pointing: (query) => engine.pointing(query, {}),
    close: async () => {
      await engine.close();
      rmSync(folder, { recursive: true });
    },
  };
}
