import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RecordedEvent } from "../../../src/contract/events.ts";
import { type JournalOptions, openJournal } from "../../../src/engine/journal/openJournal.ts";
import type { Files } from "../../../src/engine/ports.ts";
import type { Journal, JournalWriter } from "../../../src/engine/seams.ts";
import { nodeFiles } from "../../../src/serve/nodeFiles.ts";
import { nodeError, withFaults } from "../../support/faultFiles.ts";
import { captured, forgotten, living, silentLogger } from "../../support/journalEvents.ts";

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "heirloom-journal-")), "journal");
});
afterEach(async () => {
  await rm(join(folder, ".."), { recursive: true });
});

const open = (options: Partial<JournalOptions> = {}, files: Files = nodeFiles): Promise<Journal> =>
  openJournal(files, folder, { maxStoreBytes: 1e9, logger: silentLogger, ...options });

async function begin(
  epoch = 1,
  options: Partial<JournalOptions> = {},
  files: Files = nodeFiles,
): Promise<{ journal: Journal; writer: JournalWriter; events: readonly RecordedEvent[] }> {
  const journal = await open(options, files);
  const { cursor, events } = await journal.read();
  return { journal, writer: await journal.startWriting(epoch, cursor), events };
}

const ids = (events: readonly RecordedEvent[]): readonly string[] => [...living(events).keys()];
const readAll = async (): Promise<readonly RecordedEvent[]> => (await (await open()).read()).events;

describe("a journal's writer", () => {
  it("answers in the order of the sequence numbers, and what it answered is read by another process's journal", async () => {
    const { writer } = await begin();
    const answered: number[] = [];
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const recorded = await writer.append([captured(`a${index}`), captured(`b${index}`)]);
        answered.push(...recorded.map(({ seq }) => seq));
      }),
    );
    expect(answered).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
    const events = await readAll();
    expect(events.map(({ seq }) => seq)).toEqual(answered);
    expect(events[1]).toEqual({ seq: 2, event: captured("b0") });
    expect(writer.cursor.seq).toBe(400);
    await writer.close();
  });

  it("shares one fsync between those that wait", async () => {
    const { files, faults } = withFaults(nodeFiles);
    const { writer } = await begin(1, {}, files);
    let syncs = 0;
    faults.datasync = () => Promise.resolve(void (syncs += 1));
    await Promise.all(Array.from({ length: 64 }, (_, index) => writer.append([captured(`m${index}`)])));
    expect(syncs).toBe(1);
    await writer.close();
  });

  it("writes a batch larger than one write, and text of every kind, unchanged", async () => {
    const { writer } = await begin();
    const texts = ["x".repeat(9_000_000), '\u0000\u0001 \u2028 é 😀 "\\\n', "y".repeat(1_000_000)];
    await Promise.all(texts.map((text, index) => writer.append([captured(`m${index}`, text)])));
    expect(await readAll()).toEqual(
      texts.map((text, index) => ({ seq: index + 1, event: captured(`m${index}`, text) })),
    );
    await writer.close();
  });

  it("creates files that nobody else can read", async () => {
    const { writer } = await begin();
    await writer.append([captured("a")]);
    await writer.compact(() => [], { purge: false });
    for (const file of await readdir(folder)) expect((await stat(join(folder, file))).mode & 0o077).toBe(0);
    expect((await stat(folder)).mode & 0o077).toBe(0);
    await writer.close();
  });

  it("rejects what waits when it is closed, and what comes later", async () => {
    const { writer } = await begin();
    const done = writer.append([captured("a")]);
    await done;
    const waiting = writer.append([captured("b")]);
    const closing = writer.close();
    await expect(waiting).rejects.toMatchObject({ code: "OWNER_UNREACHABLE" });
    await closing;
    await expect(writer.append([captured("c")])).rejects.toMatchObject({ code: "OWNER_UNREACHABLE" });
    await expect(writer.compact(() => [], { purge: false })).rejects.toMatchObject({ code: "OWNER_UNREACHABLE" });
    expect(ids(await readAll())).toEqual(["a"]);
  });

  it("writes nothing once the fence says that a newer epoch exists", async () => {
    let mine = true;
    const { writer } = await begin(1, { fence: () => mine });
    await writer.append([captured("a")]);
    mine = false;
    await expect(writer.append([captured("b")])).rejects.toMatchObject({ code: "OWNER_UNREACHABLE" });
    await expect(writer.compact(() => [], { purge: true })).rejects.toMatchObject({ code: "OWNER_UNREACHABLE" });
    expect(ids(await readAll())).toEqual(["a"]);
    await writer.close();
  });

  it("starts only from the end of what is written, and never below an epoch that has written", async () => {
    const { writer } = await begin(3);
    const early = writer.cursor;
    await writer.append([captured("a")]);
    await writer.close();
    const journal = await open();
    await expect(journal.startWriting(4, early)).rejects.toMatchObject({ code: "INTERNAL" });
    await expect(journal.startWriting(2, (await journal.read()).cursor)).rejects.toMatchObject({
      code: "OWNER_UNREACHABLE",
    });
    const again = await journal.startWriting(3, (await journal.read()).cursor);
    expect((await again.append([captured("b")]))[0]?.seq).toBe(2);
    await again.close();
    expect(ids(await readAll())).toEqual(["a", "b"]);
  });

  it("refuses an event that no frame can hold", async () => {
    const { writer } = await begin();
    await expect(writer.append([captured("a", "x".repeat(64 * 1024 * 1024))])).rejects.toMatchObject({
      code: "PAYLOAD_TOO_LARGE",
    });
    await writer.close();
  });
});

