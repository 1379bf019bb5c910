import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { RecordedEvent } from "../../../src/contract/events.ts";
import { openJournal } from "../../../src/engine/journal/openJournal.ts";
import type { Journal, JournalCursor, JournalRead } from "../../../src/engine/seams.ts";
import { CrashFiles } from "../../support/crashFiles.ts";
import { captured, silentLogger } from "../../support/journalEvents.ts";
import { crc32c } from "../../../src/engine/journal/crc32c.ts";

const FOLDER = "/store";
const open = (files: CrashFiles): Promise<Journal> =>
  openJournal(files, FOLDER, { maxStoreBytes: 1e9, logger: silentLogger });

/** Files of a store: name and bytes. */
type Disk = ReadonlyMap<string, Buffer>;

async function diskOf(files: CrashFiles): Promise<Disk> {
  const disk = new Map<string, Buffer>();
  for (const name of await files.list(FOLDER)) {
    if (files.sizeSync(`${FOLDER}/${name}`) !== undefined)
      disk.set(name, Buffer.from(await files.readFile(`${FOLDER}/${name}`)));
  }
  return disk;
}

async function restored(disk: Disk, changed?: { readonly file: string; readonly bytes: Buffer }): Promise<CrashFiles> {
  const files = new CrashFiles();
  await files.makeFolder(FOLDER);
  for (const [name, bytes] of disk) files.put(`${FOLDER}/${name}`, name === changed?.file ? changed.bytes : bytes);
  return files;
}

async function without(disk: Disk, file: string): Promise<CrashFiles> {
  return restored(new Map([...disk].filter(([name]) => name !== file)));
}

const SEGMENT = "segment-1-1-1.log";
/** One segment with twelve events. */
let single: Disk;
let singleEvents: readonly RecordedEvent[];
/** Snapshot of generation 1 to 3, with segments of two epochs. */
let several: Disk;
let severalRead: JournalRead;
/** Every event that was ever written to it. */
let severalEvents: readonly RecordedEvent[];

beforeAll(async () => {
  const files = new CrashFiles();
  let journal = await open(files);
  let writer = await journal.startWriting(1, (await journal.read()).cursor);
  for (let index = 0; index < 12; index++) await writer.append([captured(`m${index}`, "text ".repeat(index % 4))]);
  await writer.close();
  single = await diskOf(files);
  singleEvents = (await (await open(files)).read()).events;
  journal = await open(files);
  let read = await journal.read();
  writer = await journal.startWriting(2, read.cursor);
  await writer.append([captured("n1"), captured("n2")]);
  await writer.compact(() => singleEvents.slice(0, 3), { purge: false });
  await writer.append([captured("o1")]);
  await writer.append([captured("o2")]);
  const kept = [...singleEvents.slice(0, 3), { seq: 15, event: captured("o1") }];
  await writer.close();
  journal = await open(files);
  read = await journal.read();
  writer = await journal.startWriting(3, read.cursor);
  await writer.append([captured("p1")]);
  await writer.compact(() => kept, { purge: false });
  await writer.append([captured("q1")]);
  await writer.append([captured("q2")]);
  await writer.close();
  several = await diskOf(files);
  severalEvents = [
    ...singleEvents,
    ...["n1", "n2", "o1", "o2", "p1", "q1", "q2"].map((id, index) => ({ seq: 13 + index, event: captured(id) })),
  ];
  severalRead = await (await open(files)).read();
});

async function mended(
  files: CrashFiles,
): Promise<{ read: JournalRead; recovered: readonly string[]; again: JournalRead }> {
  const journal = await open(files);
  const read = await journal.read();
  const writer = await journal.startWriting(50, read.cursor);
  const [added] = await writer.append([captured("added")]);
  await writer.close();
  const again = await (await open(files)).read();
  expect(again.events).toEqual([...read.events, added]);
  return { read, recovered: writer.recovered.map(({ what }) => what), again };
}

