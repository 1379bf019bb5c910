import { HeirloomError } from "../../contract/errors.ts";
import type { JournalEvent, RecordedEvent } from "../../contract/events.ts";
import type { Files, Logger } from "../ports.ts";
import type { JournalCursor, JournalDamage, JournalWriter } from "../seams.ts";
import { compactJournal } from "./compaction.ts";
import { storageError } from "./failures.ts";
import type { Position } from "./fileHeader.ts";
import { FRAME_OVERHEAD, frameOf, MAX_PAYLOAD } from "./frame.ts";
import type { JournalReader } from "./journalReader.ts";
import { beginSegment, type LiveSegment } from "./segmentFile.ts";

export interface WriterOptions {
  readonly files: Files;
  readonly folder: string;
  readonly maxStoreBytes: number;
  readonly logger: Logger;
  readonly fence: () => boolean;
  readonly reader: JournalReader;
  readonly epoch: number;
}

export interface WriterStart {
  readonly generation: number;
  readonly nextNumber: number;
  readonly seq: number;
  readonly position?: Position;
  readonly snapshot?: string;
  readonly storeBytes: number;
  readonly recovered: readonly JournalDamage[];
}

/** One call of append that waits for its batch. */
interface Waiting {
  readonly events: readonly JournalEvent[];
  /** JSON of each event; the sequence number joins it when the batch is written. */
  readonly texts: readonly string[];
  /** An upper bound of what its frames take, in bytes. */
  readonly bytes: number;
  /** Whether it brings text; a call that only forgets must work when the store is at its limit. */
  readonly grows: boolean;
  readonly resolve: (recorded: readonly RecordedEvent[]) => void;
  readonly reject: (error: HeirloomError) => void;
}

/** One write takes no more than this, in bytes; a larger batch is several writes and still one fsync. */
const WRITE_BYTES = 4 * 1024 * 1024;
/** Beyond `maxStoreBytes`, for events that make room, in bytes. */
const RESERVE = 1024 * 1024;
/** `{"seq":9007199254740991,"rest":999999999,"event":}` around every event, and the frame. */
const AROUND_EVENT = 51 + FRAME_OVERHEAD;

/**
 * The single writer of one epoch. Invariants: `#position` is the last acknowledged place; a segment is written to only as long as every
 * write and fsync on it succeeded, or was undone so that no reader can have seen a frame of it. Otherwise it is abandoned, and the next
 * batch begins a segment that names `#position` as the place where history goes on.
 */
export class FolderWriter implements JournalWriter {
  readonly recovered: readonly JournalDamage[];
  readonly #options: WriterOptions;
  #live: LiveSegment | undefined;
  #generation: number;
  #nextNumber: number;
  #position: Position | undefined;
  #seq: number;
  #snapshotToName: string | undefined;
  #storeBytes: number;
  #queue: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  /** Batches, compactions and closing take turns. */
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(options: WriterOptions, start: WriterStart) {
    this.#options = options;
    this.#generation = start.generation;
    this.#nextNumber = start.nextNumber;
    this.#seq = start.seq;
    this.#position = start.position;
    this.#snapshotToName = start.snapshot;
    this.#storeBytes = start.storeBytes;
    this.recovered = start.recovered;
  }

  static async begin(options: WriterOptions, start: WriterStart): Promise<FolderWriter> {
    const writer = new FolderWriter(options, start);
    writer.#requireOwnership();
    await writer.#segment();
    return writer;
  }

