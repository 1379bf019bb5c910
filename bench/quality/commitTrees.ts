import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CodeIndex } from "../../src/engine/code/codeIndex.ts";
import { createFileParser } from "../../src/engine/code/parse/parseFile.ts";
import { readBlobs } from "../model/sourceFiles.ts";

const LARGEST_FILE = 300_000;
const TEXT = /\.(?:[cm]?[jt]sx?|py|vue|md|rst|json|ya?ml|toml|txt|html|css|cfg|ini|sh)$/u;

/** The subject of a commit, and the files that it changed. */
export interface CommitQuestion {
  readonly repo: string;
  readonly base_commit: string;
  readonly date: string;
  readonly query: string;
  readonly gold_files: readonly string[];
}

/** Questions of each repository that DIR has as OWNER+NAME/repo, oldest first. */
export function readQuestions(
  data: string,
  repos: string,
  only: string | undefined,
): readonly { readonly repo: string; readonly folder: string; readonly asked: readonly CommitQuestion[] }[] {
  const lines = readFileSync(join(data, "gitloc-dev.jsonl"), "utf8").trim().split("\n");
  const questions = lines.map((line) => JSON.parse(line) as CommitQuestion);
  return [...new Set(questions.map(({ repo }) => repo))].flatMap((repo) => {
    const folder = join(repos, repo.replace("/", "+"), "repo");
    if ((only !== undefined && only !== repo) || !existsSync(folder)) return [];
    const asked = questions.filter((question) => question.repo === repo).sort((a, b) => (a.date < b.date ? -1 : 1));
    return [{ repo, folder, asked }];
  });
}

const parser = await createFileParser(join(import.meta.dirname, "../../dist"));

/** Makes the index that of a commit, reading only what differs from `former`; tells the blob of each path. */
export async function become(
  index: CodeIndex,
  folder: string,
  commit: string,
  former: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const listed = execFileSync("git", ["--git-dir", folder, "ls-tree", "-r", "-l", "-z", commit], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const now = new Map(
    listed.split("\0").flatMap((line) => {
      const [, blob = "", size, path = ""] = /^\d+ blob (\w+) +(\S+)\t(.*)$/su.exec(line) ?? [];
      return TEXT.test(path) && Number(size) <= LARGEST_FILE ? [[path, blob] as const] : [];
    }),
  );
  for (const path of former.keys()) if (!now.has(path)) index.remove(path);
  const fresh = [...now].filter(([path, blob]) => former.get(path) !== blob);
  const texts = readBlobs(
    folder,
    fresh.map(([, blob]) => blob),
  );
  for (const [at, [path, blob]] of fresh.entries()) {
    const text = texts[at] ?? "";
    index.add({ path, blob, text, parsed: await parser.parse({ path, text }) });
  }
  return now;
}
