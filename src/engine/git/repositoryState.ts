import { join } from "node:path";
import type { GitStateResult } from "../../contract/tools.ts";
import { GitFailure, type GitRunner } from "../ports.ts";
import type { GitPlace } from "../seams.ts";
import { explainGitFailure } from "./gitErrors.ts";
import { withoutCredentials } from "./remoteUrl.ts";
import { Stamp } from "./stamp.ts";

type Repository = NonNullable<GitPlace["repository"]>;

/** Branch, upstream and remotes of a place, as the git-state tool shows them. */
export async function readState(git: GitRunner, place: GitPlace, dirty: boolean): Promise<GitStateResult> {
  const { repository } = place;
  if (repository === undefined) return { repository: false, detached: false, dirty: false, remotes: [] };
  const { root, branch, head, commonDir } = repository;
  try {
    const [upstream, remotes] = await Promise.all([readUpstream(git, repository), readRemotes(git, root)]);
    return {
      repository: true,
      root,
      ...(branch === undefined ? {} : { branch }),
      ...(head === undefined ? {} : { head }),
      detached: branch === undefined,
      dirty,
      ...upstream,
      remotes: [...remotes],
      shallow: Stamp.of(join(commonDir, "shallow")) !== undefined,
    };
  } catch (error) {
    throw explainGitFailure(error, root);
  }
}

async function readUpstream(
  git: GitRunner,
  repository: Repository,
): Promise<Pick<GitStateResult, "upstream" | "ahead" | "behind">> {
  if (repository.branch === undefined || repository.head === undefined) return {};
  const format = "--format=%(upstream:short)%00%(upstream:track,nobracket)";
  const listed = await git.run(["for-each-ref", format, `refs/heads/${repository.branch}`], { cwd: repository.root });
  const [upstream = "", track = ""] = listed.trimEnd().split("\0");
  if (upstream === "") return {};
  // The branch that is followed no longer exists.
  if (track === "gone") return { upstream };
  return { upstream, ahead: numberAfter("ahead", track), behind: numberAfter("behind", track) };
}

function numberAfter(word: string, track: string): number {
  return Number(new RegExp(`${word} (\\d+)`).exec(track)?.[1] ?? 0);
}

/** From the configuration, not from `git remote`: that would apply url.<base>.insteadOf, where people keep tokens. */
async function readRemotes(git: GitRunner, root: string): Promise<GitStateResult["remotes"]> {
  const remotes = new Map<string, string>();
  for (const [key, value] of await readSettings(git, root, "^remote\\..*\\.url$")) {
    const name = key.slice("remote.".length, -".url".length);
    if (!remotes.has(name)) remotes.set(name, withoutCredentials(value));
  }
  return [...remotes].map(([name, url]) => ({ name, url }));
}

/** Name and mail of the person as git is configured in a folder; undefined when it has neither. */
export async function readAuthor(git: GitRunner, folder: string): Promise<string | undefined> {
  const settings = new Map(await readSettings(git, folder, "^user\\.(name|email)$"));
  const name = settings.get("user.name")?.trim();
  const mail = settings.get("user.email")?.trim();
  if (mail === undefined || mail === "") return name === "" ? undefined : name;
  return name === undefined || name === "" ? mail : `${name} <${mail}>`;
}

/** Settings whose keys match, in the order in which git reads them: of several with one key the last one counts. */
async function readSettings(
  git: GitRunner,
  cwd: string,
  pattern: string,
): Promise<readonly (readonly [string, string])[]> {
  try {
    const listed = await git.run(["config", "-z", "--get-regexp", pattern], { cwd });
    return listed
      .split("\0")
      .filter((setting) => setting.includes("\n"))
      .map((setting) => [setting.slice(0, setting.indexOf("\n")), setting.slice(setting.indexOf("\n") + 1)]);
  } catch (error) {
    // 1: no setting matches.
    if (error instanceof GitFailure && error.exitCode === 1) return [];
    throw error;
  }
}
