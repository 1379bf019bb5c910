// How often the rules that find contradictions are right: false alarms among sentences that authors hold to be true together, and what the rules
// make of sentences that a commit changed, which were read one by one before.
// usage: node bench/quality/contradictions.ts --repos DIR [--of looked-at|held-out] [--show]      minutes: it reads histories
//   DIR holds clones as OWNER+NAME/repo. --show prints false calls and what is missed, of the repositories that may be looked at
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { opposedStatements, readStatement } from "../../src/engine/opposedStatements.ts";
import { sha256 } from "../../src/engine/sha256.ts";
import type { Statement } from "../../src/engine/statement.ts";
import { printFigure } from "../figure.ts";
import { gitFolder, repositoryFiles } from "../model/sourceFiles.ts";
import { bootstrap } from "./bootstrap.ts";
import { changedSentences } from "./changedSentences.ts";
import { asFigure } from "./measuring.ts";
import { CODE, DOCUMENT, LEFT_OUT, statedSentences } from "./statedSentences.ts";
import { EDITS, kindOfEdit } from "./turningWords.ts";

const { values } = parseArgs({
  options: {
    repos: { type: "string", default: "" },
    of: { type: "string" },
    show: { type: "boolean", default: false },
  },
});
/** Rules were mended on what the first half of the repositories showed. */
type Half = "looked-at" | "held-out";
/** What the reader made of two sentences: they cannot both hold, as one says the opposite, another number, or another value; or they can. */
type Label = "opposite" | "number" | "value" | "none";
/** By repository, keys of changed sentences, see changedSentences.ts. */
type Labels = ReadonlyMap<string, ReadonlyMap<string, Label>>;

/** Files of a repository that are read at its HEAD, half of them documents. */
const MOST_FILES = 120;

for (const half of ["looked-at", "held-out"] as const) {
  if (values.of !== undefined && values.of !== half) continue;
  const labels = readLabels(half);
  measureTogether(half, [...labels.keys()]);
  measureChanged(half, labels);
}

interface Stated {
  readonly text: string;
  readonly statement: Statement;
}

/** Sentences of one file at one commit: nearly every alarm among them is false. Files are resampled, as alarms come in swarms. */
function measureTogether(half: Half, repositories: readonly string[]): void {
  const inSections: number[] = [];
  const inFiles: number[] = [];
  let sentences = 0;
  for (const repository of repositories)
    for (const sections of filesOf(repository)) {
      const read = sections.map((section) => section.map((text) => ({ text, statement: readStatement(text) })));
      const alarms = read.flatMap(alarmsAmong);
      if (values.show && half === "looked-at")
        for (const alarm of alarms) process.stdout.write(`  TOGETHER ${alarm}\n`);
      inSections.push(alarms.length);
      inFiles.push(alarmsAmong(read.flat()).length);
      sentences += read.flat().length;
    }
  const files = inFiles.length;
  const figure = (name: string, found: readonly number[]): void => {
    const { mean, low, high } = bootstrap(found);
    const per = (1000 * files) / sentences;
    printFigure("contradictions", `${half}, ${repositories.length} repositories at one commit each: ${name}`, {
      alarms: found.reduce((sum, one) => sum + one, 0),
      perThousandSentences: mean * per,
      interval: `${(low * per).toFixed(2)} to ${(high * per).toFixed(2)}`,
      filesWithAny: found.filter((alarms) => alarms > 0).length,
      ...{ sentences, files },
    });
  };
  figure("alarms, each sentence compared with the others of its section", inSections);
  figure("alarms, each sentence compared with all of its file", inFiles);
}

function alarmsAmong(stated: readonly Stated[]): readonly string[] {
  const alarms: string[] = [];
  for (const [at, a] of stated.entries())
    for (const b of stated.slice(at + 1)) {
      const opposition = opposedStatements(a.statement, b.statement);
      if (opposition !== undefined)
        alarms.push(`${opposition.why} ${opposition.sureness.toFixed(2)}\n    ${a.text}\n    ${b.text}`);
    }
  return alarms;
}

function filesOf(repository: string): readonly (readonly (readonly string[])[])[] {
  const folder = gitOf(repository);
  const order = (path: string): string => sha256(path).slice(0, 12);
  return [DOCUMENT, CODE].flatMap((kind) =>
    repositoryFiles(folder, "HEAD", (path) => kind.test(path) && !LEFT_OUT.test(path))
      .sort((a, b) => (order(a.path) < order(b.path) ? -1 : 1))
      .slice(0, MOST_FILES / 2)
      .map(({ path, text }) => statedSentences(path, text)),
  );
}

function gitOf(repository: string): string {
  return gitFolder(repository, { repositories: values.repos, packages: "" });
}

/** Of lines "HALF OWNER/NAME LABEL KEY…". */
function readLabels(half: Half): Labels {
  const labels = new Map<string, Map<string, Label>>();
  for (const line of readFileSync(join(import.meta.dirname, "contradictionLabels.txt"), "utf8")
    .trim()
    .split("\n")) {
    const [of, repository = "", label, ...keys] = line.split(" ");
    if (of !== half) continue;
    const known = labels.get(repository) ?? new Map<string, Label>();
    for (const key of keys) known.set(key, label as Label);
    labels.set(repository, known);
  }
  return labels;
}

/** Sentences and what commits made of them. */
function measureChanged(half: Half, labels: Labels): void {
  const right: number[] = [];
  const found: Record<Label, number[]> = { opposite: [], number: [], value: [], none: [] };
  const sureness: (readonly [number, number])[] = [];
  const edits = new Map(EDITS.map((kind) => [kind, { read: 0, opposite: 0 }]));
  for (const [repository, read] of labels)
    for (const change of changedSentences(repository, gitOf(repository))) {
      const label = read.get(change.key);
      if (label === undefined) continue;
      const opposition = opposedStatements(readStatement(change.before), readStatement(change.after));
      found[label].push(opposition === undefined ? 0 : 1);
      const edit = edits.get(kindOfEdit(change.before, change.after));
      if (edit !== undefined) edit.read += 1;
      if (edit !== undefined && label === "opposite") edit.opposite += 1;
      if (opposition !== undefined) {
        right.push(label === "none" ? 0 : 1);
        sureness.push([opposition.sureness, label === "none" ? 0 : 1]);
      }
      if (
        values.show &&
        half === "looked-at" &&
        (opposition === undefined) === (label === "opposite" || label === "number")
      )
        process.stdout.write(
          `  CHANGED ${label}, ${opposition?.why ?? "not called"}\n    ${change.before}\n    ${change.after}\n`,
        );
    }
  const print = (name: string, hits: readonly number[]): void => {
    if (hits.length === 0) return;
    const figure = { ...asFigure(bootstrap(hits)), of: hits.length };
    printFigure("contradictions", `${half}, changed sentences: ${name}`, figure);
  };
  print("called ones that cannot both hold", right);
  print("opposites that are called", found.opposite);
  print("other numbers that are called", found.number);
  print("other values that are called, for which there is no rule", found.value);
  print("others that are called", found.none);
  for (const least of [0.6, 0.7, 0.8, 0.9])
    print(
      `called ones that cannot both hold, of a sureness from ${least} to ${(least + 0.1).toFixed(1)}`,
      sureness.filter(([sure]) => sure >= least && (sure < least + 0.1 || least === 0.9)).map(([, is]) => is),
    );
  for (const [kind, { read, opposite }] of edits)
    printFigure("contradictions", `${half}, what was read: ${kind} edits`, { read, opposite });
}
