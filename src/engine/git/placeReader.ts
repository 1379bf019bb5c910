import { keepNewest } from "../../contract/keepNewest.ts";
import { GitFailure, type GitRunner } from "../ports.ts";
import type { GitPlace } from "../seams.ts";
import { type Discovery, findRepository, type FoundRepository } from "./findRepository.ts";
import { explainGitFailure } from "./gitErrors.ts";
import { isObjectId } from "./objectId.ts";
import { type Head, type HeadReading, readHead } from "./readHead.ts";

/** Folders whose place is remembered; the least recently asked one goes first. */
const MAXIMUM_PLACES = 64;

interface Known {
  readonly discovery: Discovery;
  readonly reading?: HeadReading;
  readonly place: GitPlace;
  /** Whether the files of HEAD may have changed without a sign since they were read. */
  readonly racy: boolean;
}

/** Where a folder stands, read from files and remembered as long as their stamps are the same. */
export class PlaceReader {
  readonly #git: GitRunner;
  readonly #known = new Map<string, Known>();

  constructor(git: GitRunner) {
    this.#git = git;
  }

  async read(workspace: string): Promise<GitPlace> {
    const known = this.#known.get(workspace);
    if (
      known !== undefined &&
      !known.racy &&
      known.discovery.evidence.holds() &&
      known.reading?.evidence.holds() !== false
    ) {
      return known.place;
    }
    const fresh = await this.#look(workspace, known?.discovery);
    this.#known.delete(workspace);
    this.#known.set(workspace, fresh);
    keepNewest(this.#known, MAXIMUM_PLACES);
    return fresh.place;
  }

  async #look(workspace: string, before: Discovery | undefined): Promise<Known> {
    const discovery = before?.evidence.holds() === true ? before : findRepository(workspace);
    const { repository } = discovery;
    if (repository === undefined)
      return { discovery, place: { workspace }, racy: discovery.evidence.isRacyAt(Date.now()) };
    const readAt = Date.now();
    const reading = readHead(repository);
    const head = reading.head ?? (await this.#ask(repository));
    return {
      discovery,
      reading,
      place: { workspace, repository: { ...repository, ...head } },
      racy: !reading.watched || reading.evidence.isRacyAt(readAt) || discovery.evidence.isRacyAt(readAt),
    };
  }

  async #ask(repository: FoundRepository): Promise<Head> {
    const [ref, head] = await Promise.all([
      this.#line(["symbolic-ref", "-q", "HEAD"], repository),
      this.#line(["rev-parse", "-q", "--verify", "HEAD^{commit}"], repository),
    ]);
    return {
      ...(ref === undefined ? {} : { branch: ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : ref }),
      ...(head === undefined || !isObjectId(head) ? {} : { head }),
    };
  }

  /** The line that git prints; undefined when it says that there is none. */
  async #line(args: readonly string[], repository: FoundRepository): Promise<string | undefined> {
    try {
      return (await this.#git.run(args, { cwd: repository.root })).trimEnd();
    } catch (error) {
      if (error instanceof GitFailure && error.exitCode === 1) return undefined;
      throw explainGitFailure(error, repository.root);
    }
  }
}
