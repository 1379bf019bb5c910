import type { Files, Logger } from "../ports.ts";
import type { Journal, JournalCursor, JournalDamage, JournalRead, JournalWriter } from "../seams.ts";
import { errorCode, storageError } from "./failures.ts";
import { inFolder, parseSegmentName, parseSnapshotName, TURNS_FILE } from "./fileNames.ts";
import { JournalReader } from "./journalReader.ts";
import { startWriting } from "./recovery.ts";
import { verifyJournal } from "./verifyJournal.ts";

export interface JournalOptions {
  /** Journal and snapshots together may not grow past this, in bytes. */
  readonly maxStoreBytes: number;
  readonly logger: Logger;
  /** Whether this process still owns the store; asked before every write. Absent: always. */
  readonly fence?: () => boolean;
}

/** Opens the journal in `folder` for reading; the folder need not exist yet. FORBIDDEN_PATH, INTERNAL. */
export async function openJournal(files: Files, folder: string, options: JournalOptions): Promise<Journal> {
  try {
    await files.list(folder);
  } catch (thrown) {
    throw storageError(thrown, "read the journal", folder);
  }
  return new FolderJournal(files, folder, options);
}

/** What the last read saw, against which `moved` compares. */
interface Seen {
  readonly segment: string;
  readonly offset: number;
  readonly size: number | undefined;
  readonly turns: number | undefined;
}

/** More compactions than this do not end while one reader reads. */
const ATTEMPTS = 3;

class FolderJournal implements Journal {
  readonly #files: Files;
  readonly #folder: string;
  readonly #options: JournalOptions;
  readonly #reader: JournalReader;
  #seen: Seen | undefined;
  /** Damage that reads found, by place, for recovery to put aside. */
  readonly #damage = new Map<string, JournalDamage>();
  #writer: JournalWriter | undefined;

  constructor(files: Files, folder: string, options: JournalOptions) {
    this.#files = files;
    this.#folder = folder;
    this.#options = options;
    this.#reader = new JournalReader(files, folder);
  }

  async read(cursor?: JournalCursor): Promise<JournalRead> {
    return this.#guard("read the journal", async () => {
      // Taken before the folder is listed: a segment that appears in between counts as not seen.
      const turns = this.#size(TURNS_FILE);
      const size = cursor === undefined ? undefined : this.#size(cursor.segment);
      const read = await this.#betweenCompactions(
        () => this.#reader.read(cursor),
        ({ damage }) => damage,
      );
      const { segment, offset } = read.cursor;
      // A tail that is not yet a frame was seen too, if it was there before the read.
      const standsStill = segment === cursor?.segment && offset === cursor.offset;
      this.#seen = { segment, offset, size: standsStill ? size : offset, turns };
      for (const one of read.damage) this.#damage.set(`${one.file}:${one.offset}`, one);
      return read;
    });
  }

  async salvage(): Promise<JournalRead> {
    return this.#guard("read the journal", () => this.#reader.salvage());
  }

  moved(cursor: JournalCursor): boolean {
    const seen = this.#seen;
    const own = this.#writer?.cursor;
    if (own?.segment === cursor.segment) return own.offset !== cursor.offset;
    if (seen?.segment !== cursor.segment || seen.offset !== cursor.offset) return true;
    return this.#size(cursor.segment) !== seen.size || this.#size(TURNS_FILE) !== seen.turns;
  }

  async verify(): Promise<readonly JournalDamage[]> {
    return this.#guard("check the journal", () =>
      this.#betweenCompactions(
        () => verifyJournal(this.#files, this.#folder, this.#reader, () => this.#writer?.cursor),
        (damage) => damage,
      ),
    );
  }

  async sizes(): ReturnType<Journal["sizes"]> {
    return this.#guard("list the journal", async () => {
      let journalBytes = 0;
      let snapshotBytes = 0;
      let segments = 0;
      for (const file of await this.#files.list(this.#folder)) {
        if (parseSegmentName(file) !== undefined) {
          segments++;
          journalBytes += this.#size(file) ?? 0;
        } else if (parseSnapshotName(file) !== undefined) snapshotBytes += this.#size(file) ?? 0;
      }
      return { journalBytes, snapshotBytes, segments };
    });
  }

  async startWriting(epoch: number, after: JournalCursor): Promise<JournalWriter> {
    const writer = await this.#guard("start a journal segment", () =>
      startWriting({
        files: this.#files,
        folder: this.#folder,
        maxStoreBytes: this.#options.maxStoreBytes,
        logger: this.#options.logger,
        fence: this.#options.fence ?? (() => true),
        reader: this.#reader,
        knownDamage: [...this.#damage.values()],
        epoch,
        after,
      }),
    );
    this.#writer = writer;
    return writer;
  }

  /** A compaction may remove files between the listing and the reading: then what is new is listed again. */
  async #betweenCompactions<T>(work: () => Promise<T>, damageOf: (result: T) => readonly JournalDamage[]): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const turns = this.#size(TURNS_FILE);
      const isFinal = (): boolean => attempt === ATTEMPTS || this.#size(TURNS_FILE) === turns;
      try {
        const result = await work();
        if (!damageOf(result).some(({ what }) => what === "missing-file") || isFinal()) return result;
      } catch (thrown) {
        const isLost = errorCode(thrown) === "ENOENT" || errorCode(thrown) === "STORE_CORRUPT";
        if (!isLost || isFinal()) throw thrown;
      }
    }
  }

  #size(file: string): number | undefined {
    return file === "" ? undefined : this.#files.sizeSync(inFolder(this.#folder, file));
  }

  async #guard<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      throw storageError(thrown, doing, this.#folder);
    }
  }
}
