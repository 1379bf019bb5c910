import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { markdownSections } from "../../src/engine/capture/markdownSections.ts";
import type { Collection, Dataset, Question } from "./datasets.ts";
import { seeded } from "./measuring.ts";

const ASKED = ["documents", "commits", "files"] as const;
const DAY_MS = 86_400_000;
const MOST_COMMITS = 2_000;
const MOST_SECTIONS = 1_500;
const MOST_QUESTIONS = 150;
/** A commit that touches more files has no anchors, as where commits are learned. */
const MOST_PATHS = 10;
/** Newer commits than the rest ask for the memories of the files that they touch. */
const ASKING_COMMITS = 600;
/** A question by file is asked where so many memories or fewer are the answer. */
const MOST_OF_FILES = 10;

interface Item {
  readonly key: string;
  readonly eventType: "document" | "commit";
  readonly title: string;
  readonly content: string;
  readonly timestamp: number;
  readonly anchors: readonly { readonly path: string }[];
  readonly metadata: object;
}

/**
 * Public repositories, each a store of the sections of its documents and of its commits, cut as they are when they are learned. Nobody wrote
 * questions for them: a sentence that is taken out of a section or a message asks for the rest of it (the inverse cloze task of Lee et al.,
 * "Latent retrieval for weakly supervised open domain question answering", 2019), and the subject of a newer commit that is not in the store
 * for what is remembered of the files that it touches. `folder` holds git directories, NAME/repo.
 */
export function readRepositories(folder: string, only: readonly string[] | undefined): readonly Dataset[] {
  const collections = new Map(ASKED.map((name) => [name, [] as Collection[]]));
  for (const name of only ?? readdirSync(folder)) {
    const read = readRepository(join(folder, name, "repo"));
    for (const kind of ASKED) collections.get(kind)?.push({ ...read.collection, questions: read[kind] });
  }
  return ASKED.map((name) => ({ name, depth: 20, collections: collections.get(name) ?? [] }));
}

interface Repository extends Readonly<Record<(typeof ASKED)[number], readonly Question[]>> {
  readonly collection: Omit<Collection, "questions">;
}

function readRepository(gitDir: string): Repository {
  const git = (...args: readonly string[]): string =>
    execFileSync("git", [`--git-dir=${gitDir}`, ...args], {
      encoding: "utf8",
      maxBuffer: 1 << 30,
      stdio: ["ignore", "pipe", "ignore"],
    });
  const random = seeded(7);
  const commits = readCommits(git);
  const asking = commits.slice(0, ASKING_COMMITS);
  const [sections, older] = [readSections(git), commits.slice(ASKING_COMMITS)];
  const documents: Question[] = [];
  const messages: Question[] = [];
  const cloze = (items: readonly Item[], into: Question[]): readonly Item[] => {
    const chosen = new Set(shuffled(items, random).slice(0, 3 * MOST_QUESTIONS));
    return items.map((item) => {
      const without = chosen.has(item) && into.length < MOST_QUESTIONS ? takeSentence(item.content, random) : undefined;
      if (without === undefined) return item;
      into.push({ query: without.sentence, gold: new Set([item.key]) });
      return { ...item, content: without.rest };
    });
  };
  const items = [...cloze(sections, documents), ...cloze(older, messages)];
  const files: Question[] = [];
  for (const { title, anchors } of asking) {
    const paths = new Set(anchors.map(({ path }) => path));
    if (paths.size === 0 || paths.size > 3 || files.length >= MOST_QUESTIONS) continue;
    const gold = items.filter((item) => item.anchors.some(({ path }) => paths.has(path))).map(({ key }) => key);
    if (gold.length > 0 && gold.length <= MOST_OF_FILES) files.push({ query: title, gold: new Set(gold) });
  }
  const askedAt = Math.max(...items.map(({ timestamp }) => timestamp)) + DAY_MS;
  return { collection: { lines: items.map(lineOf), askedAt }, documents, commits: messages, files };
}

const lineOf = ({ key, metadata, timestamp, ...item }: Item): string =>
  JSON.stringify({
    ...item,
    scope: "repo",
    timestamp: new Date(timestamp).toISOString(),
    metadata: { ...metadata, key },
  });

/** Newest first. */
function readCommits(git: (...args: readonly string[]) => string): readonly Item[] {
  const format = "--format=%x01%H%x00%at%x00%s%x00%b%x00";
  const log = git("log", "--no-merges", `--max-count=${MOST_COMMITS}`, "--name-only", format);
  return log
    .split("\x01")
    .slice(1)
    .map((text): Item => {
      const [id = "", seconds = "0", subject = "", body = "", files = ""] = text.split("\0");
      const paths = files.split("\n").filter((path) => path !== "");
      const said = body.replaceAll(/^[\w-]+-by: .*$/gmu, "").trim();
      return {
        ...{ key: id, eventType: "commit", title: subject.slice(0, 200) || id, timestamp: Number(seconds) * 1000 },
        content: [subject, said, `Files: ${paths.slice(0, 20).join(", ")}`].filter((part) => part !== "").join("\n\n"),
        anchors: paths.length > MOST_PATHS ? [] : paths.map((path) => ({ path })),
        metadata: { commit: id },
      };
    });
}

function readSections(git: (...args: readonly string[]) => string): readonly Item[] {
  const timestamp = Number(git("log", "-1", "--format=%at")) * 1000;
  const paths = git("ls-tree", "-r", "--name-only", "HEAD").split("\n");
  const documents = paths.filter((path) => /\.(?:md|mdx)$/iu.test(path) && !/changelog|node_modules|test/iu.test(path));
  const items: Item[] = [];
  for (const path of documents) {
    for (const [at, { headings, text }] of markdownSections(textAt(git, path)).entries()) {
      const key = `${path} ${at}`;
      const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.\w+$/u, "");
      const title = [name, headings.join(" › ")].filter((part) => part !== "").join(": ");
      const mark = { path, section: key, hash: key };
      items.push({
        ...{ key, eventType: "document", title: title.slice(0, 200), content: text, timestamp },
        anchors: [{ path }],
        metadata: { document: mark },
      });
    }
    if (items.length >= MOST_SECTIONS) break;
  }
  return items;
}

/** Empty where a partial copy of a repository lacks the file. */
function textAt(git: (...args: readonly string[]) => string, path: string): string {
  try {
    return git("show", `HEAD:${path}`);
  } catch {
    return "";
  }
}

/** A sentence of prose, 6 to 30 words, out of a text that has two or more. */
function takeSentence(
  text: string,
  random: () => number,
): { readonly sentence: string; readonly rest: string } | undefined {
  const sentences = text.match(SENTENCE) ?? [];
  const asked = sentences.filter((sentence) => {
    const words = sentence.split(/\s+/u).length;
    return words >= 6 && words <= 30;
  });
  if (sentences.length < 2 || asked.length === 0) return undefined;
  const sentence = asked[Math.floor(random() * asked.length)] ?? "";
  return { sentence: sentence.replaceAll(/\s+/gu, " "), rest: text.replace(sentence, () => "") };
}

/** It may run on over a line end, not over a blank line; what holds markup beyond code and links is none. */
const SENTENCE = /(?<![\w,(])[A-Z](?:[^.!?|<>{}#\n]|\n(?!\s*\n)|[.!?](?=\w)){25,}[.!?](?=\s|$)/gu;

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
