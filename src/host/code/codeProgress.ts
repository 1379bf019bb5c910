import type { IndexResult } from "../../contract/codeTools.ts";
import { grouped } from "../../contract/grouped.ts";

/** Fewer changed files are indexed before anybody could read how many they are. */
const MANY_FILES = 100;

/** How far the indexing of one folder's code is, told from its states one after the other. */
export class CodeProgress {
  #total = 0;

  /** "1,200 of 5,000 files" while many files are indexed; undefined while there is nothing to show. */
  next({ state, pending }: IndexResult): string | undefined {
    if (state !== "indexing" || pending === 0) {
      this.#total = 0;
      return undefined;
    }
    this.#total = Math.max(this.#total, pending);
    return this.#total < MANY_FILES ? undefined : `${grouped(this.#total - pending)} of ${grouped(this.#total)} files`;
  }
}
