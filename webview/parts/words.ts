import type { Freshness, MemoryRow } from "../../src/contract/explore.ts";
import { grouped } from "../../src/contract/grouped.ts";
import type { Kind, Scope } from "../../src/contract/kinds.ts";
import type { IconName } from "./elements.tsx";

export const KIND_ICONS: Readonly<Record<Kind, IconName>> = {
  decision: "law",
  rule: "book",
  gotcha: "warning",
  fact: "info",
  preference: "heart",
  plan: "list-ordered",
  insight: "lightbulb",
  pattern: "symbol-structure",
  task: "tasklist",
  event: "history",
  note: "note",
};

/** What a kind says of a memory, for who does not know the word. */
export const KIND_WORDS: Readonly<Record<Kind, string>> = {
  decision: "What was chosen, and why",
  rule: "What has to be kept to",
  gotcha: "A trap: what surprises or breaks",
  fact: "How something is",
  preference: "How somebody likes it done",
  plan: "What is going to be done",
  insight: "What was learned",
  pattern: "How something is done here",
  task: "What is left to do",
  event: "What happened",
  note: "Anything else worth keeping",
};

export const SCOPE_WORDS: Readonly<Record<Scope, string>> = {
  user: "every repository",
  repo: "every branch",
  lineage: "where its commit is inherited",
  session: "one session",
};

export const FRESHNESS_WORDS: Readonly<Record<Freshness, string>> = {
  fresh: "the code is as it was",
  drifted: "the code has changed since",
  orphaned: "the code is gone",
  unanchored: "speaks of no code",
  unchecked: "not compared with the code yet",
};

export const FRESHNESS_ICONS: Readonly<Partial<Record<Freshness, IconName>>> = {
  drifted: "diff",
  orphaned: "debug-disconnect",
};

/** What a screen reader says of a row beside its title and text. */
export function rowStates(row: MemoryRow): readonly string[] {
  return [
    row.kind,
    ...(row.pinned ? ["pinned"] : []),
    ...(row.visibility === "hidden" ? ["hidden from here"] : []),
    ...(row.pending ? ["waits for the next commit"] : []),
    ...(row.freshness === "drifted" || row.freshness === "orphaned"
      ? [row.freshnessReason ?? FRESHNESS_WORDS[row.freshness]]
      : []),
  ];
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_557_600_000],
  ["month", 2_629_800_000],
  ["week", 604_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];
// Made when they are first needed: together they take 37 ms, which the first list would wait for.
let relative: Intl.RelativeTimeFormat | undefined;
let absolute: Intl.DateTimeFormat | undefined;

/** "3 days ago", of milliseconds since the epoch. */
export function ago(at: number, now = Date.now()): string {
  for (const [unit, size] of UNITS) {
    if (Math.abs(now - at) < size) continue;
    relative ??= new Intl.RelativeTimeFormat("en", { numeric: "auto" });
    return relative.format(-Math.trunc((now - at) / size), unit);
  }
  return "just now";
}

/** "3d", for a narrow column. */
export function shortAgo(at: number, now = Date.now()): string {
  for (const [unit, size] of UNITS) {
    if (now - at >= size) return `${Math.trunc((now - at) / size)}${unit === "month" ? "mo" : (unit[0] ?? "")}`;
  }
  return "now";
}

export function dateTime(at: number): string {
  absolute ??= new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
  return absolute.format(at);
}

export function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  if (size < 1_048_576) return `${(size / 1024).toFixed(0)} KB`;
  if (size < 1_073_741_824) return `${(size / 1_048_576).toFixed(1)} MB`;
  return `${(size / 1_073_741_824).toFixed(1)} GB`;
}
