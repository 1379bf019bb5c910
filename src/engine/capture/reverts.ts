import { GitFailure, type GitRunner } from "../ports.ts";
import type { PatchPair } from "../seams.ts";
import { oneLine } from "./commitCandidates.ts";
import { readCommitMessage } from "./commitMessage.ts";
import { readRevertMessage, type RevertMessage } from "./revertMessage.ts";

/** A commit as far as it is asked whether it takes another one back. */
export interface HistoryCommit {
  /** Full id. */
  readonly id: string;
  /** Author date, milliseconds since the epoch. */
  readonly timestamp: number;
  /** `Name <mail>` */
  readonly author: string;
  readonly subject: string;
  readonly revert?: RevertMessage;
}

/** A change that was tried and taken back. */
export interface Revert {
  readonly by: HistoryCommit;
  readonly of: {
    /** Full id, or as much as the message has of one that is not among the commits. Absent: the message has its subject only. */
    readonly commit?: string;
    readonly subject?: string;
    readonly timestamp?: number;
  };
  /** `said`: the message says so. `inverse`: its patch is the exact inverse of the other's. */
  readonly how: "said" | "inverse";
  /** Ids of the commits with which the change came back, oldest first. */
  readonly backAt: readonly string[];
}

/** Twice the same change within such a time is one attempt; later it is another decision. In milliseconds. */
const LONGEST_ATTEMPT_MS = 60 * 86_400_000;
/** Of messages, in bytes: the history of a large project has some 5 MB in 5,000 commits. */
const MOST_BYTES = 64 * 1_048_576;

/** The newest `limit` commits of HEAD but merges, oldest first. An unborn HEAD has none. */
export async function readHistory(
  git: GitRunner,
  root: string,
  limit: number,
  signal?: AbortSignal,
): Promise<readonly HistoryCommit[]> {
  const options = { cwd: root, enough: MOST_BYTES, ...(signal === undefined ? {} : { signal }) };
  let listed: string;
  try {
    listed = await git.run([...LOG, `--max-count=${limit}`, "HEAD", "--"], options);
  } catch (error) {
    if (error instanceof GitFailure && error.exitCode === 128) return [];
    throw error;
  }
  return listed
    .split("\0\0")
    .flatMap((record): HistoryCommit[] => {
      const [id = "", seconds = "", author = "", message] = record.split("\0");
      if (message === undefined) return [];
      const read = readCommitMessage(message);
      const revert = readRevertMessage(read);
      const timestamp = Math.min(Math.max(Number(seconds) || 0, 0) * 1000, Date.UTC(9999, 11, 31));
      return [
        { id, timestamp, author: oneLine(author), subject: read.subject, ...(revert === undefined ? {} : { revert }) },
      ];
    })
    .reverse();
}

const LOG = [
  "log",
  "--no-merges",
  "-z",
  "--no-show-signature",
  "--no-color",
  "--encoding=UTF-8",
  "--format=tformat:%H%x00%at%x00%an <%ae>%x00%B%x00",
] as const;

/**
 * What was tried in a history, oldest commit first, and taken back. `patches` are of the newest commits. A revert that is reverted, or whose
 * change is made again by a commit with the same patch, tells in `backAt` since when it does not hold.
 */
