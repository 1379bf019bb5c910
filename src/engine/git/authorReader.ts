import { join } from "node:path";
import { GitFailure, type GitRunner } from "../ports.ts";
import type { GitPlace } from "../seams.ts";
import { readAuthor } from "./repositoryState.ts";
import { Evidence } from "./stamp.ts";

/** Milliseconds after which git is asked again, for the configuration outside of the repository. */
const FRESH_FOR_MS = 60_000;

interface Known {
  readonly author: Promise<string | undefined>;
  readonly evidence: Evidence;
  readonly until: number;
}

/** The person as git is configured in a place, asked once a minute at most unless the repository's configuration changes. */
export class AuthorReader {
  readonly #git: GitRunner;
  readonly #known = new Map<string, Known>();

  constructor(git: GitRunner) {
    this.#git = git;
  }

  async read(place: GitPlace): Promise<string | undefined> {
    const folder = place.repository?.root ?? place.workspace;
    const known = this.#known.get(folder);
    if (known !== undefined && performance.now() < known.until && known.evidence.holds()) return await known.author;
    const evidence = new Evidence();
    if (place.repository !== undefined) {
      evidence.take(join(place.repository.commonDir, "config"));
      evidence.take(join(place.repository.gitDir, "config.worktree"));
    }
    const author = readAuthor(this.#git, folder).catch(asUnknown);
    this.#known.set(folder, { author, evidence, until: performance.now() + FRESH_FOR_MS });
    return await author;
  }
}

/** Who a memory is from is worth no failure of its capture. */
function asUnknown(error: unknown): undefined {
  if (!(error instanceof GitFailure)) throw error;
}
