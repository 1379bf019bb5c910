import type { Files } from "../ports.ts";
import type { JournalDamage } from "../seams.ts";
import { errorCode } from "./failures.ts";
import { HEADER_WINDOW, parseHeader, type SegmentHeader } from "./fileHeader.ts";
import { compareSegments, inFolder, parseSegmentName, parseSnapshotName, type SegmentName } from "./fileNames.ts";
import { asBuffer, readPieces } from "./frameReader.ts";

export interface Segment {
  readonly file: string;
  readonly name: SegmentName;
  readonly header: SegmentHeader;
  /** Offset of the first frame after the header. */
  readonly start: number;
  readonly damaged: boolean;
}

/** A segment as far as it is history. */
export interface Stretch extends Segment {
  /** Where the segment after it goes on: what follows in this file is not history. Absent: the live segment. */
  readonly limit?: { readonly length: number; readonly seq: number; readonly epoch: number };
}

export interface History {
  /**
   * The way from the oldest kept segment to the one that was begun last, oldest first. Only this is history: every segment names the
   * place where its writer took over, so whatever a replaced owner wrote after that lies beside the way.
   */
  readonly stretches: readonly Stretch[];
  /** Segments beside the way. */
  readonly foreign: readonly Segment[];
  /** Files of generations that compaction has done with. */
  readonly leftovers: readonly string[];
  /** Segments that hold neither a header nor an event: begun, and never written to. */
  readonly stillborn: readonly string[];
  /** Snapshot files in the folder, newest generation first. */
  readonly snapshots: readonly string[];
  readonly damage: readonly JournalDamage[];
}

type Loaded = { readonly segment: Segment } | { readonly stillborn: true } | { readonly gone: true };

/** Headers never change once they are written, so each is read once. */
export class HistoryReader {
  readonly #files: Files;
  readonly #folder: string;
  readonly #known = new Map<string, Segment>();
  readonly #checked = new Set<string>();

  constructor(files: Files, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  /** UNSUPPORTED_VERSION when any file is of another version. */
  async read(): Promise<History> {
    const names = await this.#files.list(this.#folder);
    const segments: Segment[] = [];
    const stillborn: string[] = [];
    const damage: JournalDamage[] = [];
    for (const file of names) {
      const name = parseSegmentName(file);
      if (name === undefined) continue;
      const loaded = await this.#load(file, name, names);
      if ("segment" in loaded) segments.push(loaded.segment);
      else if ("stillborn" in loaded) stillborn.push(file);
    }
    for (const known of this.#known.keys()) if (!names.includes(known)) this.#known.delete(known);
    segments.sort((a, b) => compareSegments(a.name, b.name));
    const stretches = wayTo(segments, damage);
    const onTheWay = new Set(stretches.map((stretch) => stretch.file));
    for (const stretch of stretches) {
      if (stretch.damaged)
        damage.push({ file: stretch.file, offset: 0, bytes: stretch.start, what: "unreadable-header" });
    }
    const oldest = stretches[0]?.header.generation ?? 0;
    const snapshots = snapshotsIn(names);
    for (const file of snapshots) await this.#checkVersion(file);
    const isLeftover = (file: string): boolean =>
      ((parseSegmentName(file) ?? parseSnapshotName(file))?.generation ?? oldest) < oldest;
    return {
      stretches,
      foreign: segments.filter(({ file }) => !onTheWay.has(file) && !isLeftover(file)),
      leftovers: [...segments.map(({ file }) => file), ...snapshots].filter(isLeftover),
      stillborn,
      snapshots: snapshots.filter((file) => !isLeftover(file)),
      damage,
    };
  }

  /** Nothing may be touched while any file is of a version that this program does not know. */
  async #checkVersion(file: string): Promise<void> {
    if (this.#checked.has(file)) return;
    try {
      const open = await this.#files.open(inFolder(this.#folder, file), "read");
      try {
        parseHeader(asBuffer(await open.read(0, HEADER_WINDOW)), file);
      } finally {
        await open.close();
      }
      this.#checked.add(file);
    } catch (thrown) {
      if (errorCode(thrown) !== "ENOENT") throw thrown;
    }
  }

  async #load(file: string, name: SegmentName, names: readonly string[]): Promise<Loaded> {
    const known = this.#known.get(file);
    if (known !== undefined) return { segment: known };
    let open;
    try {
      open = await this.#files.open(inFolder(this.#folder, file), "read");
    } catch (thrown) {
      if (errorCode(thrown) === "ENOENT") return { gone: true };
      throw thrown;
    }
    try {
      const read = parseHeader(asBuffer(await open.read(0, HEADER_WINDOW)), file);
      if (read.state === "valid" && read.header.holds === "segment") {
        const segment = { file, name, header: read.header, start: read.start, damaged: read.damaged };
        this.#known.set(file, segment);
        return { segment };
      }
      if (read.state === "incomplete") return { stillborn: true };
      for await (const pieces of readPieces(open, 0, await open.size())) {
        const first = pieces.find((piece) => piece.state === "frame");
        if (first !== undefined) return { segment: withoutHeader(file, name, first.offset, names) };
      }
      return { stillborn: true };
    } finally {
      await open.close();
    }
  }
}

/** Both copies of the header are lost, events are not: what can be known of it is in the names. */
function withoutHeader(file: string, name: SegmentName, start: number, names: readonly string[]): Segment {
  const snapshot = snapshotsIn(names).find((other) => parseSnapshotName(other)?.generation === name.generation);
  const header: SegmentHeader = {
    holds: "segment",
    ...name,
    firstSeq: 1,
    ...(snapshot === undefined ? {} : { snapshot }),
  };
  return { file, name, header, start, damaged: true };
}

/**
 * Walks back from the last segment along the predecessors that they name, as far as two snapshots (compaction keeps two generations) or
 * one that purged what was before it. `segments` is in the order in which they were begun.
 */
function wayTo(segments: readonly Segment[], damage: JournalDamage[]): readonly Stretch[] {
  const way: Stretch[] = [];
  let index = segments.length - 1;
  let limit: Stretch["limit"];
  let snapshots = 0;
  for (;;) {
    const segment = segments[index];
    if (segment === undefined) return way;
    way.unshift({ ...segment, ...(limit === undefined ? {} : { limit }) });
    const { predecessor, snapshot, purged } = segment.header;
    if (snapshot !== undefined) snapshots += 1;
    // Compaction removes what lies before; anything else that is gone was lost.
    if (snapshots === 2 || purged === true) return way;
    if (predecessor === undefined) {
      // A store's first segment, or a header that is lost: then the one begun before it is the best guess.
      if (!segment.damaged) return way;
      limit = undefined;
      index -= 1;
      continue;
    }
    const found = segments.findIndex((other) => other.file === predecessor.segment);
    if (found >= 0 && found < index) {
      limit = { length: predecessor.length, seq: predecessor.seq, epoch: segment.header.epoch };
      index = found;
      continue;
    }
    damage.push({ file: predecessor.segment, offset: 0, bytes: predecessor.length, what: "missing-file" });
    limit = undefined;
    index -= 1;
  }
}

function snapshotsIn(names: readonly string[]): readonly string[] {
  return names
    .flatMap((file) => {
      const name = parseSnapshotName(file);
      return name === undefined ? [] : [{ file, name }];
    })
    .sort((a, b) => b.name.generation - a.name.generation || b.name.epoch - a.name.epoch)
    .map(({ file }) => file);
}
