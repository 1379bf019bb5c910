import type { ParsedFile } from "../../contract/code.ts";
import type { IndexedFile } from "./indexedFile.ts";

/** Bytes of records that are kept: about 5,000 files, more than differ between two branches. */
const MOST_BYTES = 16 * 1_048_576;

/** What was indexed lately and is gone or another now, by content: where it comes back, as with a branch, it need not be parsed again. */
export class DroppedFiles {
  /** The one that was dropped last is last. */
  readonly #files = new Map<string, IndexedFile>();
  #bytes = 0;

  keep(file: IndexedFile | undefined): void {
    if (file === undefined) return;
    const key = keyOf(file.path, file.blob);
    this.#forget(key);
    this.#files.set(key, file);
    this.#bytes += file.record.length;
    for (const oldest of this.#files.keys()) {
      if (this.#bytes <= MOST_BYTES) break;
      this.#forget(oldest);
    }
  }

  parsed(path: string, blob: string): ParsedFile | undefined {
    const file = this.#files.get(keyOf(path, blob));
    return file === undefined ? undefined : { ...file.parsed, path };
  }

  clear(): void {
    this.#files.clear();
    this.#bytes = 0;
  }

  #forget(key: string): void {
    this.#bytes -= this.#files.get(key)?.record.length ?? 0;
    this.#files.delete(key);
  }
}

/** A name says what language the content is. */
const keyOf = (path: string, blob: string): string => `${blob} ${path.slice(path.lastIndexOf("/") + 1)}`;
