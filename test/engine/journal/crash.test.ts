import { describe, expect, it } from "vitest";
import type { JournalEvent, RecordedEvent } from "../../../src/contract/events.ts";
import { parseSegmentName, parseSnapshotName } from "../../../src/engine/journal/fileNames.ts";
import { openJournal } from "../../../src/engine/journal/openJournal.ts";
import type { Journal, JournalRead, JournalWriter } from "../../../src/engine/seams.ts";
import { CrashFiles, type Random } from "../../support/crashFiles.ts";
import { apply, captured, forgotten, type Living, living, silentLogger } from "../../support/journalEvents.ts";
import { withFaults } from "../../support/faultFiles.ts";
import { seededRandom } from "../../support/seededRandom.ts";

const FOLDER = "/store/journal";
const open = (files: CrashFiles): Promise<Journal> =>
  openJournal(files, FOLDER, { maxStoreBytes: 1e9, logger: silentLogger });

const noneLiving: Living = new Map();

/** A writer, and beside it what it wrote: `history[n]` is the living state after the event n. */
class Workload {
  readonly history: Living[];
  readonly written: RecordedEvent[] = [];
  /** Sequence numbers at which a call ends. */
  readonly callEnds = new Set([0]);
  acknowledged: number;
  /** Texts that a finished purge promised to have removed. */
  readonly purged: string[] = [];
  readonly #writer: JournalWriter;

  constructor(writer: JournalWriter, before: readonly Living[]) {
    this.#writer = writer;
    this.history = [...before];
    this.acknowledged = before.length - 1;
    this.callEnds.add(this.acknowledged);
  }

  async append(events: readonly JournalEvent[]): Promise<void> {
    for (const event of events) {
      const recorded: RecordedEvent = { seq: this.history.length, event };
      this.written[recorded.seq] = recorded;
      this.history.push(apply(this.history.at(-1) ?? noneLiving, [recorded]));
    }
    this.callEnds.add(this.history.length - 1);
    const recorded = await this.#writer.append(events);
    this.acknowledged = recorded.at(-1)?.seq ?? this.acknowledged;
  }

  async compact(purge: boolean, gone: readonly string[]): Promise<void> {
    const state = (): readonly RecordedEvent[] => [...(this.history[this.acknowledged] ?? noneLiving).values()];
    await this.#writer.compact(state, { purge });
    if (purge) this.purged.push(...gone);
  }

  close(): Promise<void> {
    return this.#writer.close();
  }
}

async function start(files: CrashFiles, epoch: number, before?: readonly Living[]): Promise<Workload> {
  const journal = await open(files);
  const { cursor } = await journal.read();
  return new Workload(await journal.startWriting(epoch, cursor), before ?? [new Map()]);
}

/** Captures (several at once), forgetting, both kinds of compaction, and a second owner after the first. */
async function run(files: CrashFiles, random: Random, seen: (workload: Workload) => void): Promise<void> {
  let count = 0;
  const capture = (): JournalEvent =>
    captured(`m${++count}`, `<text ${count}> ${"x".repeat(Math.floor(random() * 300))}`);
  const several = (workload: Workload): Promise<unknown> =>
    Promise.all(
      Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
        workload.append(Array.from({ length: 1 + Math.floor(random() * 2) }, capture)),
      ),
    );
  let history: readonly Living[] | undefined;
  for (const epoch of [1, 2]) {
    const workload = await start(files, epoch, history);
    seen(workload);
    await several(workload);
    const early = count;
    await workload.append([forgotten([`m${early}`])]);
    await workload.compact(false, []);
    await several(workload);
    await workload.compact(epoch === 1, [`<text ${early}>`]);
    await workload.append([forgotten([`m${count}`])]);
    await several(workload);
    await workload.compact(epoch === 2, [`<text ${early}>`]);
    await several(workload);
    await workload.close();
    history = workload.history;
  }
}

/**
 * Everything acknowledged is there; of what was in flight whole calls in their order, or what is left of them with the damage reported; and
 * nothing else.
 */
function expectHistory(read: JournalRead, before: Before): void {
  expect(read.cursor.seq).toBeGreaterThanOrEqual(before.acknowledged);
  const inFlight = read.events.filter(({ seq }) => seq > before.acknowledged);
  expect(inFlight).toEqual(inFlight.map(({ seq }) => before.written[seq]));
  expect(living(read.events)).toEqual(apply(before.history[before.acknowledged] ?? noneLiving, inFlight));
  if (!read.damage.some(({ what }) => what === "bad-frame")) {
    expect(living(read.events)).toEqual(before.history[read.cursor.seq]);
    expect(before.callEnds.has(read.cursor.seq)).toBe(true);
  }
}

