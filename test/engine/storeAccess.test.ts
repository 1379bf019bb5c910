import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HeirloomError } from "../../src/contract/errors.ts";
import type { StoreWrites } from "../../src/contract/peer.ts";
import { createDuplicateIndex } from "../../src/engine/admit/duplicates.ts";
import { textKind } from "../../src/engine/textKind.ts";
import { openJournal } from "../../src/engine/journal/openJournal.ts";
import { MemoryStore } from "../../src/engine/memoryStore.ts";
import type { Peers } from "../../src/engine/ports.ts";
import { StoreAccess } from "../../src/engine/storeAccess.ts";
import { openProjection } from "../../src/engine/store/openProjection.ts";
import { loadSql } from "../../src/engine/store/sqlEngine.ts";
import { nodeFiles } from "../../src/serve/nodeFiles.ts";
import { silentLogger } from "../support/journalEvents.ts";

const sql = await loadSql();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "heirloom-access-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A follower whose owner, which lives, is asked through `call`. */
async function follower(call: Peers["call"]): Promise<StoreAccess> {
  const address = { url: "http://127.0.0.1:1", token: "token" };
  const identity = { pid: 4711, started: "then" };
  const store = await MemoryStore.open({
    folder,
    files: nodeFiles,
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    logger: silentLogger,
    openJournal: (fence) =>
      openJournal(nodeFiles, join(folder, "journal"), { maxStoreBytes: 1e9, logger: silentLogger, fence }),
    openProjection: (image) => openProjection(sql, image),
    textIndex: textKind,
    createDuplicateIndex: () => createDuplicateIndex(0.85),
    claim: () => Promise.resolve({ role: "follower", owner: { identity, address, epoch: 1 }, stopped: false }),
    probe: () => Promise.resolve("alive"),
    forgetGraceHours: 24,
  });
  const peers: Peers = {
    self: identity,
    probe: () => Promise.resolve("alive"),
    call,
    address: () => Promise.resolve(address),
  };
  let ids = 0;
  // A follower writes nothing itself.
  return new StoreAccess(store, {} as StoreWrites, peers, () => `id ${++ids}`);
}

describe("a follower", () => {
  test("waits once for an owner that lives and does not answer, not three times", async () => {
    let calls = 0;
    const access = await follower(() => {
      calls++;
      return Promise.reject(new HeirloomError("OWNER_UNREACHABLE", "silent", { cause: "ETIMEDOUT" }));
    });
    await expect(access.forget({ ids: ["a"], now: false })).rejects.toMatchObject({ code: "OWNER_UNREACHABLE" });
    expect(calls).toBe(1);
    await access.store.close();
  });

  test("asks again with the same undo token when the connection broke before the answer", async () => {
    const bodies: unknown[] = [];
    const access = await follower((_address, _operation, message) => {
      bodies.push((message as { readonly body: unknown }).body);
      if (bodies.length === 1) return Promise.reject(new HeirloomError("OWNER_UNREACHABLE", "reset", {}));
      return Promise.resolve({ undoToken: "its own" });
    });
    await access.forget({ ids: ["a"], now: false });
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toEqual(bodies[0]);
    expect(bodies[0]).toMatchObject({ undoToken: "id 1" });
    await access.store.close();
  });
});
