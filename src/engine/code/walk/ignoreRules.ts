import ignore, { type Ignore } from "ignore";

/** The rules of ignore files, each for what lies below its folder: the nearest file that says something of a path decides, as in git. */
export class IgnoreRules {
  readonly #byFolder = new Map<string, Ignore>();
  /** Verdicts of folders, so that a folder is judged once for all its files. */
  readonly #folders = new Map<string, boolean>();

  get isEmpty(): boolean {
    return this.#byFolder.size === 0;
  }

  /** `folder` is relative to the root, "" for the root itself. Rules given later for the same folder outrank those before. */
  add(folder: string, rules: string | readonly string[]): void {
    const own = this.#byFolder.get(folder) ?? ignore({ allowRelativePaths: true, ignorecase: false });
    own.add(rules);
    this.#byFolder.set(folder, own);
    this.#folders.clear();
  }

  /** Whether a file or folder is ignored, by itself or by a folder above it: what lies in an ignored folder cannot be brought back. */
  ignores(path: string, isFolder = false): boolean {
    if (this.isEmpty) return false;
    const parent = parentOf(path);
    if (parent !== "" && this.#ignoresFolder(parent)) return true;
    return isFolder ? this.#ignoresFolder(path) : this.#verdict(path, "");
  }

  #ignoresFolder(folder: string): boolean {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const parent = parentOf(folder);
    const verdict = (parent !== "" && this.#ignoresFolder(parent)) || this.#verdict(folder, "/");
    this.#folders.set(folder, verdict);
    return verdict;
  }

  #verdict(path: string, slash: "" | "/"): boolean {
    for (let folder = parentOf(path); ; folder = parentOf(folder)) {
      const rules = this.#byFolder.get(folder);
      if (rules !== undefined) {
        const below = folder === "" ? path : path.slice(folder.length + 1);
        const { ignored, unignored } = rules.test(below + slash);
        if (unignored) return false;
        // A folder that these rules ignore is asked about only when nearer ones brought it back: what they say of it holds no longer.
        if (ignored && !(below.includes("/") && rules.test(`${parentOf(below)}/`).ignored)) return true;
      }
      if (folder === "") return false;
    }
  }
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}
