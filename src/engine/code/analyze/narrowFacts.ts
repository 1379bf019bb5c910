import type { Accepts } from "../codeAnswers.ts";
import type { CodeIndex } from "../codeIndex.ts";
import type { Facts } from "./analyzeTarget.ts";

/** What has to do with a target in the files that are wanted, and how many places are left out. How many places a change reaches stays what it is. */
export function narrowFacts(
  facts: Facts,
  index: CodeIndex,
  accepts: Accepts | undefined,
): { readonly facts: Facts; readonly outside: number } {
  if (accepts === undefined) return { facts, outside: 0 };
  let outside = 0;
  const keep = <Place extends { readonly path: string }>(places: readonly Place[]): Place[] => {
    const kept = places.filter(({ path }) => accepts(index.fileAt(path) ?? { path, language: undefined }));
    outside += places.length - kept.length;
    return kept;
  };
  const narrowed = {
    ...facts,
    others: keep(facts.others),
    callers: keep(facts.callers),
    callees: keep(facts.callees),
    references: keep(facts.references),
    bases: keep(facts.bases),
    derived: keep(facts.derived),
    tests: keep(facts.tests),
    impact: { ...facts.impact, reached: keep(facts.impact.reached) },
    changesWith: keep(facts.changesWith),
  };
  return { facts: narrowed, outside };
}
