import type { TextIndex } from "../../seams.ts";

/** A commit as far as it says something of files. */
export interface HistoryCommit {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly author: string;
  readonly subject: string;
  readonly paths: readonly string[];
}

/** A commit that changes more files says little of any of them. */
const MOST_PATHS = 15;
/** Half of what a change of a file says is gone after so many commits of the repository. */
const FREQUENCY_COMMITS = 300;
const RECENCY_COMMITS = 50;
/** Commits with a message like the question that are looked at. */
const MOST_MESSAGES = 40;

/** What the newest commits say of files: what was said of changes to them, how often and how lately they change, and what changes with them. */
export class CodeHistory {
  /** Newest first. */
  readonly commits: readonly HistoryCommit[];
  readonly #messages: TextIndex;
  readonly #commitsOf = new Map<string, number[]>();
  /** Of the paths that somebody asked for. */
  readonly #frequencies = new Map<string, number>();

  constructor(commits: readonly HistoryCommit[], messages: TextIndex) {
    this.commits = commits;
    this.#messages = messages;
    for (const [at, { subject, paths }] of commits.entries()) {
      if (paths.length <= MOST_PATHS) messages.add(at, { title: "", body: subject, tags: [], anchors: [], parts: [] });
      for (const path of paths) {
        const known = this.#commitsOf.get(path);
        if (known === undefined) this.#commitsOf.set(path, [at]);
        else known.push(at);
      }
    }
  }

  /** Commits that changed a path, newest first. */
  of(path: string): readonly HistoryCommit[] {
    return (this.#commitsOf.get(path) ?? []).flatMap((at) => this.commits[at] ?? []);
  }

  /** 1 for what the newest commit changed, a half after so many commits, 0 for what none of them did. */
  recencyOf(path: string): number {
    const newest = this.#commitsOf.get(path)?.[0];
    return newest === undefined ? 0 : 1 / (1 + newest / RECENCY_COMMITS);
  }

  /** How often it was changed, what is long ago counted less. */
  frequencyOf(path: string): number {
    const known = this.#frequencies.get(path);
    if (known !== undefined) return known;
    const frequency = (this.#commitsOf.get(path) ?? []).reduce((sum, at) => sum + Math.exp(-at / FREQUENCY_COMMITS), 0);
    this.#frequencies.set(path, frequency);
    return frequency;
  }

  /** Paths that commits with such words changed: the sum over those commits, the most of one, and which one that was. */
  changedBy(
    words: string,
  ): ReadonlyMap<string, { readonly sum: number; readonly most: number; readonly commit: HistoryCommit }> {
    const found = new Map<string, { sum: number; most: number; commit: HistoryCommit }>();
    for (const { row, score } of this.#messages.search(words, { limit: MOST_MESSAGES }).hits) {
      const commit = this.commits[row];
      if (commit === undefined) continue;
      const share = score / Math.sqrt(commit.paths.length);
      for (const path of commit.paths) {
        const known = found.get(path);
        if (known === undefined) found.set(path, { sum: share, most: share, commit });
        else {
          known.sum += share;
          if (share > known.most) Object.assign(known, { most: share, commit });
        }
      }
    }
    return found;
  }

  /** Shares, 0..1, of the commits of a path that changed others as well; those of many files count less. */
  changedWith(path: string): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    let commits = 2;
    for (const { paths } of this.of(path)) {
      if (paths.length > MOST_PATHS || paths.length < 2) continue;
      commits++;
      for (const other of paths)
        if (other !== path) counts.set(other, (counts.get(other) ?? 0) + 1 / (paths.length - 1));
    }
    return new Map([...counts].map(([other, count]) => [other, count / commits]));
  }
}
