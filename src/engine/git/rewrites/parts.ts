import type { Candidate } from "./candidates.ts";
import type { Patch } from "./patches.ts";

/** Commits of HEAD that together add the lines of one that was lost. */
export interface Parts {
  /** The first commit of HEAD that inherits all of them. */
  readonly to: string;
  /** A commit that inherits none of them; absent where history begins with one. */
  readonly base?: string;
  readonly commits: readonly string[];
  /** Of the lines, those that they add; 0..1 */
  readonly share: number;
}

/** A commit that was made of more is not known by them. */
const MOST_PARTS = 16;
/** Commits, the oldest, that are kept of those which add one line. */
const MOST_ADDERS = 50;

/** For the added lines of a lost commit: the fewest commits of HEAD, more or less, that add most of them. Undefined where one alone does. */
export function partsFinder(
  sketches: readonly (readonly number[])[],
  candidates: readonly Candidate[],
  made: ReadonlyMap<string, Patch>,
): (lines: readonly number[], fewest: number) => Parts | undefined {
  const adders = addersOf(sketches, candidates, made);
  return (lines, fewest) => {
    const known = lines.filter((line) => (adders.get(line)?.length ?? 0) > 0).length;
    if (lines.length === 0 || known / lines.length < fewest) return undefined;
    const { commits, share } = gather(lines, adders);
    if (commits.length < 2 || share < fewest) return undefined;
    const held = firstHolding(candidates, commits);
    return held === undefined ? undefined : { ...held, commits, share };
  };
}

/** By line the commits that add it, oldest first. */
function addersOf(
  sketches: readonly (readonly number[])[],
  candidates: readonly Candidate[],
  made: ReadonlyMap<string, Patch>,
): ReadonlyMap<number, readonly string[]> {
  const adders = new Map<number, string[]>(sketches.flat().map((line) => [line, []]));
  for (const { commit } of [...candidates].reverse())
    for (const line of made.get(commit)?.addedLines ?? []) {
      const known = adders.get(line);
      if (known !== undefined && known.length < MOST_ADDERS) known.push(commit);
    }
  return adders;
}

/** Greedy set cover: the commit that adds most of what is left comes next, the oldest of several. */
function gather(
  lines: readonly number[],
  adders: ReadonlyMap<number, readonly string[]>,
): Pick<Parts, "commits" | "share"> {
  const commits: string[] = [];
  let left = lines;
  while (left.length > 0 && commits.length < MOST_PARTS) {
    const counts = new Map<string, number>();
    for (const line of left)
      for (const commit of adders.get(line) ?? []) counts.set(commit, (counts.get(commit) ?? 0) + 1);
    let next: string | undefined;
    for (const [commit, count] of counts) if (count > (counts.get(next ?? "") ?? 0)) next = commit;
    if (next === undefined) break;
    const chosen = next;
    commits.push(chosen);
    left = left.filter((line) => adders.get(line)?.includes(chosen) !== true);
  }
  return { commits, share: (lines.length - left.length) / lines.length };
}

/** Each commit after its parents, whatever the dates say, until one has all parts behind it. */
function firstHolding(
  candidates: readonly Candidate[],
  parts: readonly string[],
): Pick<Parts, "to" | "base"> | undefined {
  const byId = new Map(candidates.map((candidate) => [candidate.commit, candidate]));
  const bits = new Map(parts.map((commit, at) => [commit, 1 << at]));
  const all = 2 ** parts.length - 1;
  /** By commit, those parts that it inherits. */
  const inherited = new Map<string, number>();
  let base: string | undefined;
  for (const { commit: start } of [...candidates].reverse()) {
    const waiting = [start];
    for (let commit = waiting.at(-1); commit !== undefined; commit = waiting.at(-1)) {
      const parents = byId.get(commit)?.parents ?? [];
      const unknown = inherited.has(commit) ? [] : parents.filter((parent) => !inherited.has(parent));
      if (unknown.length > 0) {
        waiting.push(...unknown);
        continue;
      }
      waiting.pop();
      const before = parents.reduce((sum, parent) => sum | (inherited.get(parent) ?? 0), 0);
      const own = bits.get(commit) ?? 0;
      if (own > 0 && before === 0) base ??= parents[0];
      inherited.set(commit, before | own);
      if ((before | own) === all) return { to: commit, ...(base === undefined ? {} : { base }) };
    }
  }
  return undefined;
}
