import { type BigIntStats, statSync } from "node:fs";

/** Clocks of file systems tick every 1 to 10 ms on Linux; those that only know whole seconds tick every 1 or 2 s (HFS+, FAT). */
const FINE_TICK_MS = 100;
const COARSE_TICK_MS = 2_500;

/** What stat tells of a file's identity and last change. Synchronous: a few microseconds. */
export class Stamp {
  readonly #stats: BigIntStats;

  private constructor(stats: BigIntStats) {
    this.#stats = stats;
  }

  /** Undefined when there is nothing at `path`, or it cannot be looked at. */
  static of(path: string): Stamp | undefined {
    try {
      const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
      return stats === undefined ? undefined : new Stamp(stats);
    } catch {
      return undefined;
    }
  }

  get isFolder(): boolean {
    return this.#stats.isDirectory();
  }

  /** Whether it is the same file or folder, changed or not. */
  isSameFile(other: Stamp): boolean {
    return this.#stats.ino === other.#stats.ino && this.#stats.dev === other.#stats.dev;
  }

  isUnchanged(other: Stamp): boolean {
    const [mine, theirs] = [this.#stats, other.#stats];
    return (
      this.isSameFile(other) &&
      mine.mtimeNs === theirs.mtimeNs &&
      mine.ctimeNs === theirs.ctimeNs &&
      mine.size === theirs.size
    );
  }

  /**
   * Whether the file could have changed again within the same tick of its file system's clock after it was read at `readAt`
   * (milliseconds since the epoch): then an equal stamp does not prove equal content. Git replaces a ref by renaming, and the file that is
   * replaced may leave its inode number to the next, so that neither inode, size nor time differs after two quick updates.
   */
  isRacyAt(readAt: number): boolean {
    const { mtimeNs, mtimeMs } = this.#stats;
    const tick = mtimeNs % 1_000_000_000n === 0n ? COARSE_TICK_MS : FINE_TICK_MS;
    return readAt - Number(mtimeMs) <= tick;
  }
}

/** Files that an answer was read from. Taken before they are read, so that a change in between shows. */
export class Evidence {
  readonly #stamps: (readonly [path: string, stamp: Stamp | undefined])[] = [];

  /** Notes the file as it is now, or that it is missing. */
  take(path: string): Stamp | undefined {
    const stamp = Stamp.of(path);
    this.#stamps.push([path, stamp]);
    return stamp;
  }

  /** Whether every file is as it was. Of a folder the identity counts, not the times, which change with everything that git does. */
  holds(): boolean {
    return this.#stamps.every(([path, stamp]) => {
      const now = Stamp.of(path);
      if (now === undefined || stamp === undefined) return now === stamp;
      return now.isFolder && stamp.isFolder ? now.isSameFile(stamp) : now.isUnchanged(stamp);
    });
  }

  /** Whether some file may change without its stamp showing it: see `Stamp.isRacyAt`. */
  isRacyAt(readAt: number): boolean {
    return this.#stamps.some(([, stamp]) => stamp !== undefined && !stamp.isFolder && stamp.isRacyAt(readAt));
  }
}
