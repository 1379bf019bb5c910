import type { IndexedFile } from "../indexedFile.ts";

/** Files by a part of their path. Most parts are of one file, and need no list. */
export class FilesByPart {
  readonly #files = new Map<string, IndexedFile | IndexedFile[]>();

  add(part: string, file: IndexedFile): void {
    const known = this.#files.get(part);
    if (known === undefined) this.#files.set(part, file);
    else if (Array.isArray(known)) known.push(file);
    else this.#files.set(part, [known, file]);
  }

  remove(part: string, file: IndexedFile): void {
    const left = this.of(part).filter((one) => one !== file);
    const [only] = left;
    if (only === undefined) this.#files.delete(part);
    else this.#files.set(part, left.length === 1 ? only : left);
  }

  of(part: string): readonly IndexedFile[] {
    const known = this.#files.get(part);
    if (known === undefined) return [];
    return Array.isArray(known) ? known : [known];
  }
}