  get cursor(): JournalCursor {
    const { segment, length } = this.#position ?? { segment: "", length: 0 };
    return { generation: this.#generation, segment, offset: length, seq: this.#seq };
  }

  append(events: readonly JournalEvent[]): Promise<readonly RecordedEvent[]> {
    if (this.#closed) return Promise.reject(closedError());
    const texts: string[] = [];
    let bytes = 0;
    for (const event of events) {
      const text = JSON.stringify(event);
      const size = Buffer.byteLength(text) + AROUND_EVENT;
      if (size > MAX_PAYLOAD) {
        const limit = MAX_PAYLOAD - AROUND_EVENT;
        return Promise.reject(
          new HeirloomError("PAYLOAD_TOO_LARGE", `One event may take ${limit} bytes at most: make it smaller.`, {
            size,
            limit,
          }),
        );
      }
      texts.push(text);
      bytes += size;
    }
    return new Promise((resolve, reject) => {
      const grows = events.some(({ type }) => type === "captured" || type === "merged" || type === "revised");
      this.#queue.push({ events, texts, bytes, grows, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  compact(state: () => Iterable<RecordedEvent>, { purge }: { readonly purge: boolean }): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#closed) throw closedError();
      this.#requireOwnership();
      // Those whose appends were just acknowledged bring their state up to date first.
      await nextTurnOfTheLoop();
      await this.#compact(state, purge);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#queue.splice(0)) waiting.reject(closedError());
    await this.#inTurn(() => this.#abandon());
  }

  /** Writes batches until nothing waits. A turn of the event loop between them lets those that were just answered join the next one. */
  async #flush(): Promise<void> {
    while (this.#queue.length > 0) {
      await nextTurnOfTheLoop();
      await this.#inTurn(() => this.#writeBatch(this.#queue.splice(0)));
    }
    this.#flushing = undefined;
  }

  async #writeBatch(waiting: readonly Waiting[]): Promise<void> {
    const taken: Waiting[] = [];
    try {
      if (waiting.length === 0) return;
      if (this.#closed) throw closedError();
      this.#requireOwnership();
      let bytes = 0;
      for (const one of waiting) {
        if (this.#storeBytes + bytes + one.bytes > this.#options.maxStoreBytes + (one.grows ? 0 : RESERVE)) {
          one.reject(this.#overLimit());
          continue;
        }
        taken.push(one);
        bytes += one.bytes;
      }
      if (taken.length === 0) return;
      const live = await this.#segment();
      let seq = this.#seq;
      const recorded = taken.map(({ events }) => events.map((event): RecordedEvent => ({ seq: ++seq, event })));
      const length = await this.#writeFrames(live, taken);
      // A successor may have read the journal before these frames were in it. As long as there is none now, it will find them.
      if (!this.#options.fence()) throw replacedMeanwhile();
      this.#seq = seq;
      this.#position = { segment: live.file, length, seq };
      taken.forEach((one, index) => one.resolve(recorded[index] ?? []));
    } catch (thrown) {
      const error = storageError(thrown, "write to the journal", this.#options.folder);
      for (const one of waiting) one.reject(error);
    }
  }

  /** Writes and fsyncs; gives the segment's length. On failure nothing of the batch is left where a reader takes it for history. */
  async #writeFrames(live: LiveSegment, taken: readonly Waiting[]): Promise<number> {
    const start = this.#position?.length ?? live.headerLength;
    let seq = this.#seq;
    let length = start;
    let firstFrame = 0;
    let frames: Buffer[] = [];
    let waitingBytes = 0;
    let written = false;
    try {
      for (const { texts } of taken) {
        for (const [index, text] of texts.entries()) {
          const rest = texts.length - 1 - index;
          const frame = frameOf(`{"seq":${++seq},${rest === 0 ? "" : `"rest":${rest},`}"event":${text}}`);
          firstFrame ||= frame.length;
          frames.push(frame);
          waitingBytes += frame.length;
          if (waitingBytes < WRITE_BYTES) continue;
          await live.open.append(Buffer.concat(frames));
          length += waitingBytes;
          frames = [];
          waitingBytes = 0;
        }
      }
      if (waitingBytes > 0) await live.open.append(Buffer.concat(frames));
      length += waitingBytes;
      written = true;
      await live.open.datasync();
      this.#storeBytes += length - start;
      return length;
    } catch (thrown) {
      await this.#undo(live, start, firstFrame, written);
      throw thrown;
    }
  }

  /**
   * After a failed fsync the kernel may have dropped the pages and call the next fsync a success, so the segment is never written again.
   * After a failed write it goes on from the last acknowledged byte, unless a whole frame got in, which a follower may have read.
   */
  async #undo(live: LiveSegment, start: number, firstFrame: number, written: boolean): Promise<void> {
    try {
      const size = await live.open.size();
      await live.open.truncate(start);
      if (written || size >= start + firstFrame) {
        await this.#abandon();
        return;
      }
      await live.open.datasync();
    } catch {
      await this.#abandon();
    }
  }

  async #abandon(): Promise<void> {
    const live = this.#live;
    this.#live = undefined;
    try {
      await live?.open.close();
    } catch (thrown) {
      this.#options.logger.log("debug", "a segment could not be closed", { cause: String(thrown) });
    }
  }

  /** The segment to write to; begins one if there is none. */
  async #segment(): Promise<LiveSegment> {
    if (this.#live !== undefined) return this.#live;
    const snapshot = this.#snapshotToName;
    return this.#begin(this.#generation, snapshot === undefined ? {} : { snapshot });
  }

  async #begin(
    generation: number,
    follows: { readonly snapshot?: string; readonly purged?: true },
  ): Promise<LiveSegment> {
    await this.#abandon();
    const { files, folder, epoch } = this.#options;
    const live = await beginSegment(
      files,
      folder,
      { generation, epoch, number: this.#nextNumber++ },
      {
        firstSeq: this.#seq + 1,
        ...(this.#position === undefined ? {} : { predecessor: this.#position }),
        ...follows,
      },
    );
    this.#live = live;
    this.#generation = generation;
    this.#snapshotToName = undefined;
    this.#storeBytes += live.headerLength;
    this.#position = { segment: live.file, length: live.headerLength, seq: this.#seq };
    return live;
  }

  async #compact(state: () => Iterable<RecordedEvent>, purge: boolean): Promise<void> {
    this.#storeBytes = await compactJournal(this.#options, {
      generation: this.#generation + 1,
      seq: this.#seq,
      state,
      purge,
      requireOwnership: () => {
        this.#requireOwnership();
      },
      beginSegment: async (snapshot) => {
        await this.#begin(this.#generation + 1, purge ? { snapshot, purged: true } : { snapshot });
      },
    });
  }

  #requireOwnership(): void {
    if (this.#options.fence()) return;
    throw new HeirloomError(
      "OWNER_UNREACHABLE",
      "Another process has taken this store over, nothing was written: try again, the write then goes to it.",
    );
  }

  #overLimit(): HeirloomError {
    const limit = this.#options.maxStoreBytes;
    return new HeirloomError(
      "STORAGE_FULL",
      `The store has reached maxStoreBytes (${limit}): forget memories with \`heirloom forget --now\`, or raise the setting.`,
      { limit, bytes: this.#storeBytes },
    );
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

function closedError(): HeirloomError {
  return new HeirloomError("OWNER_UNREACHABLE", "This store is being closed, nothing was written: try again.");
}

function replacedMeanwhile(): HeirloomError {
  return new HeirloomError(
    "OWNER_UNREACHABLE",
    "Another process took this store over during the write, which may or may not have been kept: look, and try again.",
  );
}

function nextTurnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
