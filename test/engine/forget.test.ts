import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Host, openHost } from "../../src/serve/openHost.ts";

let folder: string;
let host: Host;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "heirloom-forget-"));
  host = await open();
});
afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = (): Promise<Host> =>
  openHost({
    workspace: folder,
    dataFolder: join(folder, "data"),
    profiles: ["core"],
    rateLimited: false,
    longLived: false,
  });
const remember = async (content: string, scope: "repo" | "user" = "repo"): Promise<string> =>
  (await host.engine.capture({ eventType: "note", content, scope, tags: ["old"] }, {})).id;
const onDisk = async (): Promise<string> => {
  const { folder: store } = (await host.engine.stats({})).stores[0] ?? { folder: "" };
  return readdirSync(store, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");
};
const listed = async (): Promise<readonly string[]> =>
  (await host.engine.retrieve({ query: "" }, {})).memories.map(({ id }) => id).sort();

describe("forgetting that is asked for again because nobody heard the answer", () => {
  test.each(["id", "filters"] as const)("by %s gives the same undo token, and it undoes", async (how) => {
    const id = await remember("one thing");
    const input = how === "id" ? { id } : { filters: { tags: "old" } };
    const first = await host.engine.forget(input, { onceKey: "key" });
    const again = await host.engine.forget(input, { onceKey: "key" });
    expect(again).toEqual(first);
    expect(again).toMatchObject({ forgotten: 1, ids: [id] });
    expect(await listed()).toEqual([]);
    await host.engine.forget({ undo: again.undoToken ?? "" }, {});
    expect(await listed()).toEqual([id]);
  });

  test("goes on where the first call got to, over both stores, under one token that a tool takes", async () => {
    const ids = [await remember("one thing"), await remember("another matter", "user")].sort();
    const onceKey = "0123456789abcdef0123";
    const filters = { $and: [{ tags: "old" }] };
    await host.engine.forget({ filters }, { onceKey });
    const both = await host.engine.forget({ filters: { tags: "old", scope: "user" } }, { onceKey });
    expect([...both.ids].sort()).toEqual(ids);
    expect(both.undoToken?.length).toBeLessThanOrEqual(64);
    expect(await listed()).toEqual([]);
    await host.engine.forget({ undo: both.undoToken ?? "" }, {});
    expect(await listed()).toEqual(ids);
  });

  test("is NOT_FOUND as ever where nothing was forgotten, and says so to another asker", async () => {
    const id = await remember("one thing");
    await host.engine.forget({ id }, { onceKey: "key" });
    await expect(host.engine.forget({ id }, { onceKey: "other" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(host.engine.forget({ id }, {})).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("at the store's door is the same write twice", async () => {
    const id = await remember("one thing");
    const { folder: store } = (await host.engine.stats({})).stores[0] ?? { folder: "" };
    const request = { ids: [id], now: false, undoToken: "chosen" };
    for (let time = 0; time < 2; time++)
      expect(await host.engine.serveWrite(store, "forget", request)).toEqual({ undoToken: "chosen" });
    expect(await host.engine.forget({ undo: "chosen" }, {})).toMatchObject({ restored: 1 });
  });

  test("for good takes the text off the disk although the first call ended before that", async () => {
    const id = await remember("the word is xylophonic");
    const { folder: store } = (await host.engine.stats({})).stores[0] ?? { folder: "" };
    // As far as a call gets that ends before it purges.
    await host.engine.serveWrite(store, "forget", { ids: [id], now: false, undoToken: "" });
    expect(await onDisk()).toContain("xylophonic");
    expect(await host.engine.forget({ id, now: true }, { onceKey: "key" })).toEqual({ forgotten: 1, ids: [id] });
    expect(await onDisk()).not.toContain("xylophonic");
  });
});

describe("what can still be brought back", () => {
  test("is listed, last forgotten first, of both stores, with the time that it is kept", async () => {
    const mine = await remember("another matter. It has a second sentence.", "user");
    const ours = await remember("one thing");
    await host.engine.forget({ id: mine }, {});
    await host.engine.forget({ id: ours }, {});
    const all = await host.engine.forgotten(10, {});
    expect(all.map(({ id }) => id).sort()).toEqual([mine, ours].sort());
    expect(all.map(({ forgottenAt }) => forgottenAt)).toEqual(
      [...all].map((one) => one.forgottenAt).sort((a, b) => b - a),
    );
    expect(all.find(({ id }) => id === mine)).toMatchObject({
      title: "another matter.",
      excerpt: "It has a second sentence.",
      kind: "note",
    });
    for (const { forgottenAt, keptUntil } of all) expect(keptUntil - forgottenAt).toBe(24 * 3_600_000);
    expect(await host.engine.forgotten(1, {})).toHaveLength(1);
  });

  test("comes back one by one by its id, though all were forgotten together, and stays so", async () => {
    const [one, two] = [await remember("one thing"), await remember("another matter")];
    const { undoToken = "" } = await host.engine.forget({ filters: { tags: "old" } }, {});
    expect(await host.engine.forget({ undo: one }, {})).toMatchObject({ restored: 1 });
    expect(await listed()).toEqual([one]);
    await host.close();
    host = await open();
    expect(await listed()).toEqual([one]);
    expect((await host.engine.forgotten(10, {})).map(({ id }) => id)).toEqual([two]);
    expect(await host.engine.forget({ undo: undoToken }, {})).toMatchObject({ restored: 1 });
    expect(await listed()).toEqual([one, two].sort());
    await expect(host.engine.forget({ undo: two }, {})).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("is nothing that was forgotten for good", async () => {
    const id = await remember("one thing");
    await host.engine.forget({ id, now: true }, {});
    expect(await host.engine.forgotten(10, {})).toEqual([]);
    await expect(host.engine.forget({ undo: id }, {})).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

test("forgetting is at once for good where the settings give no time for undoing", async () => {
  const id = await remember("the word is xylophonic");
  await host.close();
  writeFileSync(join(folder, "data", "settings.json"), '{"forgetGraceHours":0}');
  host = await open();
  expect(await host.engine.forget({ id, dryRun: true }, {})).toEqual({ forgotten: 1, ids: [id] });
  expect(await onDisk()).toContain("xylophonic");
  expect(await host.engine.forget({ id }, {})).toEqual({ forgotten: 1, ids: [id] });
  expect(await onDisk()).not.toContain("xylophonic");
});
