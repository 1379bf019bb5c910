import type { DuplicatePair } from "../../src/contract/explore.ts";
import type { Scope } from "../../src/contract/kinds.ts";
import { shortCommit } from "../../src/contract/shortCommit.ts";

type Side = DuplicatePair["a"];

/** What a memory of a pair may differ in beside its text: what it is called, and how it is told. */
const FACTS: readonly (readonly [name: string, told: (side: Side) => string | undefined])[] = [
  ["kind", ({ kind }) => kind],
  ["scope", ({ scope }) => scope],
  ["branch", ({ branch }) => branch],
  ["commit", ({ commit, pending }) => (pending ? "waits for the next commit" : commit && shortCommit(commit))],
  ["agent", ({ agent }) => agent],
  ["visibility", ({ visibility }) => (visibility === "hidden" ? "hidden from here" : undefined)],
];

/** On which branch and by whom it was captured, and all else in which it differs from the other. */
export function factsOf(side: Side, other: Side, scopeWords: Readonly<Record<Scope, string>>): readonly string[] {
  const told = FACTS.map(([name, tell]) => ({ name, fact: tell(side), differs: tell(side) !== tell(other) }));
  const shown = told.filter(({ name, differs }) => differs || name === "branch" || name === "agent");
  return shown.flatMap(({ name, fact }) => (name === "scope" ? scopeWords[side.scope] : (fact ?? [])));
}

/** How alike the two are; where the texts are the same, what else tells them apart. */
export function likeness({ a, b, similarity, by }: DuplicatePair): string {
  const alike = `${Math.round(similarity * 100)} % alike${by === "meaning" ? " in meaning" : ""}`;
  if (a.content !== b.content) return alike;
  const names = FACTS.filter(([, tell]) => tell(a) !== tell(b)).map(([name]) => name);
  return `The same text${names.length === 0 ? "" : `: they differ in ${names.join(", ")}`}`;
}
