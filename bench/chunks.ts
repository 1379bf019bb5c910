/**
 * Cutting long documents where their meaning turns, against cutting them by structure alone: the same documents and questions in one run.
 * Documents are the Markdown files of folders, such as repositories that were fetched for it: `node bench/chunks.ts FOLDER…`; without one, those
 * under node_modules. A heading is a question, what stands under it is what should be found. Once with the headings in the documents, and once
 * with all headings taken out, so that only the text tells where a section begins.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chunk, PASSAGE_LIMIT } from "../src/engine/admit/chunk.ts";
import { loadStaticModel } from "../src/engine/embedding/staticModel.ts";
import { createTextIndex } from "../src/engine/indexing/textIndex.ts";
import { markdownSections } from "../src/engine/capture/markdownSections.ts";
import type { Part } from "../src/contract/memory.ts";
import { random } from "./corpus.ts";
import { printFigure } from "./figure.ts";

const model = loadStaticModel(readFileSync(join(import.meta.dirname, "../media/model/static.bin")));
const embed = (text: string): Float32Array => model.embed(text);
const CUTTERS = { structural: undefined, semantic: embed } as const;

const MOST_DOCUMENTS = 400;
const MOST_QUESTIONS = 1_500;
const LEAST_SECTION = 250;
/** Characters of passages that are read for one question, best first: about a thousand tokens. */
const READ = 4_000;

interface Section {
  readonly document: number;
  readonly question: string;
  readonly start: number;
  readonly end: number;
}
interface Corpus {
  readonly texts: readonly string[];
  readonly sections: readonly Section[];
}

function measure(headings: string, cutter: string, embedder: typeof embed | undefined, corpus: Corpus): void {
  const started = performance.now();
  const cut = corpus.texts.map((text) => chunk(text, (passage) => passage.length, embedder));
  const ms = performance.now() - started;
  const characters = corpus.texts.reduce((sum, text) => sum + text.length, 0);
  const passages = cut.flatMap((parts, document) => parts.map((part) => ({ document, part })));
  const text = createTextIndex();
  const vectors = passages.map(({ document, part }, row) => {
    const body = corpus.texts[document]?.slice(part.start, part.end) ?? "";
    text.add(row + 1, { title: "", body, tags: [], anchors: [], parts: [] });
    return embed(`${part.headings.join("\n")}\n${body}`);
  });
  const found = { words: new Score(), meaning: new Score(), both: new Score() };
  for (const section of corpus.sections) {
    const { hits, ceiling } = text.search(section.question, { limit: 200 });
    const query = embed(section.question);
    const meaning = vectors.map((vector) => dot(query, vector));
    const words = new Float64Array(passages.length);
    for (const { row, score } of hits) words[row - 1] = ceiling > 0 ? score / ceiling : 0;
    const ranked = (scoreOf: (row: number) => number): readonly (typeof passages)[number][] =>
      [...passages.keys()]
        .sort((a, b) => scoreOf(b) - scoreOf(a))
        .slice(0, 40)
        .flatMap((row) => passages[row] ?? []);
    found.words.add(
      section,
      ranked((row) => words[row] ?? 0),
    );
    found.meaning.add(
      section,
      ranked((row) => meaning[row] ?? 0),
    );
    found.both.add(
      section,
      ranked((row) => (words[row] ?? 0) + (meaning[row] ?? 0)),
    );
  }
  printFigure("chunks", `${headings}, ${cutter}`, {
    documents: corpus.texts.length,
    questions: corpus.sections.length,
    passages: passages.length,
    meanCharacters: characters / passages.length,
    ...found.words.figures("words"),
    ...found.meaning.figures("meaning"),
    ...found.both.figures("both"),
    ...boundaries(corpus, cut),
    charactersPerSecond: (characters / ms) * 1000,
  });
}

/** How well the best passages cover a section: the share of it in the first characters that are read, and how purely the first passage is of it. */
class Score {
  #covered = 0;
  #purity = 0;
  #count = 0;

  add(section: Section, ranked: readonly { readonly document: number; readonly part: Part }[]): void {
    let [read, covered] = [0, 0];
    for (const { document, part } of ranked) {
      const length = Math.min(part.end - part.start, READ - read);
      if (document === section.document)
        covered += Math.max(0, Math.min(part.start + length, section.end) - Math.max(part.start, section.start));
      if (read === 0) this.#purity += covered / length;
      read += length;
      if (read >= READ) break;
    }
    this.#covered += covered / Math.min(READ, section.end - section.start);
    this.#count++;
  }

  figures(name: string): Readonly<Record<string, number>> {
    return { [`${name}Covered`]: this.#covered / this.#count, [`${name}Purity`]: this.#purity / this.#count };
  }
}

/** Of sections that begin in a text: how many begin a passage; and how many passages begin with one. */
function boundaries({ sections }: Corpus, cut: readonly (readonly Part[])[]): Readonly<Record<string, number>> {
  const starts = new Map(cut.map((parts, document) => [document, new Set(parts.slice(1).map(({ start }) => start))]));
  const inside = sections.filter(({ start }) => start > 0);
  const met = inside.filter(({ document, start }) => starts.get(document)?.has(start)).length;
  const cuts = [...starts.values()].reduce((sum, { size }) => sum + size, 0);
  return { boundaryRecall: met / inside.length, boundaryPrecision: met / cuts };
}

function corpusOf(paths: readonly string[], withHeadings: boolean): Corpus {
  const texts: string[] = [];
  const sections: Section[] = [];
  for (const path of paths) {
    const cut = markdownSections(readFileSync(path, "utf8"));
    let text = "";
    const own: Section[] = [];
    for (const { headings, text: whole } of cut) {
      const body = withHeadings ? whole : whole.replace(/^#{1,6}[ \t].*\n*|^.*\n(?:=+|-+)[ \t]*\n*/u, "").trim();
      const start = text.length;
      text += `${body}\n\n`;
      const question = headings.at(-1) ?? "";
      if (body.length >= LEAST_SECTION && question.split(/\s+/u).length >= 2)
        own.push({ document: texts.length, question, start, end: start + body.length });
    }
    if (text.length <= 2 * PASSAGE_LIMIT || own.length < 3) continue;
    texts.push(text);
    sections.push(...own);
    if (texts.length === MOST_DOCUMENTS) break;
  }
  const next = random(1);
  const drawn = sections.map((section) => ({ section, order: next() })).sort((a, b) => a.order - b.order);
  return { texts, sections: drawn.slice(0, MOST_QUESTIONS).map(({ section }) => section) };
}

function markdownIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.md$/iu.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

const folders = process.argv.slice(2);
const files = (folders.length > 0 ? folders : [join(import.meta.dirname, "../node_modules")]).flatMap(markdownIn);
for (const headings of ["with headings", "headings taken out"] as const) {
  const corpus = corpusOf(files, headings === "with headings");
  for (const [cutter, embedder] of Object.entries(CUTTERS)) measure(headings, cutter, embedder, corpus);
}
