import type { GitRunner } from "../../ports.ts";
import { isObjectId } from "../objectId.ts";

/** By commit, `git patch-id --stable` of its difference, as git diff-tree writes them one after the other. Throws `GitFailure`. */
export async function readPatchIds(
  git: GitRunner,
  root: string,
  differences: string,
): Promise<ReadonlyMap<string, string>> {
  const listed = await git.run(["patch-id", "--stable"], { cwd: root, stdin: differences, bytes: true });
  return new Map(
    listed.split("\n").flatMap((line): (readonly [string, string])[] => {
      const [id = "", commit = ""] = line.split(" ");
      return isObjectId(commit) ? [[commit, id]] : [];
    }),
  );
}
