/** The closed list of kinds: what sort of thing a memory is. */
export const KINDS = [
  "decision",
  "rule",
  "gotcha",
  "fact",
  "preference",
  "plan",
  "insight",
  "pattern",
  "task",
  "event",
  "note",
] as const;
export type Kind = (typeof KINDS)[number];

/** Kinds that bind an agent or trip it up, as opposed to what merely happened. */
export const LASTING_KINDS: readonly Kind[] = ["rule", "gotcha", "decision", "preference"];

/** Where a memory is seen: every repository, every branch, where its commit is inherited, one session. */
export const SCOPES = ["user", "repo", "lineage", "session"] as const;
export type Scope = (typeof SCOPES)[number];

/** Kinds of other memory systems and what they are called here. The original is kept in `metadata.originalKind`. */
const KIND_ALIASES: Readonly<Record<string, Kind>> = {
  "name-alias": "fact",
  alias: "fact",
  definition: "fact",
  reference: "fact",
  knowledge: "fact",
  document: "fact",
  documentation: "fact",
  entity: "fact",
  relation: "fact",
  assumption: "fact",
  exemplar: "pattern",
  example: "pattern",
  snippet: "pattern",
  convention: "rule",
  guideline: "rule",
  constraint: "rule",
  policy: "rule",
  instruction: "rule",
  observation: "insight",
  learning: "insight",
  lesson: "insight",
  summary: "insight",
  todo: "task",
  issue: "task",
  runbook: "plan",
  procedure: "plan",
  workflow: "plan",
  incident: "gotcha",
  risk: "gotcha",
  warning: "gotcha",
  pitfall: "gotcha",
  bug: "gotcha",
  error: "gotcha",
  "failed-attempt": "gotcha",
  "dead-end": "gotcha",
  revert: "gotcha",
  regression: "gotcha",
  adr: "decision",
  choice: "decision",
  conversation: "event",
  message: "event",
  commit: "event",
  change: "event",
  log: "event",
};

/** Maps a kind or an alias of it, in any case and with spaces or underscores, to ours; undefined when it is neither. */
export function resolveKind(name: string): { readonly kind: Kind; readonly original?: string } | undefined {
  const key = name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/gu, "-");
  const own = KINDS.find((kind) => kind === key);
  if (own !== undefined) return { kind: own };
  const alias = Object.hasOwn(KIND_ALIASES, key) ? KIND_ALIASES[key] : undefined;
  return alias === undefined ? undefined : { kind: alias, original: name };
}

/** Every name that `resolveKind` understands, for error texts and docs. */
export const KIND_NAMES: readonly string[] = [...KINDS, ...Object.keys(KIND_ALIASES)];
