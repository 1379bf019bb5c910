import { HeirloomError } from "../../contract/errors.ts";
import type { RecordedEvent } from "../../contract/events.ts";
import type { Files } from "../ports.ts";
import type { JournalCursor, JournalDamage, JournalRead } from "../seams.ts";
import { errorCode } from "./failures.ts";
import { inFolder, QUARANTINE_FOLDER, quarantineName } from "./fileNames.ts";
import { CallAssembler } from "./callAssembler.ts";
import { readPieces } from "./frameReader.ts";
import { type History, HistoryReader, type Segment, type Stretch } from "./history.ts";
import { readSnapshot } from "./snapshotFile.ts";

/** Where a read begins: at a stretch and an offset in it, after the events of a snapshot if there was one to read. */
interface Beginning {
  readonly index: number;
  readonly offset?: number;
  readonly seq: number;
  readonly events: readonly RecordedEvent[];
  readonly reset: boolean;
}

/**
 * Reads a store's history. Writes nothing.
 *
 * What a reader that has a cursor gets when files are damaged under it: bytes that it had read and that are gone now are reported (torn-tail
 * for a segment that became shorter, missing-file for one that is gone) and `reset` stays false, because the state that the reader holds may
 * be the only copy: compact() then writes it down again. `reset` is true only if the reader's state is older than what is kept, or holds
 * events that turned out not to be history (never acknowledged, or of an owner that was replaced).
 */
export class JournalReader {
  readonly #files: Files;
  readonly #folder: string;
  readonly #histories: HistoryReader;

  constructor(files: Files, folder: string) {
    this.#files = files;
    this.#folder = folder;
    this.#histories = new HistoryReader(files, folder);
  }

  history(): Promise<History> {
    return this.#histories.read();
  }

