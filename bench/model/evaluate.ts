/**
 * How well a model finds, alone and together with BM25: mean reciprocal rank in percent on four tasks.
 * usage: node bench/model/evaluate.ts --eval DIR --repositories DIR [--task NAME] MODEL...
 * DIR of --eval holds the data sets; repositories lie as OWNER+NAME/repo. One JSON line a model and task.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { loadStaticModel } from "../../src/engine/embedding/staticModel.ts";
import { createTextIndex } from "../../src/engine/indexing/textIndex.ts";
import type { Embedder } from "../../src/engine/seams.ts";
import { printFigure } from "../figure.ts";
import { changes } from "./tasks/changes.ts";
import { conversations } from "./tasks/conversations.ts";
import { documentedFunctions, webQueries } from "./tasks/functions.ts";
import type { Found, Round, Task } from "./tasks/task.ts";

const PATH_WEIGHT = 0.6;

const { values, positionals } = parseArgs({
  options: {
    eval: { type: "string", default: "" },
    repositories: { type: "string", default: "" },
    task: { type: "string" },
  },
  allowPositionals: true,
});
const folders = { repositories: values.repositories, packages: "" };
const tasks = [
  conversations(values.eval),
  changes(values.eval, folders),
  webQueries(values.eval),
  documentedFunctions(folders),
];
const models = positionals.map((path) => ({ path, embedder: loadStaticModel(readFileSync(path)) }));

/** All models at once: reading trees and indexing them for BM25 takes longer than a model does. */
function measure(task: Task): void {
  const words = new WordSearch();
  const meanings = models.map(({ embedder }) => new MeaningSearch(embedder));
  const ranks = models.map(() => ({ vectors: [] as number[], hybrid: [] as number[] }));
  const text: number[] = [];
  for (const round of task.rounds()) {
    words.replace(round.documents);
    for (const question of round.questions) {
      const byWords = words.scores(question.text);
      text.push(reciprocal(byWords, question.answers));
      for (const [at, meaning] of meanings.entries()) {
        const byMeaning = meaning.scores(round, question.text);
        ranks[at]?.vectors.push(reciprocal(byMeaning, question.answers));
        ranks[at]?.hybrid.push(
          reciprocal(
            new Map([...byMeaning].map(([name, near]) => [name, Math.max(0, near) + (byWords.get(name) ?? 0)])),
            question.answers,
          ),
        );
      }
    }
  }
  for (const [at, { path, embedder }] of models.entries()) {
    const { vectors = [], hybrid = [] } = ranks[at] ?? {};
    printFigure("model", task.name, {
      file: path,
      id: embedder.id,
      questions: text.length,
      vectors: mean(vectors),
      text: mean(text),
      hybrid: mean(hybrid),
    });
  }
}

const mean = (shares: readonly number[]): number =>
  (100 * shares.reduce((sum, share) => sum + share, 0)) / shares.length;

/** Of the best answer; documents that score the same as it stand before it. 0 where none is found. */
function reciprocal(scores: ReadonlyMap<string, number>, answers: ReadonlySet<string>): number {
  const best = Math.max(...[...answers].map((name) => scores.get(name) ?? -Infinity));
  if (best === -Infinity) return 0;
  let before = 0;
  for (const [name, score] of scores) if (score >= best && !answers.has(name)) before++;
  return 1 / (1 + before);
}

/** The engine's text index over the documents of a round; a score is the share of the ceiling, as in docs/scores.md. */
class WordSearch {
  readonly #index = createTextIndex();
  readonly #rows = new Map<string, number>();
  readonly #names: string[] = [];
  #indexed: ReadonlyMap<string, Found> = new Map();

  replace(documents: ReadonlyMap<string, Found>): void {
    for (const name of this.#indexed.keys()) if (!documents.has(name)) this.#index.remove(this.#rowOf(name));
    for (const [name, found] of documents)
      if (this.#indexed.get(name) !== found)
        this.#index.add(this.#rowOf(name), { title: "", body: found.text, tags: [], anchors: [], parts: [] });
    this.#indexed = documents;
  }

  scores(question: string): ReadonlyMap<string, number> {
    const { hits, ceiling } = this.#index.search(question, { limit: this.#names.length });
    return new Map(hits.map(({ row, score }) => [this.#names[row - 1] ?? "", score / ceiling]));
  }

  #rowOf(name: string): number {
    let row = this.#rows.get(name);
    if (row === undefined) this.#rows.set(name, (row = this.#names.push(name)));
    return row;
  }
}

/** Cosines with the nearest passage of each document, whose vectors are kept. */
class MeaningSearch {
  readonly #embedder: Embedder;
  readonly #vectors = new WeakMap<Found, readonly Float32Array[]>();

  constructor(embedder: Embedder) {
    this.#embedder = embedder;
  }

  scores({ documents }: Round, question: string): ReadonlyMap<string, number> {
    const asked = this.#embedder.embed(question);
    return new Map(
      [...documents].map(([name, found]) => [
        name,
        Math.max(...this.#vectorsOf(found).map((vector) => dot(asked, vector))),
      ]),
    );
  }

  #vectorsOf(found: Found): readonly Float32Array[] {
    const known = this.#vectors.get(found);
    if (known !== undefined) return known;
    const path = found.path === undefined ? undefined : this.#embedder.embed(found.path);
    const vectors = found.passages.map((passage) => {
      const vector = this.#embedder.embed(passage);
      if (path === undefined) return vector;
      const sum = vector.map((component, at) => component + PATH_WEIGHT * (path[at] ?? 0));
      const length = Math.hypot(...sum);
      return sum.map((component) => component / length);
    });
    this.#vectors.set(found, vectors);
    return vectors;
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

for (const task of tasks) if (values.task === undefined || values.task === task.name) measure(task);
