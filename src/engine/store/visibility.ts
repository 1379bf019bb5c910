import type { Memory, Provenance } from "../../contract/memory.ts";
import { shortCommit } from "../../contract/shortCommit.ts";
import type { LineageView } from "../seams.ts";

/** Where a memory is seen. Many memories share one rule, so a view decides on rules, not on memories. */
export type VisibilityRule =
  | readonly ["always"]
  | readonly ["session", string | null]
  | readonly ["commit", string]
  /** Waits for a commit from this HEAD: worktree, branch, commit; null as `undefined` in a provenance. */
  | readonly ["pending", string | null, string | null, string | null]
  | readonly ["any", ...VisibilityRule[]]
  /** As the rule says, but not where one of these commits is inherited. */
  | readonly ["unless", readonly string[], VisibilityRule]
  /** As the last rule says, but not where the first one shows what stands in its place and this commit, if there is one, is inherited. */
  | readonly ["superseded", VisibilityRule, string | null, VisibilityRule];

/** The rule of a memory as canonical text. */
export function visibilityText(memory: Memory): string {
  let rule = originText(memory);
  for (const { is, where, since } of memory.relations ?? [])
    if (is === "superseded-by" && where !== undefined)
      rule = `["superseded",${where},${JSON.stringify(since ?? null)},${rule}]`;
  return rule;
}

/** The same whatever stands in its place. */
export function originText(memory: Memory): string {
  if (memory.scope === "session") return JSON.stringify(["session", memory.sessionId ?? null]);
  if (memory.scope !== "lineage") return ALWAYS;
  const replaced = [...replacedAt(memory), ...backAt(memory)];
  const rule = originsText(memory);
  return replaced.length === 0 ? rule : `["unless",${JSON.stringify(replaced)},${rule}]`;
}

function originsText(memory: Memory): string {
  const first = provenanceRule(memory.provenance);
  if (memory.mergedFrom.length === 0) return first;
  const rules = new Set([first, ...memory.mergedFrom.map(provenanceRule)]);
  if (rules.has(ALWAYS)) return ALWAYS;
  return rules.size === 1 ? first : `["any",${[...rules].sort().join(",")}]`;
}

/** The commits from which on another memory holds a section of a document, mostly with another text. */
export const replacedAt = ({ metadata }: Pick<Memory, "metadata">): readonly string[] =>
  commitsIn(metadata["document"], "replacedAt");

/** The commits with which a change came back that the memory says was taken back. */
export const backAt = ({ metadata }: Pick<Memory, "metadata">): readonly string[] =>
  commitsIn(metadata["reverted"], "backAt");

function commitsIn(mark: unknown, name: string): readonly string[] {
  if (typeof mark !== "object" || mark === null || Array.isArray(mark)) return [];
  const commits = (mark as Readonly<Record<string, unknown>>)[name];
  return Array.isArray(commits) ? commits.filter((commit) => typeof commit === "string") : [];
}

/** The rule that one provenance gives a lineage memory, as canonical text. */
export function provenanceRule(provenance: Provenance): string {
  const { worktree, branch, commit } = provenance;
  if (provenance.pending) return JSON.stringify(["pending", worktree ?? null, branch ?? null, commit ?? null]);
  return commit === undefined ? ALWAYS : JSON.stringify(["commit", commit]);
}

const ALWAYS = '["always"]';

/** Reads what `visibilityText` wrote. */
export const parseRule = (text: string): VisibilityRule => JSON.parse(text) as VisibilityRule;

export function isShown(rule: VisibilityRule, view: LineageView): boolean {
  switch (rule[0]) {
    case "always":
      return true;
    case "session":
      return rule[1] !== null && view.sessionId === rule[1];
    case "commit":
      return view.visibleCommits.has(rule[1]);
    case "pending":
      return (
        (view.worktree ?? null) === rule[1] && (view.branch ?? null) === rule[2] && (view.head ?? null) === rule[3]
      );
    case "any": {
      const [, ...rules] = rule;
      return rules.some((inner) => isShown(inner, view));
    }
    case "superseded": {
      const [, other, since, inner] = rule;
      return isShown(inner, view) && !(isShown(other, view) && (since === null || view.visibleCommits.has(since)));
    }
    case "unless":
      return !rule[1].some((commit) => view.visibleCommits.has(commit)) && isShown(rule[2], view);
  }
}

/** The commits that a rule asks a view about. */
export function commitsOf(rule: VisibilityRule): readonly string[] {
  if (rule[0] === "commit") return [rule[1]];
  if (rule[0] === "unless") return [...rule[1], ...commitsOf(rule[2])];
  if (rule[0] === "superseded") {
    const [, other, since, inner] = rule;
    return [...commitsOf(other), ...(since === null ? [] : [since]), ...commitsOf(inner)];
  }
  if (rule[0] !== "any") return [];
  const [, ...rules] = rule;
  return rules.flatMap(commitsOf);
}

/** Whether something in a rule waits for a commit. */
export const waits = (rule: VisibilityRule): boolean =>
  rule[0] === "pending" ||
  (rule[0] === "unless" && waits(rule[2])) ||
  (rule[0] === "superseded" && waits(rule[3])) ||
  (rule[0] === "any" && rule.some((inner) => typeof inner !== "string" && waits(inner)));

/** Why a living memory is hidden in a view, for a person; undefined when it is not. */
export function whyHidden(memory: Memory, view: LineageView): string | undefined {
  if (isShown(parseRule(visibilityText(memory)), view)) return undefined;
  if (isShown(parseRule(originText(memory)), view)) {
    const by = memory.relations?.find(({ where, since }) => isReplacing(where, since, view));
    return by?.since === undefined
      ? `superseded by ${by?.id}`
      : `superseded by ${by.id}, as was said at ${named(by.since)}`;
  }
  if (memory.scope === "session") return "belongs to another session";
  const replaced = replacedAt(memory).find((at) => view.visibleCommits.has(at));
  if (replaced !== undefined) return `another memory holds this part of its document since ${named(replaced)}`;
  const back = backAt(memory).find((at) => view.visibleCommits.has(at));
  if (back !== undefined) return `the change that it says was taken back came back with ${named(back)}`;
  const { branch, commit, pending, worktree } = memory.provenance;
  if (pending) {
    const place = branch === undefined ? `the detached HEAD ${named(commit)}` : `branch ${branch}`;
    return `waits for a commit on ${place}${worktree === view.worktree ? "" : " in another worktree"}`;
  }
  return `learned ${branch === undefined ? "" : `on branch ${branch} `}at ${named(commit)}, which this HEAD does not inherit`;
}

const isReplacing = (where: string | undefined, since: string | undefined, view: LineageView): boolean =>
  where !== undefined && isShown(parseRule(where), view) && (since === undefined || view.visibleCommits.has(since));

const named = (commit: string | undefined): string => (commit === undefined ? "no commit" : shortCommit(commit));
