/** What a question says of the code beside its words. */
export interface CodeQuestion {
  readonly text: string;
  /** The words that are looked for: without what only says what kind of change a commit is. */
  readonly words: string;
  /** Names written as code writes them: camelCase, snake_case, dotted, or in backticks. */
  readonly names: readonly string[];
  /** Paths and names of files, as written. */
  readonly paths: readonly string[];
}

/** https://www.conventionalcommits.org: "fix(router): …"; the scope says something of the place and stays. */
const CONVENTIONAL =
  /^\s*(?:build|chore|ci|docs|feat|fix|perf|refactor|revert|style|test|types?|wip)(?:\(([^)]*)\))?!?:\s*/iu;
const NAME = /[A-Za-z_$][\w$]*(?:(?:\.|::|#|->)[A-Za-z_$][\w$]*)*/gu;
const LOOKS_LIKE_CODE = /[a-z\d][A-Z]|[A-Z]{2}[a-z]|_|\.|::|#|->|^[A-Z][a-z]+[A-Z]/u;
const QUOTED = /[`'"]([^`'"\n]{2,120})[`'"]/gu;
const PATH =
  /(?:[\w@.-]+\/)+[\w@.-]+|\b[\w-]+\.(?:[cm]?[jt]sx?|py|go|rs|java|cc?|cpp|h|hpp|cs|rb|php|sh|dart|vue|md|json|ya?ml|toml|css|html)\b/gu;

export function readQuestion(text: string): CodeQuestion {
  const [prefix, scope = ""] = CONVENTIONAL.exec(text) ?? [""];
  const words = `${scope} ${text.slice(prefix.length)}`.trim();
  const quoted = [...text.matchAll(QUOTED)].flatMap(([, inside = ""]) =>
    [...inside.matchAll(NAME)].map(([name]) => name),
  );
  const written = [...text.matchAll(NAME)].map(([name]) => name).filter((name) => LOOKS_LIKE_CODE.test(name));
  const names = new Set([...quoted, ...written].flatMap((name) => [name, name.split(/\.|::|#|->/u).at(-1) ?? name]));
  return {
    text,
    words: words === "" ? text : words,
    names: [...names].filter((name) => name.length > 2),
    paths: pathsIn(text),
  };
}

/** What a text writes as paths and names of files, each once. */
export const pathsIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(PATH)].map(([path]) => path)),
];
