import { join } from "node:path";
import { isObjectId } from "../objectId.ts";
import { readText } from "../readText.ts";

/**
 * By old commit the new one, as `git filter-repo` leaves it in the git directory (its manual, "commit-map"). Commits that it took out map to
 * zeros and are left out here.
 */
export function readRewriteMap(commonDir: string): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const line of (readText(join(commonDir, "filter-repo", "commit-map")) ?? "").split("\n")) {
    const [from = "", to = ""] = line.trim().split(/\s+/u);
    if (isObjectId(from) && isObjectId(to) && !/^0+$/u.test(to) && from !== to) map.set(from, to);
  }
  return map;
}
