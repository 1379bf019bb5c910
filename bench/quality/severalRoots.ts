// Whether one question over two repositories is answered by the right one: commits of each are asked of both together, as they stand before the last
// question of each, with the history before the first. usage: node bench/quality/severalRoots.ts --repos DIR [--data ../shared/data/eval]
//   DIR holds clones as OWNER+NAME/repo
import { parseArgs } from "node:util";
import { readQuestion } from "../../src/engine/code/codeQuestion.ts";
import { CodeHistory } from "../../src/engine/code/history/codeHistory.ts";
import { readHistory } from "../../src/engine/code/history/readHistory.ts";
import { ImportGraph } from "../../src/engine/code/importGraph.ts";
import { SymbolGraph } from "../../src/engine/code/graph/symbolGraph.ts";
import { evidenceOfTree } from "../../src/engine/code/locate/evidence.ts";
import type { CodeSources } from "../../src/engine/code/locate/signals.ts";
import { type LocatedPlace, locateQuestion } from "../../src/engine/code/locateQuestion.ts";
import { createTextIndex } from "../../src/engine/indexing/textIndex.ts";
import { createNodeGit } from "../../src/serve/nodeGit.ts";
import { printFigure } from "../figure.ts";
import { createBenchIndex } from "./benchIndex.ts";
import { bootstrap } from "./bootstrap.ts";
import { become, type CommitQuestion, readQuestions } from "./commitTrees.ts";
import { asFigure } from "./measuring.ts";

const { values } = parseArgs({
  options: { repos: { type: "string", default: "" }, data: { type: "string", default: "../shared/data/eval" } },
});
/** Two of one language and like subjects, two of another. */
const PAIRS = [
  ["pallets/flask", "psf/requests"],
  ["fastify/fastify", "vuejs/core"],
] as const;
const TOP = 5;
const repositories = readQuestions(values.data, values.repos, undefined);

for (const pair of PAIRS) {
  const trees = await Promise.all(pair.map(sourcesOf));
  const right: number[] = [];
  const lost: number[] = [];
  const lostByScores: number[] = [];
  for (const [own, repo] of pair.entries())
    for (const { query, gold_files: gold } of askedOf(repo)) {
      const answers = trees.map((sources, tree) =>
        locateQuestion(query, sources, { limit: TOP }).places.map((place) => ({ ...place, tree })),
      );
      const evidence = trees.map(({ index }, tree) => evidenceOfTree(readQuestion(query), index, answers[tree] ?? []));
      const most = Math.max(...evidence);
      const merged = best(answers.flat(), ({ score, tree }) => score * (most === 0 ? 1 : (evidence[tree] ?? 0) / most));
      const byScores = best(answers.flat(), ({ score }) => score);
      const finds = (places: readonly Place[]): number =>
        gold.every((path) => places.some(({ file, tree }) => tree === own && file.path === path)) ? 1 : 0;
      const alone = finds(answers[own] ?? []);
      right.push(merged[0]?.tree === own ? 1 : 0);
      lost.push(alone - finds(merged));
      lostByScores.push(alone - finds(byScores));
    }
  const name = pair.join(" and ");
  const print = (figure: string, found: readonly number[]): void =>
    printFigure("severalRoots", `${name}: ${figure}`, { ...asFigure(bootstrap(found)), questions: found.length });
  print("the first file is of the right one", right);
  print(`all in the first ${TOP}, lost to asking one alone`, lost);
  print("the same, where scores alone are compared", lostByScores);
}

interface Place extends LocatedPlace {
  readonly tree: number;
}

function best(places: readonly Place[], worth: (place: Place) => number): readonly Place[] {
  return places.toSorted((a, b) => worth(b) - worth(a)).slice(0, TOP);
}

function askedOf(repo: string): readonly CommitQuestion[] {
  return repositories.find((one) => one.repo === repo)?.asked ?? [];
}

async function sourcesOf(repo: string): Promise<CodeSources> {
  const folder = repositories.find((one) => one.repo === repo)?.folder ?? "";
  const asked = askedOf(repo);
  const index = createBenchIndex();
  await become(index, folder, asked.at(-1)?.base_commit ?? "HEAD", new Map());
  const earliest = asked[0]?.base_commit ?? "HEAD";
  const commits = await readHistory(createNodeGit(), folder, { commit: earliest });
  const history = new CodeHistory(commits, createTextIndex());
  return { index, history, graph: new ImportGraph(index), symbols: new SymbolGraph(index) };
}
