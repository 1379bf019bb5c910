import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gitFolder, readBlobs, type SourceFolders } from "../sourceFiles.ts";
import type { Found, Task } from "./task.ts";

interface Change {
  readonly repo: string;
  readonly base_commit: string;
  readonly date: string;
  readonly query: string;
  readonly gold_files: readonly string[];
}

const CHUNK_LINES = 40;
const LARGEST_FILE = 300_000;
const CODE = /\.(?:ts|tsx|js|mjs|cjs|py|vue)$/u;

/** The files that a commit changed, by its subject, in the tree before it. Repositories that are not among `folders` are left out. */
export const changes = (folder: string, folders: SourceFolders): Task => ({
  name: "gitloc-dev",
  *rounds() {
    const lines = readFileSync(join(folder, "gitloc-dev.jsonl"), "utf8").trim().split("\n");
    const all = lines.map((line) => JSON.parse(line) as Change);
    for (const repository of new Set(all.map(({ repo }) => repo))) {
      const git = gitFolder(repository, folders);
      if (!existsSync(git)) continue;
      const files = new Map<string, Found>();
      const ofThis = all.filter(({ repo }) => repo === repository).sort((a, b) => (a.date < b.date ? -1 : 1));
      for (const { base_commit: commit, query, gold_files: gold } of ofThis)
        yield { documents: treeOf(git, commit, files), questions: [{ text: query, answers: new Set(gold) }] };
    }
  },
});

/** Files of a commit by path; `known` has those of commits before by path and blob. */
function treeOf(git: string, commit: string, known: Map<string, Found>): ReadonlyMap<string, Found> {
  const listed = execFileSync("git", ["--git-dir", git, "ls-tree", "-r", "-l", "-z", commit], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const entries = listed.split("\0").flatMap((line) => {
    const [, id = "", size, path = ""] = /^\d+ blob (\w+) +(\S+)\t(.*)$/su.exec(line) ?? [];
    return CODE.test(path) && Number(size) <= LARGEST_FILE ? [{ path, id }] : [];
  });
  const fresh = entries.filter(({ path, id }) => !known.has(`${path} ${id}`));
  const texts = readBlobs(
    git,
    fresh.map(({ id }) => id),
  );
  for (const [at, { path, id }] of fresh.entries()) known.set(`${path} ${id}`, fileOf(path, texts[at] ?? ""));
  return new Map(
    entries.flatMap(({ path, id }) => {
      const file = known.get(`${path} ${id}`);
      return file === undefined ? [] : [[path, file] as const];
    }),
  );
}

function fileOf(path: string, text: string): Found {
  const lines = text.split("\n");
  const passages: string[] = [];
  for (let at = 0; at < lines.length; at += CHUNK_LINES) passages.push(lines.slice(at, at + CHUNK_LINES).join("\n"));
  return { text: `${path}\n${path}\n${path}\n${text}`, passages, path };
}
