import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createDuplicateIndex } from "../../src/engine/admit/duplicates.ts";
import { textKind } from "../../src/engine/textKind.ts";
import { openJournal } from "../../src/engine/journal/openJournal.ts";
import { claimOwnership } from "../../src/engine/journal/ownership.ts";
import { MemoryStore, type StoreParts } from "../../src/engine/memoryStore.ts";
import type { Peers } from "../../src/engine/ports.ts";
import type { Projection } from "../../src/engine/seams.ts";
import { openProjection } from "../../src/engine/store/openProjection.ts";
import { loadSql } from "../../src/engine/store/sqlEngine.ts";
import { nodeFiles } from "../../src/serve/nodeFiles.ts";
import { withFaults } from "../support/faultFiles.ts";
import { captured, silentLogger } from "../support/journalEvents.ts";

const sql = await loadSql();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "heirloom-store-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process of this name; `dead` names those that run no more. */
function peers(name: string, dead: ReadonlySet<string> = new Set()): Peers {
  const address = { url: `http://${name}`, token: name };
  return {
    self: { pid: 1, started: name },
    probe: ({ started }) => Promise.resolve(dead.has(started) ? "dead" : "alive"),
    call: () => Promise.reject(new Error("nobody is called here")),
    address: () => Promise.resolve(address),
  };
}

function parts(process: Peers, files = nodeFiles): StoreParts {
  const journal = join(folder, "journal");
  return {
    folder,
    files,
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    logger: silentLogger,
    openJournal: (fence) => openJournal(files, journal, { maxStoreBytes: 1e9, logger: silentLogger, fence }),
    openProjection: (image) => openProjection(sql, image),
    textIndex: textKind,
    createDuplicateIndex: () => createDuplicateIndex(0.85),
    claim: () => claimOwnership(files, folder, process, { logger: silentLogger, journalFolder: journal }),
    probe: (identity, address) => process.probe(identity, address),
    forgetGraceHours: 24,
  };
}

const ids = (store: MemoryStore): readonly string[] => [...store.projection.memories()].map(({ memory }) => memory.id);
const everythingOnDisk = (): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");

describe("a store's cache", () => {
  test("that is being written when a memory is purged does not bring its text back to the disk", async () => {
    const { files, faults } = withFaults(nodeFiles);
    const store = await MemoryStore.open(parts(peers("one"), files));
    const secret = captured("secret", "the word is xylophonic");
    await store.commit([secret]);
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let reached: () => void = () => undefined;
    const writing = new Promise<void>((resolve) => (reached = resolve));
    faults.append = async (path) => {
      if (!path.includes("projection-")) return;
      reached();
      await held;
    };
    const older = store.saveCache();
    await writing;
    await store.commit([{ type: "forgotten", ids: ["secret"], undoToken: "", at: 1 }]);
    const purged = store.compact({ purge: true });
    await new Promise((resolve) => setTimeout(resolve, 50));
    goOn();
    await Promise.all([older, purged]);
    expect(everythingOnDisk()).not.toContain("xylophon");
    await store.close();
  });

  test("is gone before a purge, so that a disk that is full afterwards keeps no text in it", async () => {
    const { files, faults } = withFaults(nodeFiles);
    const store = await MemoryStore.open(parts(peers("one"), files));
    await store.commit([captured("secret", "the word is xylophonic")]);
    await store.saveCache();
    expect(everythingOnDisk()).toContain("xylophon");
    await store.commit([{ type: "forgotten", ids: ["secret"], undoToken: "", at: 1 }]);
    faults.append = (path) =>
      path.includes("cache") ? Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" })) : Promise.resolve();
    await store.compact({ purge: true });
    expect(everythingOnDisk()).not.toContain("xylophon");
    await store.close();
  });
});

