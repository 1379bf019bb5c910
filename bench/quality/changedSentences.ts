import { execFileSync } from "node:child_process";
import { readBlobs } from "../model/sourceFiles.ts";
import { sha256 } from "../../src/engine/sha256.ts";
import { CODE, DOCUMENT, LEFT_OUT, statedSentences } from "./statedSentences.ts";

/** The newest commits that changed such files. */
const MOST_COMMITS = 1_500;
/** A file in which more sentences changed was written anew. */
const MOST_CHANGED = 20;
/** So much of the words of both (Dice) a sentence and what became of it share. */
const LEAST_ALIKE = 0.5;
const BATCH = 400;

/** A sentence that a commit changed. `key` names it without its words. */
export interface ChangedSentence {
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

/** Sentences that commits of a repository changed, each change once; of a section that says both, none. */
export function changedSentences(repository: string, folder: string): readonly ChangedSentence[] {
  const found = new Map<string, ChangedSentence>();
  for (const wanted of [DOCUMENT, CODE]) {
    const changes = changedFiles(folder, wanted);
    for (let from = 0; from < changes.length; from += BATCH) {
      const some = changes.slice(from, from + BATCH);
      const texts = readBlobs(
        folder,
        some.flatMap(({ before, after }) => [before, after]),
      );
      for (const [at, { path }] of some.entries())
        for (const [before, after] of changedIn(path, texts[2 * at] ?? "", texts[2 * at + 1] ?? "")) {
          const key = sha256(`${repository}\n${before}\n${after}`).slice(0, 8);
          found.set(key, { key, before, after });
        }
    }
  }
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function changedFiles(folder: string, wanted: RegExp): readonly { path: string; before: string; after: string }[] {
  const globs = wanted === DOCUMENT ? ["*.md", "*.mdx", "*.rst"] : ["*.py", "*.js", "*.ts", "*.rs", "*.go"];
  const options = [
    "--no-merges",
    `--max-count=${MOST_COMMITS}`,
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--diff-filter=M",
    "--format=",
  ];
  const log = execFileSync("git", ["--git-dir", folder, "log", ...options, "HEAD", "--", ...globs], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return log.split("\n").flatMap((line) => {
    const [, before = "", after = "", path = ""] = /^:\d+ \d+ (\w+) (\w+) M\t(.*)$/u.exec(line) ?? [];
    return wanted.test(path) && !LEFT_OUT.test(path) ? [{ path, before, after }] : [];
  });
}

function changedIn(path: string, before: string, after: string): readonly (readonly [string, string])[] {
  const [then, now] = [before, after].map((text) => new Set(statedSentences(path, text).flat()));
  const gone = [...(then ?? [])].filter((sentence) => now?.has(sentence) === false);
  const come = [...(now ?? [])].filter((sentence) => then?.has(sentence) === false);
  if (gone.length === 0 || come.length === 0 || gone.length > MOST_CHANGED || come.length > MOST_CHANGED) return [];
  const words = new Map([...gone, ...come].map((sentence) => [sentence, wordsOf(sentence)]));
  const likeness = (a: string, b: string): number => dice(words.get(a) ?? new Set(), words.get(b) ?? new Set());
  const nearest = (one: string, others: readonly string[]): string | undefined =>
    others.toSorted((a, b) => likeness(one, b) - likeness(one, a))[0];
  return gone.flatMap((one) => {
    const other = nearest(one, come);
    if (other === undefined || nearest(other, gone) !== one) return [];
    const alike = likeness(one, other);
    return alike >= LEAST_ALIKE && alike < 1 ? [[one, other] as const] : [];
  });
}

const wordsOf = (sentence: string): ReadonlySet<string> =>
  new Set(sentence.toLowerCase().match(/[\p{L}\p{N}'’.]*[\p{L}\p{N}]/gu) ?? []);

function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return (2 * [...a].filter((word) => b.has(word)).length) / Math.max(1, a.size + b.size);
}
