import type { AnalyzeResult } from "../../src/contract/analyze.ts";

/** Something that the symbol in the middle has to do with. */
export interface GraphNode {
  /** As `analyze` understands it: a path, or a path and a symbol. */
  readonly target: string;
  readonly label: string;
  readonly path: string;
  readonly line: number;
  readonly tie: "call" | "test" | "inheritance" | "import";
  /** False where only the name says so, or it is reached through others. */
  readonly isSure: boolean;
  /** How it is known, in words. */
  readonly why: string;
}

export interface GraphModel {
  /** What depends on it: callers, tests, and what inherits from it. */
  readonly left: readonly GraphNode[];
  /** What it depends on: what it calls, and what it inherits from. */
  readonly right: readonly GraphNode[];
}

type How = AnalyzeResult["tests"][number]["how"];
const HOW: Readonly<Record<How, string>> = {
  "same-file": "in the same file",
  imported: "imported by name",
  package: "of the same package",
  receiver: "by the type that it is called on",
  "only-definition": "the only one of that name",
  "by-name": "only the name says so",
  "named-after": "a file of tests that is named after it",
};

/** What stands on either side of a symbol, or of a file, each thing once; inheritance first, tests last. */
export function graphModel(result: AnalyzeResult): GraphModel {
  const tests = result.tests.map(({ name, distance, how, ...place }): GraphNode => ({
    ...placed(place, name),
    tie: "test",
    isSure: distance === 1 && how !== "by-name" && how !== "named-after",
    why: distance === 1 ? HOW[how] : `through ${distance - 1} ${distance === 2 ? "other" : "others"}`,
  }));
  const isFile = result.definition.kind === "file";
  const callers = result.callers.map(({ symbol, how, times = 1, through, ...place }): GraphNode => ({
    ...placed(place, symbol),
    tie: isFile ? "import" : "call",
    isSure: how !== "by-name",
    why: [HOW[how], times > 1 ? `${times} times` : "", through === undefined ? "" : `as ${through}`]
      .filter((part) => part !== "")
      .join(", "),
  }));
  const callees = result.callees.map(({ symbol, how, ...place }): GraphNode => ({
    ...placed(place, symbol),
    tie: "call",
    isSure: how !== "by-name",
    why: HOW[how],
  }));
  // A test that calls it is a test, not a caller too.
  const known = new Set(tests.map(({ target }) => target));
  return {
    left: once([
      ...result.derived.map(inheriting("inherits from it")),
      ...callers.filter(({ target }) => !known.has(target)),
      ...tests,
    ]),
    right: once([...result.bases.map(inheriting("is inherited from")), ...callees]),
  };
}

const inheriting =
  (why: string) =>
  ({ symbol, ...place }: AnalyzeResult["bases"][number]): GraphNode => ({
    ...placed(place, symbol),
    tie: "inheritance",
    isSure: true,
    why,
  });

/** What is in another folder is asked for by that folder's name. */
function placed(
  { path, line, root }: { readonly path: string; readonly line: number; readonly root?: string | undefined },
  symbol: string | undefined,
): Pick<GraphNode, "target" | "label" | "path" | "line"> {
  const file = path.slice(path.lastIndexOf("/") + 1);
  const place = root === undefined ? path : `${root}//${path}`;
  return { target: symbol === undefined ? place : `${place}#${symbol}`, label: symbol ?? file, path, line };
}

/** The surer of two that are the same. */
function once(nodes: readonly GraphNode[]): readonly GraphNode[] {
  const found = new Map<string, GraphNode>();
  for (const node of nodes) {
    const known = found.get(node.target);
    if (known === undefined || (!known.isSure && node.isSure)) found.set(node.target, node);
  }
  return [...found.values()];
}
