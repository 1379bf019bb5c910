import type { GitRunner } from "../ports.ts";

const MOST = 500;

/** Tags with the time at which each was made, an annotated one's own and else its commit's; newest first. */
export async function readReleases(
  git: GitRunner,
  root: string,
): Promise<readonly { readonly name: string; readonly at: number }[]> {
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
