import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commentPairs } from "../pairs/commentPairs.ts";
import { pythonFunctionPairs } from "../pairs/pythonPairs.ts";
import { gitFolder, repositoryFiles, type SourceFolders } from "../sourceFiles.ts";
import { onePassage, type Task } from "./task.ts";

/** CoSQA: the Python function that a web search was for. */
export const webQueries = (folder: string): Task => ({
  name: "cosqa-dev",
  *rounds() {
    const functions = JSON.parse(readFileSync(join(folder, "cosqa-functions.json"), "utf8")) as readonly string[];
    const queries = JSON.parse(readFileSync(join(folder, "cosqa-dev.json"), "utf8")) as readonly {
      readonly query: string;
      readonly gold: number;
    }[];
    yield {
      documents: new Map(functions.map((text, at) => [String(at), onePassage(text)])),
      questions: queries.map(({ query, gold }) => ({ text: query, answers: new Set([String(gold)]) })),
    };
  },
});

/** Held out of sources.json, in five languages. */
const REPOSITORIES = [
  ["pallets/click", "2c8cd3ac958a7eb316d67f2d316c27086c4c0369"],
  ["encode/httpx", "ae1b9f66238f75ced3ced5e4485408435de10768"],
  ["date-fns/date-fns", "dd66398305c2b015fba3c1b3d31ccff42ee8d4cf"],
  ["microsoft/vscode-languageserver-node", "0da5527ddf79ec7b10c953a1b1e6e007c9678326"],
  ["spf13/cobra", "adbc8813901bba65827259daa8e22ff94ec1f30e"],
  ["tokio-rs/axum", "3d78036dcac289d6c1d54934708acb6a5bd73686"],
] as const;
const MOST_A_REPOSITORY = 200;
const NO_SOURCE = /(?:^|\/)(?:tests?|examples?|docs|fixtures?|node_modules|testbed)\/|[._](?:test|spec)\.|\.d\.ts$/u;

/** The code that a documentation comment stands above, among that of six repositories. */
export const documentedFunctions = (folders: SourceFolders): Task => ({
  name: "doc-comment",
  *rounds() {
    const answers = new Map<string, Set<string>>();
    const documents = new Map<string, ReturnType<typeof onePassage>>();
    for (const [repository, commit] of REPOSITORIES) {
      const files = repositoryFiles(
        gitFolder(repository, folders),
        commit,
        (path) => /\.(?:ts|py|go|rs)$/u.test(path) && !NO_SOURCE.test(path),
      );
      const pairs = files
        .flatMap(({ path, text }) => (path.endsWith(".py") ? pythonFunctionPairs(text) : commentPairs(path, text)))
        .filter(({ kind, left }) => kind === "doc-code" && left.length >= 25);
      const every = Math.max(1, pairs.length / MOST_A_REPOSITORY);
      for (const [at, { left, right }] of pairs.entries()) {
        documents.set(right, onePassage(right));
        if (Math.floor(at / every) === Math.floor((at - 1) / every) && every > 1) continue;
        answers.set(left, (answers.get(left) ?? new Set()).add(right));
      }
    }
    yield { documents, questions: [...answers].map(([text, right]) => ({ text, answers: right })) };
  },
});