describe("a journal on a disk that fails", () => {
  it("answers STORAGE_FULL when there is no room, keeps what was acknowledged, and goes on when there is", async () => {
    const { files, faults } = withFaults(nodeFiles);
    const { writer } = await begin(1, {}, files);
    await writer.append([captured("a")]);
    for (const room of [0, 1, 7, 40, 460, 1000]) {
      faults.room = room;
      const calls = [writer.append([captured("lost1"), captured("lost2")]), writer.append([captured("lost3")])];
      await Promise.all(calls.map((call) => expect(call).rejects.toMatchObject({ code: "STORAGE_FULL" })));
      expect(ids(await readAll()), `with room for ${room} bytes`).toEqual(["a"]);
    }
    faults.room = Infinity;
    expect((await writer.append([captured("b")]))[0]?.seq).toBe(2);
    await writer.close();
    const read = await (await open()).read();
    expect(ids(read.events)).toEqual(["a", "b"]);
    expect(read.damage).toEqual([]);
  });

  it("never trusts a segment again whose fsync failed, and readers who saw its bytes start over", async () => {
    const { files, faults } = withFaults(nodeFiles);
    const { writer } = await begin(1, {}, files);
    await writer.append([captured("a")]);
    const follower = await open();
    let premature = (await follower.read()).cursor;
    faults.datasync = async () => {
      premature = (await follower.read(premature)).cursor;
      throw nodeError("EIO");
    };
    faults.truncate = () => Promise.reject(nodeError("EIO"));
    await expect(writer.append([captured("lost")])).rejects.toMatchObject({ code: "INTERNAL" });
    expect(premature.seq).toBe(2);
    faults.datasync = () => Promise.resolve();
    await writer.append([captured("b")]);
    const read = await follower.read(premature);
    expect(read.reset).toBe(true);
    expect(ids(read.events)).toEqual(["a", "b"]);
    expect(read.damage.map(({ what }) => what)).toEqual(["torn-tail"]);
    expect((await readdir(folder)).filter((file) => file.startsWith("segment"))).toHaveLength(2);
    await writer.close();
  });

  it("goes on after a compaction that found no room, and after one whose fsync failed", async () => {
    const { files, faults } = withFaults(nodeFiles);
    const { writer } = await begin(1, {}, files);
    const recorded = await writer.append([captured("a"), captured("b")]);
    for (const room of [0, 100, 600, 1200]) {
      faults.room = room;
      await expect(writer.compact(() => recorded, { purge: true })).rejects.toMatchObject({ code: "STORAGE_FULL" });
      faults.room = Infinity;
      expect(ids(await readAll())).toEqual(["a", "b"]);
    }
    await writer.append([captured("c")]);
    faults.datasync = () => Promise.reject(nodeError("EIO"));
    await expect(writer.compact(() => [], { purge: true })).rejects.toMatchObject({ code: "INTERNAL" });
    faults.datasync = () => Promise.resolve();
    await writer.append([captured("d")]);
    expect(ids(await readAll())).toEqual(["a", "b", "c", "d"]);
    await writer.compact(() => [...living(recorded).values()], { purge: true });
    await writer.append([captured("e")]);
    expect(ids(await readAll())).toEqual(["a", "b", "e"]);
    await writer.close();
  });

  it("names a refusal of the operating system by what it is", async () => {
    const { files, faults } = withFaults(nodeFiles);
    const { writer } = await begin(1, {}, files);
    faults.append = () => Promise.reject(nodeError("EROFS"));
    await expect(writer.append([captured("a")])).rejects.toMatchObject({ code: "FORBIDDEN_PATH" });
    faults.append = () => Promise.resolve();
    await writer.append([captured("b")]);
    expect(ids(await readAll())).toEqual(["b"]);
    await writer.close();
  });

  it("holds maxStoreBytes, and forgetting and compacting make room", async () => {
    const { writer } = await begin(1, { maxStoreBytes: 3000 });
    const written: RecordedEvent[] = [];
    const fill = async (): Promise<void> => {
      for (;;) written.push(...(await writer.append([captured(`m${written.length}`, "x".repeat(200))])));
    };
    await expect(fill()).rejects.toMatchObject({ code: "STORAGE_FULL" });
    expect(written.length).toBeGreaterThan(2);
    await writer.append([forgotten(written.map(({ event }) => (event.type === "captured" ? event.memory.id : "")))]);
    await writer.compact(() => [], { purge: true });
    await expect(fill()).rejects.toMatchObject({ code: "STORAGE_FULL" });
    await writer.close();
  });
});

