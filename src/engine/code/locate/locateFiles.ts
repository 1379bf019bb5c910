import type { IndexedChunk, IndexedFile } from "../codeIndex.ts";
import type { CodeQuestion } from "../codeQuestion.ts";
import { type FileRole, shareOfRole } from "../fileRole.ts";
import { type CodeSources, type FileScores, type LocateSignal, readSignals, spread } from "./signals.ts";

/**
 * What each signal is worth, each as a share of the most that any file has of it. Chosen on the even questions of gitloc-dev and reported on the odd
 * ones, see docs/locate.md.
 */
export const WEIGHTS: Readonly<Record<LocateSignal, number>> = {
  passage: 1,
  passages: 0.25,
  path: 1,
  meaning: 0.6,
  messages: 0.4,
  message: 0.15,
  recency: 0.3,
  frequency: 0.2,
  definition: 0.6,
  quoted: 0.5,
  memories: 0.3,
  together: 0.3,
  imports: 0.15,
};
/** So many of the best files lend to those that they import, that import them, and that change with them. */
const SEEDS = 3;

export interface LocateOptions {
  readonly limit: number;
  readonly accepts?: (file: IndexedFile) => boolean;
  /** Signals that are left out. */
  readonly without?: ReadonlySet<LocateSignal | "roles">;
  /** Instead of `WEIGHTS`. */
  readonly weights?: Readonly<Record<LocateSignal, number>>;
  /** Roles whose files keep their score. */
  readonly spares?: readonly FileRole[];
}

export interface LocatedFile {
  readonly file: IndexedFile;
  /** 0..1: a share of what a file would have that is the best by every signal. */
  readonly score: number;
  readonly reasons: readonly string[];
  /** 0..1: how much of what the words are worth its best chunk holds; 1 where the question names the file or what it defines. */
  readonly evidence: number;
  /** Its best chunks, best first. */
  readonly chunks: readonly IndexedChunk[];
}

/** The files that a question is about, best first, each with why. */
export function locateFiles(
  question: CodeQuestion,
  sources: CodeSources,
  options: LocateOptions,
): readonly LocatedFile[] {
  const { accepts, without = new Set(), weights = WEIGHTS, spares = [] } = options;
  const shares = new Map<FileRole, number>();
  const shareOf = ({ role }: IndexedFile): number => {
    const known = shares.get(role);
    if (known !== undefined) return known;
    const share = without.has("roles") || spares.includes(role) ? 1 : shareOfRole(role, question.text);
    shares.set(role, share);
    return share;
  };
  const found = readSignals(question, sources, without);
  const totals = new Map<IndexedFile, number>();
  addUp(totals, found, weights);
  const shared = (file: IndexedFile, total: number): number => total * shareOf(file);
  const seeds = best(totals, shared, SEEDS);
  const lent = spread(seeds, totals, sources, without);
  addUp(totals, lent, weights);
  for (const [signal, scores] of lent) found.set(signal, scores);
  const whole = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const accepted = accepts === undefined ? totals : new Map([...totals].filter(([file]) => accepts(file)));
  return best(accepted, shared, options.limit).map(([file, score]) => ({
    file,
    score: Math.min(1, score / whole),
    reasons: reasonsOf(file, found, weights),
    evidence: evidenceOf(file, found),
    chunks: found.get("passage")?.chunksOf?.(file) ?? [],
  }));
}

type Found = Map<LocateSignal, FileScores>;
type Weights = Readonly<Record<LocateSignal, number>>;

function addUp(totals: Map<IndexedFile, number>, found: Found, weights: Weights): void {
  for (const [signal, { scores, most }] of found) {
    if (most === 0) continue;
    for (const [file, score] of scores) totals.set(file, (totals.get(file) ?? 0) + (weights[signal] * score) / most);
  }
}

type Scored = readonly [IndexedFile, number];

/** Ties go to the shorter path, then by the alphabet: the same question gives the same answer. */
function best(
  totals: ReadonlyMap<IndexedFile, number>,
  shared: (file: IndexedFile, total: number) => number,
  limit: number,
): readonly Scored[] {
  const found: Scored[] = [];
  for (const [file, total] of totals) {
    const one: Scored = [file, shared(file, total)];
    const last = found.at(-1);
    if (last !== undefined && found.length >= limit && isBefore(last, one)) continue;
    let at = found.length;
    for (let before = found[at - 1]; before !== undefined && isBefore(one, before); before = found[at - 1]) at--;
    found.splice(at, 0, one);
    if (found.length > limit) found.pop();
  }
  return found;
}

function isBefore([a, x]: Scored, [b, y]: Scored): boolean {
  if (x !== y) return x > y;
  return a.path.length === b.path.length ? a.path < b.path : a.path.length < b.path.length;
}

function evidenceOf(file: IndexedFile, found: Found): number {
  if ((found.get("definition")?.scores.get(file) ?? found.get("quoted")?.scores.get(file) ?? 0) > 0) return 1;
  const passage = found.get("passage");
  return Math.min(1, (passage?.scores.get(file) ?? 0) / Math.max(passage?.ceiling ?? 0, Number.MIN_VALUE));
}

const MOST_REASONS = 5;

function reasonsOf(file: IndexedFile, found: Found, weights: Weights): readonly string[] {
  const told = [...found].flatMap(([signal, { scores, most, reasons }]) => {
    const score = scores.get(file) ?? 0;
    const reason = score > 0 ? reasons?.(file) : undefined;
    return reason === undefined ? [] : [{ reason, worth: (weights[signal] * score) / most }];
  });
  return [...new Set(told.sort((a, b) => b.worth - a.worth).map(({ reason }) => reason))].slice(0, MOST_REASONS);
}
