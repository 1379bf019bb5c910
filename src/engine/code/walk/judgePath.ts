import type { PathReason } from "./codeListing.ts";
import {
  BINARY_EXTENSIONS,
  GENERATED_FILES,
  GENERATED_FOLDERS,
  GENERATED_NAMES,
  MINIFIED_FILE,
  SECRET_FILES,
  VENDORED_FILES,
  VENDORED_FOLDERS,
} from "./pathRules.ts";

/** Why files below a folder of this name are no code of this project; undefined when its name says nothing. */
export function judgeFolderName(name: string): "vendored" | "generated" | undefined {
  if (VENDORED_FOLDERS.has(name)) return "vendored";
  return GENERATED_FOLDERS.has(name) ? "generated" : undefined;
}

/** Why a file of this name is no code of this project; undefined when its name says nothing. */
export function judgeFileName(name: string): PathReason | undefined {
  if (SECRET_FILES.some((rule) => rule.test(name))) return "secret";
  if (BINARY_EXTENSIONS.has(name.slice(name.lastIndexOf(".") + 1).toLowerCase())) return "binary";
  if (MINIFIED_FILE.test(name)) return "minified";
  if (GENERATED_NAMES.has(name) || GENERATED_FILES.some((rule) => rule.test(name))) return "generated";
  return VENDORED_FILES.some((rule) => rule.test(name)) ? "vendored" : undefined;
}

/** What paths tell, each folder judged once. The strongest reason stands: what is generated is so in a vendored folder too. */
export class PathJudge {
  readonly #folders = new Map<string, "vendored" | "generated" | undefined>([["", undefined]]);

  judge(path: string): PathReason | undefined {
    const slash = path.lastIndexOf("/");
    const byName = judgeFileName(path.slice(slash + 1));
    if (byName !== undefined && byName !== "vendored") return byName;
    return this.judgeFolder(slash < 0 ? "" : path.slice(0, slash)) ?? byName;
  }

  judgeFolder(folder: string): "vendored" | "generated" | undefined {
    if (this.#folders.has(folder)) return this.#folders.get(folder);
    const slash = folder.lastIndexOf("/");
    const above = this.judgeFolder(slash < 0 ? "" : folder.slice(0, slash));
    const own = judgeFolderName(folder.slice(slash + 1));
    const verdict = above === "generated" || own === "generated" ? "generated" : (above ?? own);
    this.#folders.set(folder, verdict);
    return verdict;
  }
}
