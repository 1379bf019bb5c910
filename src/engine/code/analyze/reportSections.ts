import type { AnalyzeResult } from "../../../contract/analyze.ts";
import { shortCommit } from "../../../contract/shortCommit.ts";

/** What an analysis lists, each list under its name. */
export interface Lists {
  readonly callers: AnalyzeResult["callers"];
  readonly tests: AnalyzeResult["tests"];
  readonly callees: AnalyzeResult["callees"];
  readonly bases: AnalyzeResult["bases"];
  readonly derived: AnalyzeResult["derived"];
  readonly memories: AnalyzeResult["memories"];
  readonly history: AnalyzeResult["history"];
  readonly reached: AnalyzeResult["impact"]["reached"];
  readonly routes: AnalyzeResult["routes"];
  readonly configuration: AnalyzeResult["configuration"];
  readonly references: AnalyzeResult["references"];
  readonly symbols: NonNullable<AnalyzeResult["definition"]["symbols"]>;
  readonly imports: AnalyzeResult["imports"];
  readonly changesWith: AnalyzeResult["changesWith"];
  readonly others: AnalyzeResult["others"];
}
export type ListName = keyof Lists;

interface Section<Name extends ListName> {
  readonly title: string;
  /** So many are told before the rest of any list is. */
  readonly first: number;
  /** One item on one line. Text that somebody wrote is not quoted yet. */
  readonly line: (item: Lists[Name][number]) => string;
}

/** In the order in which they are told. */
export const SECTIONS: { readonly [Name in ListName]: Section<Name> } = {
  callers: {
    title: "Callers",
    first: 8,
    line: ({ symbol, how, times, through, ...place }) =>
      `${at(place)}${after(symbol)} (${[how, ...(times === undefined ? [] : [`${times} times`]), ...(through === undefined ? [] : [`as ${through}`])].join(", ")})`,
  },
  tests: {
    title: "Tests",
    first: 6,
    line: ({ name, distance, how, ...place }) =>
      `${at(place)}${after(name)} (${how}${distance > 1 ? `, ${distance} calls away` : ""})`,
  },
  callees: {
    title: "Calls",
    first: 8,
    line: ({ symbol, how, at: calledAt, ...place }) => `${symbol} at ${at(place)}, called in line ${calledAt} (${how})`,
  },
  bases: { title: "Inherits from", first: 4, line: ({ symbol, ...place }) => `${symbol} at ${at(place)}` },
  derived: { title: "Inherited by", first: 6, line: ({ symbol, ...place }) => `${symbol} at ${at(place)}` },
  memories: {
    title: "Memories",
    first: 3,
    line: ({ id, title, kind, excerpt, freshness, why }) =>
      `[${id}] ${kind}, ${freshness}, ${why}: ${title === undefined ? "" : `${title}: `}${excerpt}`,
  },
  history: {
    title: "History",
    first: 4,
    line: ({ commit, author, date, subject, of }) =>
      `${shortCommit(commit)} ${date.slice(0, 10)} ${author}: ${subject} (${of === "lines" ? "changed these lines" : "changed the file"})`,
  },
  reached: {
    title: "Reached through callers",
    first: 5,
    line: ({ symbol, distance, ...place }) =>
      `${at(place)}${symbol.endsWith(place.path) ? "" : after(symbol)} (${distance} away)`,
  },
  routes: {
    title: "Routes",
    first: 6,
    line: ({ path, line, method, route }) => `${method} ${route} at ${path}:${line}`,
  },
  configuration: { title: "Configuration", first: 6, line: ({ path, line, key }) => `${key} at ${path}:${line}` },
  references: { title: "Imported by name", first: 5, line: at },
  symbols: { title: "Holds", first: 20, line: ({ name, kind, line }) => `${line}: ${kind} ${name}` },
  imports: {
    title: "Imports",
    first: 8,
    line: ({ module, line, path, root, names }) =>
      `${line}: ${module}${path === undefined ? "" : ` (${named(path, root)})`}${names === undefined ? "" : ` ${names.join(", ")}`}`,
  },
  changesWith: {
    title: "Changes together with",
    first: 4,
    line: ({ path, root, share }) => `${named(path, root)} (${Math.round(100 * share)} % of its commits)`,
  },
  others: {
    title: "Others of that name",
    first: 5,
    line: ({ symbol, kind, ...place }) => `${kind} ${symbol} at ${at(place)}`,
  },
};
export const LIST_NAMES = Object.keys(SECTIONS) as readonly ListName[];

/** A path that is of another folder than the rest says so. */
const named = (path: string, root: string | undefined): string => (root === undefined ? path : `${root}//${path}`);

function at({
  path,
  line,
  root,
}: {
  readonly path: string;
  readonly line: number;
  readonly root?: string | undefined;
}) {
  return `${named(path, root)}:${line}`;
}

const after = (text: string | undefined): string => (text === undefined ? "" : ` ${text}`);

/** The lists of an analysis, wherever they stand in it. */
export const listsOf = (result: Omit<AnalyzeResult, "evidence" | "tokens" | "dropped">): Lists => ({
  ...result,
  reached: result.impact.reached,
  symbols: result.definition.symbols ?? [],
});

export function linesOfList<Name extends ListName>(name: Name, items: Lists[Name]): readonly string[] {
  const { line } = SECTIONS[name] as Section<Name>;
  return (items as readonly Lists[Name][number][]).map((item) => line(item));
}