describe("opening a damaged journal", () => {
  it("gives a prefix of the events for every prefix of the file, and can be written again", async () => {
    const whole = single.get(SEGMENT) ?? Buffer.alloc(0);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
        const files = await restored(single, { file: SEGMENT, bytes: whole.subarray(0, length) });
        const { read, again } = await mended(files);
        expect(read.damage).toEqual([]);
        expect(read.events).toEqual(singleEvents.slice(0, read.events.length));
        expect(again.damage).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it("never crashes, invents or silently loses an event when one bit is flipped, wherever it is", async () => {
    await expectFlipsAreNoticed(single, singleEvents, 1500);
    await expectFlipsAreNoticed(several, severalEvents, 1500);
  });

  it("cuts a torn tail off, keeps its bytes, and says so", async () => {
    const whole = single.get(SEGMENT) ?? Buffer.alloc(0);
    const files = await restored(single, { file: SEGMENT, bytes: whole.subarray(0, whole.length - 5) });
    const { read, recovered } = await mended(files);
    expect(read.events).toEqual(singleEvents.slice(0, -1));
    expect(recovered).toEqual(["torn-tail"]);
    const aside = await files.list(`${FOLDER}/quarantine`);
    expect(aside).toHaveLength(1);
    const bytes = Buffer.from(await files.readFile(`${FOLDER}/quarantine/${aside[0] ?? ""}`));
    expect(whole.subarray(read.cursor.offset, whole.length - 5).equals(bytes)).toBe(true);
    expect(files.sizeSync(`${FOLDER}/${SEGMENT}`)).toBe(read.cursor.offset);
    expect(await (await open(files)).verify()).toEqual([]);
  });

  it("passes over a bad frame, also one whose length is damaged, and names where its bytes are kept", async () => {
    const whole = Buffer.from(single.get(SEGMENT) ?? Buffer.alloc(0));
    const frames = framesOf(whole);
    const [third, sixth] = [frames[2], frames[5]];
    if (third === undefined || sixth === undefined) throw new Error("the segment has twelve frames");
    whole[third + 20] = 0;
    whole.writeUInt32LE(50_000_000, sixth);
    const files = await restored(single, { file: SEGMENT, bytes: whole });
    const { read, recovered, again } = await mended(files);
    expect(read.events.map(({ seq }) => seq)).toEqual([1, 2, 4, 5, 7, 8, 9, 10, 11, 12]);
    expect(read.damage.map(({ what, offset }) => [what, offset])).toEqual([
      ["bad-frame", third],
      ["bad-frame", sixth],
    ]);
    expect(recovered).toEqual(["bad-frame", "bad-frame"]);
    expect(again.damage.map(({ quarantine }) => quarantine !== undefined)).toEqual([true, true]);
  });

  it("reads the generation before when the newest snapshot is not valid, and says so", async () => {
    for (const bytes of ["cut", "flipped"] as const) {
      const newest = Buffer.from(several.get("snapshot-3-3.log") ?? Buffer.alloc(0));
      newest.writeUInt8(newest.readUInt8(newest.length - 100) ^ 1, newest.length - 100);
      const files = await restored(several, {
        file: "snapshot-3-3.log",
        bytes: bytes === "cut" ? newest.subarray(0, newest.length - 60) : newest,
      });
      const read = await (await open(files)).read();
      expect(read.damage.map(({ file, what }) => [file, what])).toEqual([["snapshot-3-3.log", "bad-frame"]]);
      expect(read.events.map(({ seq }) => seq)).toEqual([1, 2, 3, 15, 16, 17, 18, 19]);
      expect(read.cursor).toEqual(severalRead.cursor);
    }
  });

  it("is STORE_CORRUPT without a valid snapshot where there must be one, and touches nothing", async () => {
    const files = await without(several, "snapshot-2-2.log");
    files.put(`${FOLDER}/snapshot-3-3.log`, Buffer.from("nothing"));
    const before = await diskOf(files);
    const journal = await open(files);
    await expect(journal.read()).rejects.toMatchObject({ code: "STORE_CORRUPT" });
    await expect(journal.read()).rejects.toThrow("heirloom doctor --rebuild");
    expect(await diskOf(files)).toEqual(before);
  });

  it("salvages what is left when no snapshot is valid, and can write it down again", async () => {
    const files = await without(several, "snapshot-2-2.log");
    const newest = Buffer.from(several.get("snapshot-3-3.log") ?? Buffer.alloc(0));
    newest.writeUInt8(newest.readUInt8(newest.length - 100) ^ 1, newest.length - 100);
    files.put(`${FOLDER}/snapshot-3-3.log`, newest);
    const journal = await open(files);
    await expect(journal.read()).rejects.toMatchObject({ code: "STORE_CORRUPT" });
    const saved = await journal.salvage();
    expect(saved.events.map(({ seq }) => seq)).toEqual([1, 2, 3, 15, 16, 17, 18, 19]);
    for (const event of saved.events) expect(severalEvents).toContainEqual(event);
    expect(saved.damage.map(({ what }) => what)).toContain("bad-frame");
    const writer = await journal.startWriting(9, saved.cursor);
    await writer.compact(() => saved.events, { purge: false });
    const [added] = await writer.append([captured("added")]);
    await writer.close();
    expect((await (await open(files)).read()).events).toEqual([...saved.events, added]);
  });

  it("refuses a file of another version by name and number, and touches nothing", async () => {
    for (const file of several.keys()) {
      if (file === "turns") continue;
      const bytes = Buffer.from(several.get(file) ?? Buffer.alloc(0));
      bytes.writeUInt32LE(7, 8);
      bytes.writeUInt32LE(crc32c(bytes.subarray(0, 12)), 12);
      const files = await restored(several, { file, bytes });
      const before = await diskOf(files);
      const journal = await open(files);
      await expect(journal.read()).rejects.toMatchObject({
        code: "UNSUPPORTED_VERSION",
        details: { file, version: 7, supported: 1 },
      });
      await expect(journal.startWriting(50, severalRead.cursor)).rejects.toMatchObject({ code: "UNSUPPORTED_VERSION" });
      expect(await diskOf(files)).toEqual(before);
    }
  });

  it("leaves the state of a reader alone whose files are lost under it, reports them, and lets it write that state down", async () => {
    const whole = single.get(SEGMENT) ?? Buffer.alloc(0);
    const { cursor } = await (await open(await restored(single))).read();
    const cut = await restored(single, { file: SEGMENT, bytes: whole.subarray(0, whole.length - 200) });
    const gone = await without(single, SEGMENT);
    for (const [files, what] of [
      [cut, "torn-tail"],
      [gone, "missing-file"],
    ] as const) {
      const journal = await open(files);
      const read = await journal.read(cursor);
      expect({ events: read.events, reset: read.reset, cursor: read.cursor }).toEqual({
        events: [],
        reset: false,
        cursor,
      });
      expect(read.damage.map((damage) => damage.what)).toEqual([what]);
      const writer = await journal.startWriting(2, read.cursor);
      await writer.compact(() => singleEvents, { purge: false });
      const [added] = await writer.append([captured("added")]);
      await writer.close();
      const rescued = await (await open(files)).read();
      expect(rescued.events).toEqual([...singleEvents, added]);
    }
  });

  it("reports a segment that is gone from the middle, and gives the rest", async () => {
    const files = await without(several, "segment-2-3-1.log");
    const read = await (await open(files)).read();
    expect(read.damage.map(({ file, what }) => [file, what])).toEqual([["segment-2-3-1.log", "missing-file"]]);
    expect(read.events).toEqual(severalRead.events);
  });
});

/** Offsets of the event frames of a whole segment. */
function framesOf(bytes: Buffer): readonly number[] {
  const offsets: number[] = [];
  for (let offset = 16; offset < bytes.length; offset += 8 + bytes.readUInt32LE(offset)) offsets.push(offset);
  return offsets.slice(2);
}

async function expectFlipsAreNoticed(disk: Disk, written: readonly RecordedEvent[], numRuns: number): Promise<void> {
  const files = [...disk.keys()].filter((file) => file !== "turns");
  const place = fc
    .constantFrom(...files)
    .chain((file) =>
      fc.tuple(fc.constant(file), fc.nat((disk.get(file)?.length ?? 1) - 1), fc.integer({ min: 0, max: 7 })),
    );
  await fc.assert(
    fc.asyncProperty(place, async ([file, offset, bit]) => {
      const bytes = Buffer.from(disk.get(file) ?? Buffer.alloc(0));
      bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
      const damaged = await restored(disk, { file, bytes });
      const journal = await open(damaged);
      const read = await journal.read();
      for (const event of read.events) expect(written).toContainEqual(event);
      const reported = read.damage.length > 0 || (await recoversOrVerifies(journal, read.cursor));
      expect(reported, `${file} at ${offset} bit ${bit}`).toBe(true);
    }),
    { numRuns },
  );
}

async function recoversOrVerifies(journal: Journal, cursor: JournalCursor): Promise<boolean> {
  const writer = await journal.startWriting(50, cursor);
  await writer.close();
  return writer.recovered.length > 0 || (await journal.verify()).length > 0;
}
