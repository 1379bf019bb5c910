import { setTimeout as sleep } from "node:timers/promises";
import type { CommitMapping } from "../contract/events.ts";
import { keepNewest } from "../contract/keepNewest.ts";
import type { Clock, Logger } from "./ports.ts";
import type { GitLineage, GitPlace, LostCommit } from "./seams.ts";
import type { StoreAccess } from "./storeAccess.ts";

/** What a request waits for rewrites to be found, in milliseconds; what takes longer counts from a later request on. */
const PATIENCE_MS = 2_000;
/** Lost commits that are looked for: those learned last. */
const MOST_LOST = 1_000;
/** Answers that are kept: one a store and worktree. */
const MOST_KEPT = 16;

export interface InheritanceParts {
  readonly git: GitLineage;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Resolves when the facts of commits that are being noted are noted. */
  readonly noted: () => Promise<unknown>;
}

interface Kept {
  readonly head: string;
  /** What HEAD does not inherit, and was looked for. */
  lost: readonly string[];
}

/** With the commits that a set was made of, so that the same gives the same object. */
interface Mapped {
  readonly own: ReadonlySet<string>;
  readonly mappings: readonly CommitMapping[];
  readonly commits: readonly string[];
  readonly set: ReadonlySet<string>;
}

/** Which memory commits a HEAD inherits, those included that another commit stands for since history was rewritten. */
export class Inheritance {
  readonly #parts: InheritanceParts;
  readonly #kept = new Map<string, Kept>();
  readonly #mapped = new Map<string, Mapped>();
  readonly #asked = new WeakMap<readonly CommitMapping[], { commits: readonly string[]; all: readonly string[] }>();
  readonly #running = new Map<string, Promise<void>>();

  constructor(parts: InheritanceParts) {
    this.#parts = parts;
  }

  /** The same object as long as nothing moved. */
  async visible(access: StoreAccess, place: GitPlace): Promise<ReadonlySet<string>> {
    const visible = await this.#byMappings(access, place);
    const { repository } = place;
    if (repository?.head === undefined) return visible;
    const key = `${access.store.folder}\n${repository.gitDir}`;
    const lost = access.store.projection.memoryCommits().filter((commit) => !visible.has(commit));
    const before = this.#kept.get(key);
    if (before?.head === repository.head && isSame(before.lost, lost)) return visible;
    keep(this.#kept, key, { head: repository.head, lost });
    if (lost.length === 0) return visible;
    // One after the other: the later one finds what the earlier one mapped.
    const task = (this.#running.get(key) ?? Promise.resolve())
      .then(() => this.#look(access, place, lost))
      .catch((error: unknown) => {
        this.#kept.delete(key);
        this.#parts.logger.log("warn", "rewritten commits could not be looked for", { error });
      })
      .finally(() => {
        if (this.#running.get(key) === task) this.#running.delete(key);
      });
    this.#running.set(key, task);
    await Promise.race([task, sleep(PATIENCE_MS, undefined, { ref: false })]);
    return await this.#byMappings(access, place);
  }

  /** As of another commit than HEAD, by what is known of rewrites. */
  async at(access: StoreAccess, place: GitPlace, commit: string): Promise<ReadonlySet<string>> {
    const { repository } = place;
    if (repository === undefined) return new Set();
    const { commonDir, gitDir, root } = repository;
    return await this.#byMappings(access, { ...place, repository: { commonDir, gitDir, root, head: commit } });
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  async #byMappings(access: StoreAccess, place: GitPlace): Promise<ReadonlySet<string>> {
    const { projection, folder } = access.store;
    const commits = projection.memoryCommits();
    const mappings = projection.mappings();
    if (mappings.length === 0) return await this.#parts.git.visibleCommits(place, commits);
    const own = await this.#parts.git.visibleCommits(place, this.#withTargets(commits, mappings));
    const key = `${folder}\n${place.repository?.gitDir ?? ""}\n${place.repository?.head ?? ""}`;
    const known = this.#mapped.get(key);
    if (known?.own === own && known.mappings === mappings && known.commits === commits) return known.set;
    const after = successors(mappings, isWhole);
    const parts = successors(mappings, (mapping) => !isWhole(mapping));
    const set = new Set(
      commits.filter((commit) =>
        chainOf(commit, after).some((one) => own.has(one) || parts.get(one)?.some((last) => own.has(last))),
      ),
    );
    keep(this.#mapped, key, { own, mappings, commits, set });
    return set;
  }

  /** The same array for the same arguments: git's answer is kept by it. */
  #withTargets(commits: readonly string[], mappings: readonly CommitMapping[]): readonly string[] {
    const known = this.#asked.get(mappings);
    if (known?.commits === commits) return known.all;
    const all = [...new Set([...commits, ...mappings.filter(counts).map(({ to }) => to)])];
    this.#asked.set(mappings, { commits, all });
    return all;
  }

  async #look(access: StoreAccess, place: GitPlace, lost: readonly string[]): Promise<void> {
    await this.#parts.noted();
    const { projection } = access.store;
    const after = successors(projection.mappings(), isWhole);
    const sought = lost.slice(-MOST_LOST).map((commit): LostCommit => {
      const facts = projection.commitFacts(commit);
      const commits = chainOf(commit, after);
      return {
        commits,
        ...(facts === undefined ? {} : { facts }),
        carriers: commits.flatMap((one) => projection.carriersOf(one)),
      };
    });
    const found = await this.#parts.git.rewrites(place, sought);
    const known = new Map(projection.mappings().map(({ from, to, state }) => [`${from} ${to}`, state]));
    const news = found.filter(({ from, to, state }) => {
      const before = known.get(`${from} ${to}`);
      // What was doubtful may have become certain.
      return before === undefined || (before === "offered" && state === "applied");
    });
    if (news.length === 0) return;
    const at = this.#parts.clock.now();
    await access.note(news.map((mapping) => ({ type: "mapped" as const, mapping: { ...mapping, at } })));
    await access.store.sync();
  }
}

const counts = ({ state }: CommitMapping): boolean => state === "applied";

/** The last of several parts stands for all where it is inherited itself: what takes its own place may do without the others. */
const isWhole = ({ how }: CommitMapping): boolean => how !== "parts";

function successors(
  mappings: readonly CommitMapping[],
  which: (mapping: CommitMapping) => boolean,
): ReadonlyMap<string, readonly string[]> {
  const after = new Map<string, string[]>();
  for (const { from, to } of mappings.filter((mapping) => counts(mapping) && which(mapping)))
    after.set(from, [...(after.get(from) ?? []), to]);
  return after;
}

/** A commit, and all that took its place one after the other. */
function chainOf(commit: string, after: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const chain = new Set([commit]);
  for (const one of chain) for (const next of after.get(one) ?? []) chain.add(next);
  return [...chain];
}

const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((one, at) => one === others[at]);

function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  keepNewest(map, MOST_KEPT);
}