/** The crash took nothing acknowledged, and the store can be written again. */
async function check(disk: CrashFiles, before: Before): Promise<void> {
  const journal = await open(disk);
  const read = await journal.read();
  expectHistory(read, before);
  const epoch = 100;
  const writer = await journal.startWriting(epoch, read.cursor);
  const [added] = await writer.append([captured("after")]);
  expect(added?.seq).toBe(read.cursor.seq + 1);
  await writer.close();
  for (const file of await disk.list(FOLDER)) {
    const generation = (parseSegmentName(file) ?? parseSnapshotName(file))?.generation ?? Infinity;
    expect(generation, "of generations before the last two nothing is left").toBeGreaterThanOrEqual(
      read.cursor.generation - 1,
    );
  }
  const again = await (await open(disk)).read();
  expect(living(again.events)).toEqual(apply(living(read.events), added === undefined ? [] : [added]));
  for (const text of before.purged) await expectNowhere(disk, text);
}

async function expectNowhere(disk: CrashFiles, text: string): Promise<void> {
  for (const file of await disk.list(FOLDER)) {
    if (disk.sizeSync(`${FOLDER}/${file}`) === undefined) continue;
    expect(Buffer.from(await disk.readFile(`${FOLDER}/${file}`)).includes(text), `${text} in ${file}`).toBe(false);
  }
}

type Before = Pick<Workload, "history" | "written" | "callEnds" | "acknowledged" | "purged">;

interface Crash {
  readonly disk: CrashFiles;
  readonly before: Before;
  readonly at: string;
}

/** Runs the workload and crashes it before every operation that changes the disk, `each` times. */
async function crashes(seed: number, each: number): Promise<readonly Crash[]> {
  const random = seededRandom(seed);
  const files = new CrashFiles();
  const found: Crash[] = [];
  let workload: Workload | undefined;
  files.onChange = (at) => {
    const { acknowledged = 0, purged = [] } = workload ?? {};
    const { history = [new Map()], written = [], callEnds = new Set([0]) } = workload ?? {};
    const before = { history, written, callEnds, acknowledged, purged: [...purged] };
    for (let index = 0; index < each; index++) found.push({ disk: files.afterCrash(random), before, at });
  };
  await run(files, random, (begun) => {
    workload = begun;
  });
  return found;
}

describe("the journal after the machine went down", () => {
  it("still holds every acknowledged event, whatever the disk kept of the rest", async () => {
    let checked = 0;
    for (let seed = 1; seed <= 8; seed++) {
      for (const { disk, before, at } of await crashes(seed, 4)) {
        try {
          await check(disk, before);
        } catch (thrown) {
          throw new Error(`seed ${seed}, state ${checked}, crash before: ${at}`, { cause: thrown });
        }
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(3000);
  });

  it("survives a second crash while it recovers from the first", async () => {
    let checked = 0;
    const random = seededRandom(99);
    for (const { disk, before, at } of await crashes(11, 1)) {
      const second: CrashFiles[] = [];
      disk.onChange = () => second.push(disk.afterCrash(random));
      await check(disk, before);
      for (const [index, state] of second.entries()) {
        const journal = await open(state);
        const read = await journal.read();
        // "after" is in flight while the second crash happens: with it or without, the rest is as it was.
        const last = read.events.at(-1);
        const isAfter = last?.event.type === "captured" && last.event.memory.id === "after";
        const seq = isAfter ? Math.max(before.acknowledged, read.events.at(-2)?.seq ?? 0) : read.cursor.seq;
        try {
          const events = isAfter ? read.events.slice(0, -1) : read.events;
          expectHistory({ ...read, events, cursor: { ...read.cursor, seq } }, before);
        } catch (thrown) {
          throw new Error(`crash before ${at}, then state ${index}`, { cause: thrown });
        }
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(500);
  });

  it("keeps what a new owner found written but not fsynced by one that was killed", async () => {
    const files = new CrashFiles();
    const { files: dying, faults } = withFaults(files);
    const first = await openJournal(dying, FOLDER, { maxStoreBytes: 1e9, logger: silentLogger });
    const killed = await first.startWriting(1, (await first.read()).cursor);
    await killed.append([captured("a")]);
    faults.datasync = () => new Promise(() => undefined);
    void killed.append([captured("b")]);
    while ((await (await open(files)).read()).events.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const second = await open(files);
    const found = await second.read();
    const writer = await second.startWriting(2, found.cursor);
    await writer.append([captured("c")]);
    for (let seed = 0; seed < 50; seed++) {
      const read = await (await open(files.afterCrash(seededRandom(seed)))).read();
      expect([...living(read.events).keys()]).toEqual(["a", "b", "c"]);
      expect(read.damage).toEqual([]);
    }
  });
});
