import type { IndexedChunk, IndexedFile } from "../codeIndex.ts";
import type { CodeQuestion } from "../codeQuestion.ts";
import { type FileRole, shareOfRole } from "../fileRole.ts";
import { Candidates } from "./candidates.ts";
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
  const candidates = new Candidates();
  const found = readSignals(question, sources, candidates, without);
  const totals: number[] = [];
  addUp(totals, candidates, found, weights);
  const shared = (): number[] => candidates.files.map((file, place) => (totals[place] ?? 0) * shareOf(file));
  const seeds = best(candidates, shared(), SEEDS);
  const lent = spread(
    seeds.map(({ file, score }) => [file, score] as const),
    candidates,
    (file) => (totals[candidates.placeOf(file) ?? -1] ?? UNSPOKEN) !== UNSPOKEN,
    sources,
    without,
  );
  addUp(totals, candidates, lent, weights);
  for (const [signal, scores] of lent) found.set(signal, scores);
  const whole = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  return best(candidates, shared(), options.limit, accepts).map(({ place, file, score }) => ({
    file,
    score: Math.min(1, score / whole),
    reasons: reasonsOf(place, file, found, weights),
    evidence: evidenceOf(place, found),
    chunks: found.get("passage")?.chunksOf?.(file) ?? [],
  }));
}

type Found = Map<LocateSignal, FileScores>;
type Weights = Readonly<Record<LocateSignal, number>>;

/** The total of a candidate for which only signals speak that have nothing for any file. */
const UNSPOKEN = -1;

/** By the numbers of candidates. */
function addUp(totals: number[], candidates: Candidates, found: Found, weights: Weights): void {
  while (totals.length < candidates.files.length) totals.push(UNSPOKEN);
  for (const [signal, { scores }] of found) {
    const { places, values, most } = scores;
    if (most === 0) continue;
    const weight = weights[signal];
    for (let at = 0; at < places.length; at++) {
      const place = places[at] ?? 0;
      const before = totals[place] ?? UNSPOKEN;
      totals[place] = (before === UNSPOKEN ? 0 : before) + (weight * (values[at] ?? 0)) / most;
    }
  }
}

interface Scored {
  readonly place: number;
  readonly file: IndexedFile;
  readonly score: number;
}

/** `scores` are those of all candidates, less than 0 where nothing speaks for one. Ties go to the shorter path, then by the alphabet: the same question gives the same answer. */
function best(
  { files }: Candidates,
  scores: readonly number[],
  limit: number,
  accepts?: (file: IndexedFile) => boolean,
): readonly Scored[] {
  const found: Scored[] = [];
  for (let place = 0; place < files.length; place++) {
    const file = files[place];
    const score = scores[place] ?? 0;
    if (file === undefined || score < 0) continue;
    const last = found.at(-1);
    if (last !== undefined && found.length >= limit && isBefore(last, file, score)) continue;
    if (accepts?.(file) === false) continue;
    let at = found.length;
    while (at > 0 && !isBefore(found[at - 1], file, score)) at--;
    found.splice(at, 0, { place, file, score });
    if (found.length > limit) found.pop();
  }
  return found;
}

function isBefore(one: Scored | undefined, { path }: IndexedFile, score: number): boolean {
  if (one === undefined || one.score !== score) return one !== undefined && one.score > score;
  const before = one.file.path;
  return before.length === path.length ? before < path : before.length < path.length;
}

/** Where the question writes what a file is or has. */
const NAMING: readonly LocateSignal[] = ["definition", "quoted"];

function evidenceOf(place: number, found: Found): number {
  if (NAMING.some((signal) => (found.get(signal)?.scores.of(place) ?? 0) > 0)) return 1;
  const passage = found.get("passage");
  return Math.min(1, (passage?.scores.of(place) ?? 0) / Math.max(passage?.ceiling ?? 0, Number.MIN_VALUE));
}

const MOST_REASONS = 5;

function reasonsOf(place: number, file: IndexedFile, found: Found, weights: Weights): readonly string[] {
  const told = [...found].flatMap(([signal, { scores, reasons }]) => {
    const score = reasons === undefined ? 0 : scores.of(place);
    const reason = score > 0 ? reasons?.(file) : undefined;
    return reason === undefined ? [] : [{ reason, worth: (weights[signal] * score) / scores.most }];
  });
  return [...new Set(told.sort((a, b) => b.worth - a.worth).map(({ reason }) => reason))].slice(0, MOST_REASONS);
}
