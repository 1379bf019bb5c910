import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** What a folder of engine/code/languages says in its language.json. Patterns are regular expressions. */
interface LanguageFile {
  readonly extensions: readonly string[];
  /** Extensions that another language has, with what the text of a file holds that is of this one. */
  readonly claims?: Readonly<Record<string, string>>;
  /** Whole names of files. */
  readonly names?: readonly string[];
  /** Interpreters, as `#!` names them. */
  readonly interpreters?: readonly string[];
  /** Queries, as paths from the folder of all languages; they are asked as one, those of the root after the others. */
  readonly queries: readonly string[];
  /** What a line of a comment begins with. */
  readonly lineComment: string;
  /** What an attribute on a line of its own begins with, between a comment and what it speaks of. */
  readonly attribute?: string;
  /** What is seen from outside, told by its name or by its signature. */
  readonly exported?: { readonly by: "name" | "signature"; readonly pattern: string };
  /** What is a test, told by its name, or by its signature with the attributes before it. */
  readonly test?: { readonly by: "name" | "signature"; readonly pattern: string };
}

/** Patterns that are asked of a file, as the source of one query each. */
export interface LanguageQueries {
  readonly usual: string;
  /** Instead of the usual one, where the text holds what is seldom. */
  readonly whole: string;
  readonly seldom: RegExp | undefined;
  /** Asked of the root alone; empty where there is none. */
  readonly root: string;
}

export interface Language {
  readonly name: string;
  /** Path of its grammar, compressed. */
  readonly grammar: string;
  readonly queries: LanguageQueries;
  readonly lineComment: RegExp;
  readonly attribute: RegExp | undefined;
  readonly exported: Rule | undefined;
  readonly test: Rule | undefined;
}

export interface Rule {
  readonly by: "name" | "signature";
  readonly pattern: RegExp;
}

export interface Languages {
  /** By the name of the file, else by the interpreter that its first line names. */
  of(path: string, text: string): Language | undefined;
}

const SHEBANG = /^#!\s*(?:\S*\/)?(?:env\s+(?:-\S+\s+)*)?(?:\S*\/)?([a-z]+)[\d.]*/u;

/** `folder` holds a folder a language, with language.json, queries and grammar.wasm.br: dist/languages. */
export function readLanguages(folder: string): Languages {
  const known = new Map<string, Language>();
  const claims: { readonly extension: string; readonly pattern: RegExp; readonly language: Language }[] = [];
  for (const name of readdirSync(folder)) {
    const file = JSON.parse(readFileSync(join(folder, name, "language.json"), "utf8")) as LanguageFile;
    const language = read(folder, name, file);
    for (const extension of file.extensions) known.set(`*.${extension}`, language);
    for (const [extension, pattern] of Object.entries(file.claims ?? {}))
      claims.push({ extension: `*.${extension}`, pattern: new RegExp(pattern, "mu"), language });
    for (const fileName of file.names ?? []) known.set(fileName, language);
    for (const interpreter of file.interpreters ?? []) known.set(`#!${interpreter}`, language);
  }
  return {
    of: (path, text) => {
      const name = basename(path);
      const dot = name.lastIndexOf(".");
      const extension = `*${name.slice(dot).toLowerCase()}`;
      const named = known.get(name) ?? (dot > 0 ? known.get(extension) : undefined);
      const claim = claims.find((one) => dot > 0 && one.extension === extension && one.pattern.test(text));
      if (named !== undefined || dot > 0) return claim?.language ?? named;
      return known.get(`#!${SHEBANG.exec(text.slice(0, 200))?.[1] ?? ""}`);
    },
  };
}

function read(folder: string, name: string, file: LanguageFile): Language {
  const rule = (given: LanguageFile["test"]): Rule | undefined =>
    given && { by: given.by, pattern: new RegExp(given.pattern, "u") };
  return {
    name,
    grammar: join(folder, name, "grammar.wasm.br"),
    queries: readQueries(file.queries.map((path) => readFileSync(join(folder, path), "utf8"))),
    lineComment: new RegExp(`^(?:${file.lineComment})`, "u"),
    attribute: file.attribute === undefined ? undefined : new RegExp(`^(?:${file.attribute})`, "u"),
    exported: rule(file.exported),
    test: rule(file.test),
  };
}

/**
 * Every pattern costs something at every node. One that finds something in few files, or only at the top of one, stands in a file of queries that says
 * so in its first line: what a text has to hold, as a regular expression, or that its patterns begin with the root of the tree.
 */
const WHERE = /^;; where (.+)/u;
const OF_ROOT = /^;; of the root\s/u;

function readQueries(sources: readonly string[]): LanguageQueries {
  const isOfRoot = (source: string): boolean => OF_ROOT.test(source);
  const everywhere = sources.filter((source) => !isOfRoot(source));
  const seldom = everywhere.flatMap((source) => WHERE.exec(source)?.[1] ?? []);
  return {
    usual: everywhere.filter((source) => !WHERE.test(source)).join("\n"),
    whole: everywhere.join("\n"),
    seldom: seldom.length === 0 ? undefined : new RegExp(seldom.join("|"), "u"),
    root: sources.filter(isOfRoot).join("\n"),
  };
}
