import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDuplicateIndex } from "../../src/engine/admit/duplicates.ts";
import { textKind } from "../../src/engine/textKind.ts";
import { openJournal } from "../../src/engine/journal/openJournal.ts";
import { claimOwnership } from "../../src/engine/journal/ownership.ts";
import { MemoryStore } from "../../src/engine/memoryStore.ts";
import type { Peers } from "../../src/engine/ports.ts";
import { openProjection } from "../../src/engine/store/openProjection.ts";
import { loadSql } from "../../src/engine/store/sqlEngine.ts";
import { nodeFiles } from "../../src/serve/nodeFiles.ts";
import { heirloom, scratchFolder } from "../support/heirloom.ts";
import { silentLogger } from "../support/journalEvents.ts";

let scratch: ReturnType<typeof scratchFolder>;
let at: readonly string[];
beforeEach(() => {
  scratch = scratchFolder();
  at = ["--workspace", scratch.path, "--data", join(scratch.path, "data")];
});
afterEach(() => scratch[Symbol.dispose]());

async function capture(content: string): Promise<void> {
  expect(await heirloom(["capture", "--type", "note", content, ...at])).toMatchObject({ code: 0 });
}
async function listed(): Promise<readonly unknown[]> {
  const answer = await heirloom(["list", "--limit", "100", "--json", ...at]);
  const { memories } = JSON.parse(answer.stdout) as { readonly memories: readonly { readonly content: string }[] };
  return memories.map(({ content }) => content).sort();
}
async function storeFolder(): Promise<string> {
  const answer = await heirloom(["stats", "--json", ...at]);
  return (
    (JSON.parse(answer.stdout) as { readonly stores: readonly { readonly folder: string }[] }).stores[0]?.folder ?? ""
  );
}

/** Compacts as the upkeep of a large store does, which keeps the generation before. */
async function compact(folder: string, purge: boolean): Promise<void> {
  const journal = join(folder, "journal");
  const peers: Peers = {
    self: { pid: process.pid, started: "this test" },
    probe: () => Promise.resolve("dead"),
    call: () => Promise.reject(new Error("nobody is called here")),
    address: () => Promise.resolve({ url: "http://127.0.0.1:1", token: "token" }),
  };
  const sql = await loadSql();
  const store = await MemoryStore.open({
    folder,
    files: nodeFiles,
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    logger: silentLogger,
    openJournal: (fence) => openJournal(nodeFiles, journal, { maxStoreBytes: 1e9, logger: silentLogger, fence }),
    openProjection: (image) => openProjection(sql, image),
    textIndex: textKind,
    createDuplicateIndex: () => createDuplicateIndex(0.85),
    claim: () => claimOwnership(nodeFiles, folder, peers, { logger: silentLogger, journalFolder: journal }),
    probe: () => Promise.resolve("dead"),
    forgetGraceHours: 24,
  });
  await store.compact({ purge });
  await store.close();
}

function newestSnapshot(folder: string): string {
  const journal = join(folder, "journal");
  const [newest] = readdirSync(journal)
    .filter((name) => name.startsWith("snapshot-"))
    .map((name) => join(journal, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (newest === undefined) throw new Error("there is no snapshot");
  return newest;
}

function flip(file: string, text: string): void {
  const bytes = readFileSync(file);
  const place = bytes.indexOf(text);
  expect(place).toBeGreaterThan(0);
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

describe("doctor --rebuild on a store whose newest snapshot is damaged", () => {
  test("loses nothing while the generation before is there", async () => {
    await capture("The first one.");
    await capture("The second one.");
    const folder = await storeFolder();
    await compact(folder, false);
    await capture("The third one.");
    flip(newestSnapshot(folder), "The second one.");
    const answer = await heirloom(["doctor", "--rebuild", ...at]);
    expect(answer.code).toBe(0);
    const all = ["The first one.", "The second one.", "The third one."];
    expect(await listed()).toEqual(all);
    await capture("The fourth one.");
    expect(await listed()).toEqual([...all.slice(0, 1), "The fourth one.", ...all.slice(1)]);
  });

  test("saves all that can be read where it is the only generation, and what was written after it", async () => {
    for (const name of ["first", "second", "third"]) await capture(`The ${name} one.`);
    const folder = await storeFolder();
    await compact(folder, false);
    await compact(folder, true);
    await capture("The fourth one.");
    flip(newestSnapshot(folder), "The second one.");
    expect(await heirloom(["doctor", "--rebuild", ...at])).toMatchObject({ code: 0 });
    expect(await listed()).toEqual(["The first one.", "The fourth one.", "The third one."]);
    expect(await heirloom(["doctor", ...at])).toMatchObject({ code: 0 });
  });
});