export function findReverts(
  history: readonly HistoryCommit[],
  patches: ReadonlyMap<string, PatchPair>,
): readonly Revert[] {
  const seen = new Seen();
  /** By the id of the commit that took something back. */
  const reverts = new Map<string, { readonly revert: Revert; readonly backAt: string[]; readonly patch?: string }>();
  /** By the id of a commit that brought a change back: the revert that it undid. */
  const broughtBack = new Map<string, Revert>();
  const bringBack = (by: HistoryCommit, key: string): void => {
    const known = reverts.get(key);
    if (known === undefined) return;
    known.backAt.push(by.id);
    broughtBack.set(by.id, known.revert);
  };
  for (const commit of history) {
    const pair = patches.get(commit.id);
    const found = takenBackBy(commit, pair, seen);
    if (found !== undefined) {
      const { target, how } = found;
      if (target.commit !== undefined && reverts.has(target.commit)) bringBack(commit, target.commit);
      else if (commit.revert?.what === "again") {
        const key = seen.revertOf(target);
        if (key !== undefined) bringBack(commit, key);
      } else {
        // To take back what brought a change back is to take back that change.
        const of = broughtBack.get(target.commit ?? "")?.of ?? target;
        const backAt: string[] = [];
        const patch = of.commit === undefined ? undefined : patches.get(of.commit)?.id;
        reverts.set(commit.id, {
          revert: { by: commit, of, how, backAt },
          backAt,
          ...(patch === undefined ? {} : { patch }),
        });
        seen.reverted(of, commit.id);
      }
    } else if (pair !== undefined) {
      for (const [key, { patch, backAt }] of reverts)
        if (patch === pair.id && backAt.length === 0) bringBack(commit, key);
    }
    seen.add(commit, pair);
  }
  return [...reverts.values()].map(({ revert }) => revert);
}

function takenBackBy(
  commit: HistoryCommit,
  pair: PatchPair | undefined,
  seen: Seen,
): { readonly target: Revert["of"]; readonly how: Revert["how"] } | undefined {
  const { revert } = commit;
  if (revert !== undefined) {
    const known = seen.named(revert);
    const [id] = revert.ids;
    const named = {
      ...(id === undefined ? {} : { commit: id }),
      ...(revert.subject === undefined ? {} : { subject: revert.subject }),
    };
    return { target: known === undefined ? named : asTarget(known), how: "said" };
  }
  const other = pair === undefined ? undefined : seen.withPatch(pair.reverse);
  if (other === undefined || commit.timestamp - other.timestamp > LONGEST_ATTEMPT_MS) return undefined;
  // Where only white space changes a patch is its own inverse.
  return pair?.id === pair?.reverse ? undefined : { target: asTarget(other), how: "inverse" };
}

const asTarget = ({ id, subject, timestamp }: HistoryCommit): Revert["of"] => ({ commit: id, subject, timestamp });

/** Commits by what later ones may call them. */
class Seen {
  readonly #byPrefix = new Map<string, HistoryCommit[]>();
  readonly #bySubject = new Map<string, HistoryCommit>();
  readonly #byPatch = new Map<string, HistoryCommit>();
  /** By the id and by the subject of what was taken back, the commit that did it last. */
  readonly #reverted = new Map<string, string>();

  add(commit: HistoryCommit, pair: PatchPair | undefined): void {
    const prefix = commit.id.slice(0, 7);
    this.#byPrefix.set(prefix, [...(this.#byPrefix.get(prefix) ?? []), commit]);
    this.#bySubject.set(plainSubject(commit.subject), commit);
    if (pair !== undefined) this.#byPatch.set(pair.id, commit);
  }

  /** The commit that a message means: by an id, else the newest before it with the quoted subject. */
  named({ ids, subject }: RevertMessage): HistoryCommit | undefined {
    for (const id of ids) {
      const found = this.#byPrefix.get(id.slice(0, 7))?.find((commit) => commit.id.startsWith(id));
      if (found !== undefined) return found;
    }
    return subject === undefined ? undefined : this.#bySubject.get(plainSubject(subject));
  }

  withPatch(id: string): HistoryCommit | undefined {
    return this.#byPatch.get(id);
  }

  reverted({ commit, subject }: Revert["of"], by: string): void {
    if (commit !== undefined) this.#reverted.set(commit, by);
    if (subject !== undefined) this.#reverted.set(plainSubject(subject), by);
  }

  revertOf({ commit, subject }: Revert["of"]): string | undefined {
    return this.#reverted.get(commit ?? "") ?? this.#reverted.get(plainSubject(subject ?? ""));
  }
}

/** Hosts add the number of the pull request, and cut a long subject. */
const plainSubject = (subject: string): string =>
  subject
    .replace(/(?: \(#\d+\))+$/u, "")
    .replace(/…$/u, "")
    .trim();