describe("a follower of a journal", () => {
  it("is told of every append, new segment, epoch and compaction, and reads on without starting over", async () => {
    let { writer } = await begin(1);
    const follower = await open();
    let { cursor, events } = await follower.read();
    const seen = [...events];
    const follow = async (): Promise<void> => {
      expect(follower.moved(cursor)).toBe(true);
      const read = await follower.read(cursor);
      expect(read.reset).toBe(false);
      expect(read.damage).toEqual([]);
      seen.push(...read.events);
      ({ cursor, events } = read);
      expect(follower.moved(cursor)).toBe(false);
    };
    await writer.append([captured("a")]);
    await follow();
    await writer.compact(() => seen, { purge: false });
    await follow();
    await writer.append([captured("b")]);
    await writer.append([captured("c")]);
    await follow();
    await writer.close();
    ({ writer } = await begin(2));
    await follow();
    await writer.append([captured("d")]);
    await follow();
    await writer.compact(() => seen, { purge: true });
    await writer.append([captured("e")]);
    await follow();
    expect(ids(seen)).toEqual(["a", "b", "c", "d", "e"]);
    expect(seen.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    await writer.close();
  });

  it("starts over from the snapshot when what it has not read is gone", async () => {
    const { writer } = await begin();
    const follower = await open();
    const [first] = await writer.append([captured("a")]);
    const { cursor } = await follower.read();
    const recorded = [...(first === undefined ? [] : [first]), ...(await writer.append([captured("b")]))];
    await writer.compact(() => recorded, { purge: false });
    expect((await follower.read(cursor)).reset).toBe(false);
    await writer.append([forgotten(["a"])]);
    await writer.compact(() => recorded.slice(1), { purge: true });
    const read = await follower.read(cursor);
    expect(read.reset).toBe(true);
    expect(ids(read.events)).toEqual(["b"]);
    expect(read.damage).toEqual([]);
    await writer.close();
  });

  it("does not take an append that is half written for damage, nor half of a call for the whole", async () => {
    const { files, faults } = withFaults(nodeFiles);
    const { writer } = await begin(1, {}, files);
    await writer.append([captured("a")]);
    const follower = await open();
    let { cursor } = await follower.read();
    faults.room = 600;
    faults.truncate = async () => {
      expect(follower.moved(cursor)).toBe(true);
      const read = await follower.read(cursor);
      expect(read.events).toEqual([]);
      expect(read.damage).toEqual([]);
      expect(follower.moved(read.cursor)).toBe(false);
      cursor = read.cursor;
    };
    await expect(writer.append([captured("lost1"), captured("lost2")])).rejects.toMatchObject({ code: "STORAGE_FULL" });
    faults.room = Infinity;
    faults.truncate = () => Promise.resolve();
    await writer.append([captured("b")]);
    expect(ids((await follower.read(cursor)).events)).toEqual(["b"]);
    await writer.close();
  });

  it("starts over when it read a whole append that the disk then had no room to finish", async () => {
    const { files, faults } = withFaults(nodeFiles);
    const { writer } = await begin(1, {}, files);
    await writer.append([captured("a")]);
    const follower = await open();
    let { cursor } = await follower.read();
    faults.room = 600;
    faults.truncate = async () => {
      cursor = (await follower.read(cursor)).cursor;
    };
    const calls = [writer.append([captured("lost1")]), writer.append([captured("lost2")])];
    await Promise.all(calls.map((call) => expect(call).rejects.toMatchObject({ code: "STORAGE_FULL" })));
    expect(cursor.seq).toBe(2);
    faults.room = Infinity;
    await writer.append([captured("b", "longer than the one before")]);
    const read = await follower.read(cursor);
    expect(read.reset).toBe(true);
    expect(ids(read.events)).toEqual(["a", "b"]);
    await writer.close();
  });

  it("ignores and reports what an owner writes after it was replaced", async () => {
    const { writer: first } = await begin(1);
    await first.append([captured("a")]);
    const follower = await open();
    const before = await follower.read();
    const { writer: second } = await begin(2);
    await first.append([captured("late")]);
    await second.append([captured("b")]);
    const read = await follower.read(before.cursor);
    expect(ids(read.events)).toEqual(["b"]);
    expect(read.damage.map(({ what }) => what)).toEqual(["foreign-epoch"]);
    await first.compact(() => [], { purge: false });
    await first.append([captured("later")]);
    await second.append([captured("c")]);
    expect(ids((await follower.read(read.cursor)).events)).toEqual(["c"]);
    expect(ids(await readAll())).toEqual(["a", "b", "c"]);
    const damage = await (await open()).verify();
    expect(new Set(damage.map(({ what }) => what))).toEqual(new Set(["foreign-epoch"]));
    await first.close();
    await second.close();
  });
});

describe("compaction", () => {
  it("keeps the generation before, and with purge nothing that is not in the snapshot", async () => {
    const { writer, journal } = await begin();
    const recorded = await writer.append([captured("secret", "the forgotten text"), captured("b")]);
    await writer.append([forgotten(["secret"])]);
    await writer.compact(() => recorded.slice(1), { purge: false });
    const texts = async (): Promise<string> =>
      (await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), "latin1")))).join();
    expect(await texts()).toContain("the forgotten text");
    expect((await journal.sizes()).snapshotBytes).toBeGreaterThan(0);
    await writer.compact(() => recorded.slice(1), { purge: true });
    expect(await texts()).not.toContain("the forgotten text");
    expect(ids(await readAll())).toEqual(["b"]);
    await writer.close();
  });

  it("lets appends wait that arrive meanwhile", async () => {
    const { writer } = await begin();
    const recorded = await writer.append([captured("a")]);
    const compacted = writer.compact(() => recorded, { purge: false });
    const [added] = await Promise.all([writer.append([captured("b")]), compacted]);
    expect(added[0]?.seq).toBe(2);
    expect(ids(await readAll())).toEqual(["a", "b"]);
    await writer.close();
  });

  it("lets the event loop breathe while a large snapshot is written", async () => {
    const { writer } = await begin();
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    function* many(): Iterable<RecordedEvent> {
      for (let seq = 1; seq <= 20_000; seq++) yield { seq, event: captured(`m${seq}`, "x".repeat(1000)) };
    }
    await writer.compact(many, { purge: false });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
    expect((await readAll()).length).toBe(20_000);
    await writer.close();
  });
});
