// What a bundle of code is worth: whether the files that a commit changed are in the bundle that its subject gives, in the tree before it, and how much of the
// budget went to others. Beside it the plain way: the best files whole, one after the other, until the budget is used.
// usage: node bench/quality/bundle.ts --repos DIR [--data ../shared/data/eval] [--half odd|even|all] [--only owner/name] [--budget 4000]
//   DIR holds clones as OWNER+NAME/repo; needs dist/ (npm run build)
import { parseArgs } from "node:util";
import { createTokenCounter } from "../../src/engine/admit/tokens.ts";
import { bundleItems } from "../../src/engine/code/bundleItems.ts";
import type { IndexedFile } from "../../src/engine/code/codeIndex.ts";
import { CodeHistory } from "../../src/engine/code/history/codeHistory.ts";
import { readHistory } from "../../src/engine/code/history/readHistory.ts";
import { ImportGraph } from "../../src/engine/code/importGraph.ts";
import { SymbolGraph } from "../../src/engine/code/graph/symbolGraph.ts";
import { locateQuestion } from "../../src/engine/code/locateQuestion.ts";
import { composeBundle } from "../../src/engine/compose/composeBundle.ts";
import { createTextIndex } from "../../src/engine/indexing/textIndex.ts";
import { createNodeGit } from "../../src/serve/nodeGit.ts";
import { printFigure } from "../figure.ts";
import { readBlobs } from "../model/sourceFiles.ts";
import { createBenchIndex } from "./benchIndex.ts";
import { bootstrap } from "./bootstrap.ts";
import { become, readQuestions } from "./commitTrees.ts";
import { asFigure } from "./measuring.ts";

const { values } = parseArgs({
  options: {
    repos: { type: "string", default: "" },
    data: { type: "string", default: "../shared/data/eval" },
    half: { type: "string", default: "odd" },
    only: { type: "string" },
    budget: { type: "string", default: "4000" },
  },
});
const budget = Number(values.budget);
const MOST_FILES = 20;

/** A file of a bundle, and what it costs. */
interface Shown {
  readonly path: string;
  readonly tokens: number;
  readonly hasCode: boolean;
}

const tokens = createTokenCounter();
await tokens.load();
const git = createNodeGit();
/** For each way and figure one number a question. */
const found = new Map<string, number[]>();

for (const { folder, asked } of readQuestions(values.data, values.repos, values.only)) {
  const index = createBenchIndex();
  let blobs = new Map<string, string>();
  for (const [number, { base_commit: commit, query, gold_files: gold }] of asked.entries()) {
    blobs = await become(index, folder, commit, blobs);
    if (values.half !== "all" && (number % 2 === 1) !== (values.half === "odd")) continue;
    const history = new CodeHistory(await readHistory(git, folder, { commit }), createTextIndex());
    const sources = { index, history, graph: new ImportGraph(index), symbols: new SymbolGraph(index) };
    const textOf = ({ blob }: IndexedFile): string => readBlobs(folder, [blob])[0] ?? "";
    const located = locateQuestion(query, sources, { limit: MOST_FILES });
    const items = await bundleItems(located, {
      asked: new Set(),
      budget,
      textOf: ({ file }) => Promise.resolve(textOf(file)),
    });
    const bundle = composeBundle(query, [], items, { budget, shape: located.shape, tokens });
    judge(
      "value a token",
      gold,
      bundle.items.map(({ path = "", tokens: cost, detail }) => ({
        path,
        tokens: cost,
        hasCode: detail === "implementation" || detail === "full",
      })),
    );
    judge("whole files", gold, wholeFiles(located.places.map(({ file }) => ({ path: file.path, text: textOf(file) }))));
  }
}

for (const [name, numbers] of found)
  printFigure("bundle", name, {
    ...asFigure(bootstrap(numbers)),
    questions: numbers.length,
    half: values.half,
    budget,
  });

/** One after the other as they are; of the last one what fits. */
function wholeFiles(files: readonly { readonly path: string; readonly text: string }[]): readonly Shown[] {
  const shown: Shown[] = [];
  let left = budget;
  for (const { path, text } of files) {
    const cost = tokens.count(`### ${path}\n\`\`\`\n${text}\n\`\`\`\n\n`);
    shown.push({ path, tokens: Math.min(cost, left), hasCode: true });
    left -= cost;
    if (left <= 0) break;
  }
  return shown;
}

function judge(way: string, gold: readonly string[], shown: readonly Shown[]): void {
  const share = (paths: ReadonlySet<string>): number => gold.filter((path) => paths.has(path)).length / gold.length;
  const present = new Set(shown.map(({ path }) => path));
  const withCode = new Set(shown.filter(({ hasCode }) => hasCode).map(({ path }) => path));
  const spent = shown.reduce((sum, one) => sum + one.tokens, 0);
  const wasted = shown.filter(({ path }) => !gold.includes(path)).reduce((sum, one) => sum + one.tokens, 0);
  note(`${way}: gold files present`, share(present));
  note(`${way}: all gold files present`, share(present) === 1 ? 1 : 0);
  note(`${way}: gold files shown with code`, share(withCode));
  note(`${way}: of the budget on other files`, wasted / Math.max(1, spent));
}

function note(name: string, value: number): void {
  const known = found.get(name);
  if (known === undefined) found.set(name, [value]);
  else known.push(value);
}
