import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { GitRunner } from "../ports.ts";
import type { GitPlace } from "../seams.ts";
import { Stamp } from "./stamp.ts";

type Repository = NonNullable<GitPlace["repository"]>;
type Releases = readonly { readonly name: string; readonly at: number }[];
type Stamps = ReadonlyMap<string, Stamp | undefined>;

const MOST = 500;

/** The tags of one repository, read again when what git keeps them in changed. */
export class ReleasesReader {
  readonly #git: GitRunner;
  #known: { readonly stamps: Stamps; readonly releases: Releases } | undefined;

  constructor(git: GitRunner) {
    this.#git = git;
  }

  /** With the time at which each was made, an annotated one's own and else its commit's; newest first. */
  async read({ root, commonDir }: Pick<Repository, "root" | "commonDir">): Promise<Releases> {
    if (this.#known !== undefined && holds(this.#known.stamps)) return this.#known.releases;
    // Before git reads, so that a change in between shows.
    const stamps = stampsOf(commonDir);
    const readAt = Date.now();
    const releases = await readReleases(this.#git, root);
    const isRacy = [...stamps.values()].some((stamp) => stamp?.isRacyAt(readAt) === true);
    this.#known = isRacy ? undefined : { stamps, releases };
    return releases;
  }
}

async function readReleases(git: GitRunner, root: string): Promise<Releases> {
  const format = "--format=%(refname:short)%00%(creatordate:unix)";
  const listed = await git.run(["for-each-ref", format, "--sort=-creatordate", `--count=${MOST}`, "refs/tags"], {
    cwd: root,
  });
  return listed
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [name = "", seconds = ""] = line.split("\0");
      return { name, at: 1000 * Number(seconds) };
    });
}

/** Of what tags are kept in. A tag of its own file changes the time of its folder whenever it is made, moved or removed: git renames a new file there. */
function stampsOf(commonDir: string): Stamps {
  const paths = [
    join(commonDir, "packed-refs"),
    join(commonDir, "reftable", "tables.list"),
    join(commonDir, "refs/tags"),
  ];
  const folders = [join(commonDir, "refs/tags")];
  for (const folder of folders) {
    const inside = foldersIn(folder);
    folders.push(...inside);
    paths.push(...inside);
  }
  return new Map(paths.map((path) => [path, Stamp.of(path)]));
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [join(folder, entry.name)] : [],
    );
  } catch {
    return [];
  }
}

const holds = (stamps: Stamps): boolean =>
  [...stamps].every(([path, stamp]) => {
    const now = Stamp.of(path);
    return now === undefined || stamp === undefined ? now === stamp : now.isUnchanged(stamp);
  });
