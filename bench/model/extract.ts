// Makes pairs of texts of the sources. usage: node bench/model/extract.ts --repositories DIR --packages DIR --out PAIRS.tsv [--exclude FILE] [--only NAME]
// Sources are those of sources.json; a pair is a line of source, kind, left and right. --exclude names fingerprints (exclusions.ts) of texts that
// no pair may hold.
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fingerprint } from "./exclusions.ts";
import { commentPairs } from "./pairs/commentPairs.ts";
import { commitPairs } from "./pairs/commitPairs.ts";
import { intentPairs, personaPairs, statementQuestions, taskPairs } from "./pairs/dialoguePairs.ts";
import { oneLine, type Pair } from "./pairs/pair.ts";
import { prosePairs } from "./pairs/prosePairs.ts";
import { pythonPairs } from "./pairs/pythonPairs.ts";
import { Questioner } from "./pairs/questioner.ts";
import { tldrPairs } from "./pairs/tldrPairs.ts";
import { Wordnet } from "./pairs/wordnet.ts";
import { gitFolder, nameOf, type Source, sourceFiles, type SourceFolders } from "./sourceFiles.ts";

/** A source gives at most this many pairs of a kind, drawn evenly: none outweighs the others. */
const MOST_OF_A_KIND = 20_000;
/** Of which there is too little. */
const UNTHINNED = new Set([
  "definition",
  "broader",
  "example",
  "synonym",
  "question-turn",
  "next-turn",
  "question-example",
]);
const MOST_STATEMENTS = 8_000;
const LARGEST_FILE = 400_000;
const CODE = /\.(?:ts|tsx|js|mjs|cjs|jsx|py|rs|go)$/u;
const PROSE = /\.(?:md|mdx|rst|txt)$/u;
/** Generated, translated, copied from elsewhere, under another licence than the rest, or no prose and no code that a person wrote. */
const SKIPPED =
  /(?:^|\/)(?:node_modules|dist|_?vendor(?:ed)?|third_party|extern(?:al|s)?|fixtures?|test-fixtures|test_?data|\.yarn|locales?|i18n|simulation|snapshots?|__snapshots__|(?:zh|ja|ko|fr|es|de|pt|ru|it|pl)(?:[-_][A-Za-z]+)?)\/|\.min\.|CHANGELOG|CHANGES|LICEN[CS]E|COPYING|AUTHORS|Third|nltk\/stem\/porter|\.d\.ts$/iu;
const TESTS = /(?:^|\/)(?:tests?|testing|_tests?)\/|(?:^|\/)(?:test_\w+|conftest|setup)\.py$/u;

const { values } = parseArgs({
  options: {
    repositories: { type: "string", default: "" },
    packages: { type: "string", default: "" },
    out: { type: "string", default: "pairs.tsv" },
    exclude: { type: "string" },
    only: { type: "string" },
  },
});
const folders: SourceFolders = values;
const sources = JSON.parse(readFileSync(join(import.meta.dirname, "sources.json"), "utf8")) as readonly Source[];
const excluded = new Set(values.exclude === undefined ? [] : readFileSync(values.exclude, "utf8").split("\n"));
const isExcluded = (text: string): boolean => excluded.size > 0 && excluded.has(fingerprint(text) ?? "");

const dictionary = sources
  .filter(({ take }) => take.includes("wordnet"))
  .flatMap((source) => sourceFiles(source, folders, (path) => path.includes("wordnet/")));
const wordnet = new Wordnet(dictionary);

writeFileSync(values.out, "");
const seen = new Set<string>();
for (const [at, source] of sources.entries()) {
  const name = nameOf(source);
  if (values.only !== undefined && values.only !== name) continue;
  // Each has its own seed: what is added or changed leaves the other sources' pairs as they were.
  const questioner = new Questioner(wordnet, 1 + at);
  const counts = new Map<string, number>();
  const lines = thinned(pairsOf(source, questioner)).flatMap(({ kind, left, right }) => {
    const [a, b] = [oneLine(left), oneLine(right)];
    if (a.length < 3 || b.length < 3 || a === b || isExcluded(a) || isExcluded(b)) return [];
    const start = `${a.slice(0, 200)}\t${b.slice(0, 200)}`;
    if (seen.has(start) || foreign(a + b)) return [];
    seen.add(start);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return [`${name}\t${kind}\t${a}\t${b}\n`];
  });
  appendFileSync(values.out, lines.join(""));
  console.log(name, lines.length, Object.fromEntries(counts));
}

function* pairsOf(source: Source, questioner: Questioner): Generator<Pair> {
  const files = (wanted: (path: string) => boolean) => sourceFiles(source, folders, wanted);
  for (const take of source.take)
    switch (take) {
      case "code":
        for (const { path, text } of files((each) => CODE.test(each) && !SKIPPED.test(each) && !TESTS.test(each))) {
          if (text.length > LARGEST_FILE) continue;
          if (path.endsWith(".py")) yield* pythonPairs(path, text, questioner);
          yield* commentPairs(path, text);
        }
        break;
      case "prose": {
        const pages = files((each) => PROSE.test(each) && !SKIPPED.test(each) && !TESTS.test(each));
        const pairs = pages.flatMap(({ path, text }) => (text.length <= LARGEST_FILE ? prosePairs(path, text) : []));
        yield* pairs;
        yield* statementQuestions(statementsOf(pairs), questioner);
        break;
      }
      case "commits":
        if ("repository" in source) yield* commitPairs(gitFolder(source.repository, folders), source.commit);
        break;
      case "wordnet":
        yield* wordnet.pairs();
        for (const pair of statementQuestions([...wordnet.examples(), ...wordnet.examples()], questioner))
          yield { ...pair, kind: "question-example" };
        break;
      case "tldr":
        for (const { path, text } of files((each) => /^pages\/.*\.md$/u.test(each))) yield* tldrPairs(path, text);
        break;
      case "personas":
        yield* personaPairs(
          files((each) => each.endsWith(".csv")),
          questioner,
        );
        break;
      case "tasks":
        yield* taskPairs(
          files((each) => /TM-4-2024\/data\/.*\.json$/u.test(each)),
          questioner,
        );
        break;
      case "intents":
        yield* intentPairs(
          files((each) => /data_full\.json$|banking_data\/\w+\.csv$/u.test(each)),
          questioner,
        );
        break;
    }
}

function statementsOf(pairs: readonly Pair[]): string[] {
  const said = pairs.filter(({ kind }) => kind === "next-paragraph" || kind === "sentence-rest");
  return evenly([...new Set(said.map(({ right }) => right))], MOST_STATEMENTS);
}

function thinned(pairs: Iterable<Pair>): Pair[] {
  const byKind = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const known = byKind.get(pair.kind);
    if (known === undefined) byKind.set(pair.kind, [pair]);
    else known.push(pair);
  }
  return [...byKind.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([kind, all]) => (UNTHINNED.has(kind) ? all : evenly(all, MOST_OF_A_KIND)));
}

function evenly<T>(all: readonly T[], most: number): T[] {
  const rank = (at: number): number => Math.floor((at * most) / all.length);
  return all.length <= most ? [...all] : all.filter((_, at) => rank(at) !== rank(at - 1));
}

/** Most of it is in a script that the vocabulary has no pieces for. */
function foreign(text: string): boolean {
  return (text.match(/\P{ASCII}/gu)?.length ?? 0) > text.length / 10;
}