  async read(cursor: JournalCursor | undefined): Promise<JournalRead> {
    const history = await this.history();
    const damage = [...history.damage];
    const beginning =
      (cursor === undefined ? undefined : await this.#resume(history, cursor, damage)) ??
      (await this.#fromSnapshot(history, damage, cursor !== undefined && cursor.seq > 0));
    const { stretches } = history;
    const events = [...beginning.events];
    let seq = beginning.seq;
    let offset = beginning.offset;
    for (let index = beginning.index; index < stretches.length; index++) {
      const stretch = stretches[index];
      if (stretch === undefined) break;
      const read = await this.#readStretch(stretch, offset ?? stretch.start, seq, events, damage);
      seq = Math.max(read.seq, stretch.limit?.seq ?? 0);
      offset = index === stretches.length - 1 ? read.offset : undefined;
    }
    const last = stretches.at(-1);
    const end: JournalCursor =
      last === undefined
        ? { generation: cursor?.generation ?? 1, segment: cursor?.segment ?? "", offset: cursor?.offset ?? 0, seq }
        : { generation: last.header.generation, segment: last.file, offset: offset ?? last.start, seq };
    const standsStill = cursor !== undefined && !beginning.reset && isBehind(end, cursor, history);
    if (cursor === undefined || beginning.reset) damage.push(...this.#besideTheWay(history));
    return {
      events,
      cursor: standsStill ? cursor : end,
      reset: beginning.reset,
      damage: damage.map((one) => this.#withQuarantine(one)),
    };
  }

  /**
   * What can be read when no snapshot is valid: every event of every kept file, damaged snapshots included, in order of their sequence numbers.
   * A memory that was forgotten comes back if the record of that is among what is lost.
   */
  async salvage(): Promise<JournalRead> {
    const history = await this.history();
    const damage = [...history.damage];
    const bySeq = new Map<number, RecordedEvent>();
    for (const file of [...history.snapshots].reverse()) {
      const read = await readSnapshot(this.#files, inFolder(this.#folder, file), file);
      if (read.state === "missing") continue;
      for (const event of read.events) bySeq.set(event.seq, event);
      if (read.state === "invalid") damage.push({ file, offset: read.offset, bytes: read.bytes, what: "bad-frame" });
    }
    let seq = 0;
    let offset = 0;
    for (const stretch of history.stretches) {
      const events: RecordedEvent[] = [];
      const read = await this.#readStretch(stretch, stretch.start, seq, events, damage);
      seq = Math.max(read.seq, stretch.limit?.seq ?? 0);
      offset = read.offset;
      // A snapshot's event holds the memory as it was later revised.
      for (const event of events) if (!bySeq.has(event.seq)) bySeq.set(event.seq, event);
    }
    const events = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
    const last = history.stretches.at(-1);
    const firstFree = last === undefined ? (events.at(-1)?.seq ?? 0) : Math.max(seq, last.header.firstSeq - 1);
    const cursor = {
      generation: last?.header.generation ?? 1,
      segment: last?.file ?? "",
      offset,
      seq: Math.max(firstFree, events.at(-1)?.seq ?? 0),
    };
    return { events, cursor, reset: true, damage: damage.map((one) => this.#withQuarantine(one)) };
  }

  /** Where a reader that stands at `cursor` goes on; undefined: it has to start over. */
  async #resume(history: History, cursor: JournalCursor, damage: JournalDamage[]): Promise<Beginning | undefined> {
    const { stretches } = history;
    if (cursor.seq === 0 && cursor.segment === "") return undefined;
    const goOn = (index: number, offset?: number): Beginning => ({
      index,
      ...(offset === undefined ? {} : { offset }),
      seq: cursor.seq,
      events: [],
      reset: false,
    });
    const index = stretches.findIndex((stretch) => stretch.file === cursor.segment);
    const stretch = stretches[index];
    if (stretch !== undefined) {
      if (stretch.limit !== undefined && cursor.offset > stretch.limit.length) return undefined;
      const size = this.#files.sizeSync(inFolder(this.#folder, stretch.file)) ?? 0;
      if (size >= cursor.offset) return goOn(index, cursor.offset);
      damage.push({ file: stretch.file, offset: size, bytes: cursor.offset - size, what: "torn-tail" });
      return goOn(index + 1);
    }
    const beside = history.foreign.find((segment) => segment.file === cursor.segment);
    if (beside !== undefined) {
      // Nothing of it was read: the reader stands where its writer took over.
      const before = beside.header.predecessor;
      if (before === undefined || cursor.offset !== beside.start) return undefined;
      return this.#resume(history, { ...cursor, segment: before.segment, offset: before.length }, damage);
    }
    const successor = stretches.findIndex(({ header }) => header.predecessor?.segment === cursor.segment);
    const predecessor = stretches[successor]?.header.predecessor;
    if (predecessor?.length === cursor.offset) return goOn(successor);
    if (predecessor !== undefined) {
      if (predecessor.length < cursor.offset || stretches[successor]?.header.snapshot !== undefined) return undefined;
      return goOn(successor); // The history already reports the file as missing.
    }
    const oldest = stretches[0];
    if (oldest !== undefined && oldest.header.generation > cursor.generation) return undefined;
    const later = stretches.findIndex(({ header }) => header.firstSeq > cursor.seq);
    damage.push({ file: cursor.segment, offset: 0, bytes: cursor.offset, what: "missing-file" });
    return goOn(later < 0 ? stretches.length : later);
  }

  /** The newest valid snapshot, else the one before it with its segments. STORE_CORRUPT when there has to be one and none is valid. */
  async #fromSnapshot(history: History, damage: JournalDamage[], reset: boolean): Promise<Beginning> {
    const { stretches, snapshots } = history;
    for (let index = stretches.length - 1; index >= 0; index--) {
      const header = stretches[index]?.header;
      if (header?.snapshot === undefined) continue;
      const found = await this.#snapshot(header.snapshot, damage);
      if (found !== undefined) return { index, reset, ...found };
    }
    const root = stretches[0];
    if (root === undefined) {
      for (const file of snapshots) {
        const found = await this.#snapshot(file, damage);
        if (found === undefined) continue;
        damage.push({ file: "segment", offset: 0, bytes: 0, what: "missing-file" });
        return { index: 0, reset, ...found };
      }
    }
    const startsEmpty = root === undefined ? snapshots.length === 0 : root.header.generation === 1;
    if (startsEmpty) return { index: 0, reset, seq: 0, events: [] };
    throw new HeirloomError(
      "STORE_CORRUPT",
      `No snapshot in ${this.#folder} is valid. Nothing was changed; run \`heirloom doctor --rebuild\` to save what can be read.`,
      { folder: this.#folder, damage },
    );
  }

  async #snapshot(
    file: string,
    damage: JournalDamage[],
  ): Promise<{ readonly events: readonly RecordedEvent[]; readonly seq: number } | undefined> {
    const read = await readSnapshot(this.#files, inFolder(this.#folder, file), file);
    if (read.state === "valid") {
      if (read.damagedHeader) damage.push({ file, offset: 0, bytes: 0, what: "unreadable-header" });
      return read;
    }
    if (read.state === "missing") damage.push({ file, offset: 0, bytes: 0, what: "missing-file" });
    else damage.push({ file, offset: read.offset, bytes: read.bytes, what: "bad-frame" });
    return undefined;
  }

  /** Adds the events of a stretch from `from` on, in order, and what is wrong with it. */
  async #readStretch(
    stretch: Stretch,
    from: number,
    lastSeq: number,
    events: RecordedEvent[],
    damage: JournalDamage[],
  ): Promise<{ readonly offset: number; readonly seq: number }> {
    const { file, limit } = stretch;
    let offset = from;
    let open;
    try {
      open = await this.#files.open(inFolder(this.#folder, file), "read");
    } catch (thrown) {
      if (errorCode(thrown) !== "ENOENT") throw thrown;
      damage.push({ file, offset: from, bytes: Math.max(0, (limit?.length ?? from) - from), what: "missing-file" });
      return { offset, seq: lastSeq };
    }
    try {
      const size = await open.size();
      const end = limit === undefined ? size : Math.min(limit.length, size);
      const calls = new CallAssembler(lastSeq, events, damage);
      for await (const pieces of readPieces(open, from, end)) {
        for (const piece of pieces) {
          if (piece.state === "frame") calls.take(piece.payload);
          else if (piece.state === "bad") {
            calls.report({ file, offset: piece.offset, bytes: piece.end - piece.offset, what: "bad-frame" });
          } else if (limit !== undefined) {
            calls.report({ file, offset: piece.offset, bytes: limit.length - piece.offset, what: "torn-tail" });
          }
          if (piece.state === "frame" && !calls.isOpen) offset = piece.end;
        }
      }
      // In the live segment the rest of a call is still to come; behind the end of any other it is lost.
      if (limit !== undefined) calls.finish();
      const { seq } = calls;
      if (
        limit !== undefined &&
        size < limit.length &&
        !damage.some((one) => one.file === file && one.what === "torn-tail")
      ) {
        damage.push({ file, offset: size, bytes: limit.length - size, what: "torn-tail" });
      }
      if (limit !== undefined && size > limit.length) {
        // What one epoch leaves behind its own segment was never acknowledged.
        const what = limit.epoch === stretch.header.epoch ? "torn-tail" : "foreign-epoch";
        damage.push({ file, offset: limit.length, bytes: size - limit.length, what });
      }
      return { offset, seq };
    } finally {
      await open.close();
    }
  }

  /** What an owner wrote that had been replaced. */
  #besideTheWay({ foreign }: History): readonly JournalDamage[] {
    return foreign.flatMap(({ file, start }) => {
      const size = this.#files.sizeSync(inFolder(this.#folder, file)) ?? 0;
      return size > start ? [{ file, offset: start, bytes: size - start, what: "foreign-epoch" as const }] : [];
    });
  }

  #withQuarantine(damage: JournalDamage): JournalDamage {
    const quarantine = `${QUARANTINE_FOLDER}/${quarantineName(damage.file, damage.offset, damage.bytes)}`;
    return this.#files.sizeSync(inFolder(this.#folder, quarantine)) === undefined ? damage : { ...damage, quarantine };
  }
}

/** Whether `end` lies before the cursor because files were lost under it: then the reader keeps its place. */
function isBehind(end: JournalCursor, cursor: JournalCursor, { stretches, foreign }: History): boolean {
  if (end.segment === cursor.segment) return end.offset < cursor.offset;
  if (end.seq > cursor.seq) return false;
  const known = ({ file, header }: Segment): boolean =>
    file === cursor.segment || header.predecessor?.segment === cursor.segment;
  return !stretches.some(known) && !foreign.some(({ file }) => file === cursor.segment);
}
