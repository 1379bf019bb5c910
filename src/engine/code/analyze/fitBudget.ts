import type { AnalyzeResult } from "../../../contract/analyze.ts";
import { linesOf } from "../lines.ts";
import { linesOfList, LIST_NAMES, type ListName, listsOf, SECTIONS } from "./reportSections.ts";

export type Whole = Omit<AnalyzeResult, "root" | "evidence" | "tokens" | "dropped" | "pending" | "paused" | "missing">;
type Counts = Record<ListName, number>;

/** Of what is left after the first of every list, so much may be its code. */
const TEXT_SHARE = 0.6;

/**
 * Keeps of an analysis what a budget of tokens allows: first what it is, then the first of every list, then its code, then the rest of the lists in
 * their order. What is left out is told, with why.
 */
export function fitBudget(whole: Whole, budget: number, count: (text: string) => number): AnalyzeResult {
  const lists = listsOf(whole);
  const costs = new Map(
    LIST_NAMES.map((name) => [name, linesOfList(name, lists[name]).map((line) => count(line) + 2)] as const),
  );
  const { signature = "", doc = "", text } = whole.definition;
  let left = budget - count(`${whole.target} ${signature} ${doc}`);
  const kept = Object.fromEntries(LIST_NAMES.map((name) => [name, 0])) as Counts;
  const take = (name: ListName, most: number): void => {
    const of = costs.get(name) ?? [];
    while (kept[name] < Math.min(most, of.length)) {
      const cost = of[kept[name]] ?? 0;
      if (cost > left) return;
      left -= cost;
      kept[name] += 1;
    }
  };
  for (const name of LIST_NAMES) take(name, SECTIONS[name].first);
  const shown = text === undefined ? undefined : firstLines(text, left * TEXT_SHARE, count);
  left -= shown?.tokens ?? 0;
  for (const name of LIST_NAMES) take(name, Infinity);
  const dropped = LIST_NAMES.flatMap((name) => {
    const missing = lists[name].length - kept[name];
    return missing === 0
      ? []
      : [{ what: SECTIONS[name].title, count: missing, why: `the budget of ${budget} tokens was spent` }];
  });
  const cut = shown !== undefined && shown.missing > 0;
  const fitted = keepFirst(whole, kept, shown?.text);
  return {
    ...fitted,
    evidence: evidenceOf(fitted),
    tokens: budget - left,
    dropped: cut
      ? [
          { what: "lines of its code", count: shown.missing, why: `the budget of ${budget} tokens was spent` },
          ...dropped,
        ]
      : dropped,
  };
}

function firstLines(
  text: string,
  budget: number,
  count: (text: string) => number,
): { readonly text: string | undefined; readonly tokens: number; readonly missing: number } {
  const lines = linesOf(text);
  let tokens = 0;
  let shown = 0;
  for (const line of lines) {
    const cost = count(line) + 1;
    if (tokens + cost > budget) break;
    tokens += cost;
    shown += 1;
  }
  return {
    text: shown === 0 ? undefined : lines.slice(0, shown).join("\n"),
    tokens,
    missing: lines.length - shown,
  };
}

function keepFirst(whole: Whole, kept: Counts, text: string | undefined): Whole {
  const { text: _whole, symbols, ...definition } = whole.definition;
  return {
    ...whole,
    definition: {
      ...definition,
      ...(text === undefined ? {} : { text }),
      ...(symbols === undefined ? {} : { symbols: symbols.slice(0, kept.symbols) }),
    },
    others: whole.others.slice(0, kept.others),
    callers: whole.callers.slice(0, kept.callers),
    callees: whole.callees.slice(0, kept.callees),
    imports: whole.imports.slice(0, kept.imports),
    references: whole.references.slice(0, kept.references),
    bases: whole.bases.slice(0, kept.bases),
    derived: whole.derived.slice(0, kept.derived),
    tests: whole.tests.slice(0, kept.tests),
    impact: { ...whole.impact, reached: whole.impact.reached.slice(0, kept.reached) },
    routes: whole.routes.slice(0, kept.routes),
    configuration: whole.configuration.slice(0, kept.configuration),
    memories: whole.memories.slice(0, kept.memories),
    history: whole.history.slice(0, kept.history),
    changesWith: whole.changesWith.slice(0, kept.changesWith),
  };
}

/** Where each statement can be checked, each place once. */
function evidenceOf(told: Whole): AnalyzeResult["evidence"] {
  const { definition } = told;
  const all = [
    { path: definition.path, line: definition.startLine, of: "definition" },
    ...told.callers.map(({ path, line }) => ({ path, line, of: "caller" })),
    ...told.callees.map(({ at }) => ({ path: definition.path, line: at, of: "call" })),
    ...told.callees.map(({ path, line }) => ({ path, line, of: "callee" })),
    ...told.tests.map(({ path, line }) => ({ path, line, of: "test" })),
    ...told.bases.map(({ path, line }) => ({ path, line, of: "base" })),
    ...told.derived.map(({ path, line }) => ({ path, line, of: "derived" })),
    ...told.references.map(({ path, line }) => ({ path, line, of: "reference" })),
    ...told.routes.map(({ path, line }) => ({ path, line, of: "route" })),
    ...told.configuration.map(({ path, line }) => ({ path, line, of: "configuration" })),
    ...told.imports.map(({ line }) => ({ path: definition.path, line, of: "import" })),
    ...told.impact.reached.map(({ path, line }) => ({ path, line, of: "reached" })),
  ];
  const seen = new Set<string>();
  return all.filter(({ path, line }) => {
    const key = `${path}:${line}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