describe("text that was forgotten longer ago than it is held for undo", () => {
  const DAY = 86_400_000;
  let time = 0;
  const at = (process: string): StoreParts => ({
    ...parts(peers(process)),
    clock: { now: () => time, monotonic: () => 0 },
  });
  const forgetNow = async (store: MemoryStore): Promise<void> => {
    time = 1_800_000_000_000;
    await store.commit([captured("secret", "the word is xylophonic"), captured("kept", "a word for today")]);
    await store.commit([{ type: "forgotten", ids: ["secret"], undoToken: "undo", at: time }]);
  };

  test("leaves the disk when the store is closed, not before its time", async () => {
    const first = await MemoryStore.open(at("one"));
    await forgetNow(first);
    await first.close();
    time += DAY - 1;
    const second = await MemoryStore.open(at("two"));
    await second.close();
    expect(everythingOnDisk()).toContain("xylophon");
    time += 1;
    const third = await MemoryStore.open(at("three"));
    expect(third.projection.undoable("undo")).toEqual(["secret"]);
    await third.close();
    expect(everythingOnDisk()).not.toContain("xylophon");
    const fourth = await MemoryStore.open(at("four"));
    expect(ids(fourth)).toEqual(["kept"]);
    await fourth.close();
  });

  test("leaves the disk when only the cache was to be written", async () => {
    const store = await MemoryStore.open(at("one"));
    await forgetNow(store);
    time += DAY;
    await store.saveCache();
    expect(everythingOnDisk()).not.toContain("xylophon");
    await store.close();
  });

  test("leaves the disk in the background although nothing more is written", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const store = await MemoryStore.open(at("one"));
      await forgetNow(store);
      await vi.advanceTimersByTimeAsync(DAY);
      expect(everythingOnDisk()).toContain("xylophon");
      time += DAY;
      await vi.advanceTimersByTimeAsync(DAY / 24);
      vi.useRealTimers();
      await vi.waitFor(() => expect(everythingOnDisk()).not.toContain("xylophon"), { timeout: 10_000, interval: 20 });
      expect(ids(store)).toEqual(["kept"]);
      await store.close();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a store that is written to without being closed", () => {
  const many = (count: number): readonly ReturnType<typeof captured>[] =>
    Array.from({ length: count }, (_, index) => captured(`id${index}`, `the word number ${index}`));

  test("writes its cache once it is quiet, so that a start after a crash reads it", async () => {
    const store = await MemoryStore.open(parts(peers("one")));
    await store.commit(many(5_001));
    const manifest = join(folder, "cache", "manifest.json");
    expect(existsSync(manifest)).toBe(false);
    await vi.waitFor(() => expect(existsSync(manifest)).toBe(true), { timeout: 10_000, interval: 100 });

    let images = 0;
    const again = parts(peers("two", new Set(["one"])));
    const next = await MemoryStore.open({
      ...again,
      openProjection: (image) => {
        if (image !== undefined) images++;
        return again.openProjection(image);
      },
    });
    expect(images).toBe(1);
    expect(next.projection.counts().memories).toBe(5_001);
    expect(next.text.stats().documents).toBe(5_001);
    await next.close();
    await store.close();
  }, 20_000);

  test("finds at once what was committed, although it is indexed later", async () => {
    const store = await MemoryStore.open(parts(peers("one")));
    await store.commit(many(3));
    expect(store.text.stats().documents).toBe(3);
    await store.commit([captured("more"), { type: "forgotten", ids: ["id0"], undoToken: "", at: 1 }]);
    expect(store.text.stats().documents).toBe(3);
    await store.close();
  });

  test("has everything indexed when it was opened without a cache", async () => {
    const first = await MemoryStore.open(parts(peers("one")));
    await first.commit(many(600));
    await first.commit([{ type: "forgotten", ids: ["id7"], undoToken: "", at: 1 }]);
    await first.close();
    const second = await MemoryStore.open(parts(peers("two")));
    expect(second.text.stats().documents).toBe(599);
    await second.close();
  });
});

describe("durable events that cannot be applied", () => {
  test("are in the projection all the same, made anew from the journal, with those that arrived meanwhile", async () => {
    let failures = 1;
    const real = parts(peers("one"));
    const store = await MemoryStore.open({
      ...real,
      openProjection: (image) => {
        const projection = real.openProjection(image);
        return new Proxy(projection, {
          get: (target, name) => {
            const value: unknown = Reflect.get(target, name, target);
            if (name === "apply" && failures > 0) {
              return (...given: Parameters<Projection["apply"]>) => {
                if (given[0].length > 0 && failures-- > 0) throw new Error("out of memory");
                return target.apply(...given);
              };
            }
            return typeof value === "function" ? (value.bind(target) as unknown) : value;
          },
        });
      },
    });
    await Promise.all([store.commit([captured("a")]), store.commit([captured("b")])]);
    await store.commit([captured("c")]);
    expect(ids(store)).toEqual(["a", "b", "c"]);
    await store.compact({ purge: false });
    await store.close();
    const again = await MemoryStore.open(parts(peers("two")));
    expect(ids(again)).toEqual(["a", "b", "c"]);
    await again.close();
  });
});

describe("a follower whose owner died", () => {
  test("and that has no room to begin writing keeps its claim, reads, and writes when there is room", async () => {
    const dead = new Set<string>();
    const owner = await MemoryStore.open(parts(peers("owner")));
    await owner.commit([captured("a")]);
    const { files, faults } = withFaults(nodeFiles);
    const follower = await MemoryStore.open(parts(peers("follower", dead), files));
    expect(follower.role.role).toBe("follower");
    dead.add("owner");
    faults.append = (path) =>
      path.includes("segment-")
        ? Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" }))
        : Promise.resolve();
    expect(await follower.reclaim()).toMatchObject({ role: "reader", why: { code: "STORAGE_FULL" } });
    await follower.sync();
    expect(ids(follower)).toEqual(["a"]);
    faults.append = () => Promise.resolve();
    expect((await follower.reclaim()).role).toBe("owner");
    await follower.commit([captured("b")]);
    // The old owner comes back to life: it is fenced off, and follows.
    await expect(owner.commit([captured("c")])).rejects.toMatchObject({ code: "OWNER_UNREACHABLE" });
    await owner.sync();
    expect(owner.role.role).toBe("follower");
    expect(ids(owner)).toEqual(["a", "b"]);
    await follower.close();
    await owner.close();
  });
});
