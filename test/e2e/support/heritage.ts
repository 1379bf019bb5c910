import type { TestRepository } from "../../support/repository.ts";
import type { Scene } from "./scene.ts";

/** What is remembered in the repository of the tests, by title. */
export const ON_MAIN = "Parse by hand";
export const ON_BRANCH = "Cache by content hash";
export const EVERYWHERE = "Two spaces in YAML";

/** A repository with a branch that is not merged, some history to learn, and memories on each side and for both. */
export async function heritage(scene: Scene, name: string): Promise<TestRepository> {
  const repository = scene.repository(name);
  repository.git("config", "user.name", "Ada");
  repository.git("config", "user.email", "ada@example.com");
  repository.write(
    "README.md",
    "# Sample\n\nA parser for configuration files.\n\n## Limits\n\nFiles of at most 1 MB.\n",
  );
  repository.commit("src/parser.ts", PARSER, "Write the parser by hand\n\nThe generated one lost comments.");
  repository.commit("src/limits.ts", "export const limit = 1_048_576;\n", "Limit the size of a file");
  await scene.heirloom(repository.root, "start", "--once");
  await remember(scene, repository, ON_MAIN, "decision", "lineage", MAIN_TEXT, "--anchor", "src/parser.ts#parse");
  await remember(
    scene,
    repository,
    EVERYWHERE,
    "rule",
    "repo",
    "Indent YAML with two spaces, whatever the editor says.",
  );
  repository.git("checkout", "-q", "-b", "feature/cache");
  repository.commit(
    "src/cache.ts",
    "export const cache = new Map();\n",
    "Cache what was parsed\n\nParsing took 40 ms.",
  );
  const branchText = "The cache is keyed by the hash of the content: modification times lied on network drives.";
  await remember(scene, repository, ON_BRANCH, "gotcha", "lineage", branchText, "--anchor", "src/cache.ts");
  repository.git("checkout", "-q", "main");
  repository.commit("src/print.ts", "export const print = String;\n", "Print what was parsed");
  return repository;
}

export const MAIN_TEXT = "We parse by hand, as the generated parser lost comments and told nothing about errors.";

const PARSER = `/** Reads lines of "key = value". */
export function parse(text: string): ReadonlyMap<string, string> {
  const entries = text.split("\\n").map((line) => line.split("=", 2));
  return new Map(entries.map(([key = "", value = ""]) => [key.trim(), value.trim()]));
}
`;

async function remember(
  scene: Scene,
  repository: TestRepository,
  title: string,
  kind: string,
  scope: string,
  text: string,
  ...more: readonly string[]
): Promise<void> {
  const given = ["--type", "note", "--title", title, "--kind", kind, "--scope", scope, ...more, text];
  const { code, stderr } = await scene.heirloom(repository.root, "capture", ...given);
  if (code !== 0) throw new Error(stderr);
}
