import { beforeEach, describe, expect, test } from "vitest";
import type { Receipt } from "../../../src/contract/hooks.ts";
import { sessionFileName } from "../../../src/engine/operations/sessionFile.ts";
import {
  MOST_LOG_BYTES,
  MOST_SESSION_AGE_MS,
  MOST_SESSIONS,
  SessionLogs,
} from "../../../src/engine/operations/sessionLogs.ts";
import { CrashFiles } from "../../support/crashFiles.ts";
import { silentLogger } from "../../support/journalEvents.ts";

const FOLDER = "/store/sessions";
const SESSION = "5f0c2c1e-7d3b-4a52-9a61-3f1d8b1e0c77";
const PATH = `${FOLDER}/${sessionFileName(SESSION)}`;
let files: CrashFiles;
let now: number;
beforeEach(() => {
  files = new CrashFiles();
  now = Date.now();
});

let ids = 0;
const open = (): SessionLogs =>
  new SessionLogs({
    files,
    clock: { now: () => now, monotonic: () => now },
    logger: silentLogger,
    newId: () => `id${++ids}`,
    folder: FOLDER,
  });
const edit = (path: string) => ({ type: "edit", at: 1, path }) as const;
const text = async (): Promise<string> => Buffer.from(await files.readFile(PATH)).toString();
const receiptAt = (at: number): Receipt => ({
  id: `r${at}`,
  at,
  sessionId: SESSION,
  event: "SessionStart",
  tokens: 1,
  budget: 800,
  items: [],
  dropped: [],
  tookMs: 1,
});

describe("the log of a session", () => {
  test("tells what was appended, also to who opens it later", async () => {
    const logs = open();
    await logs.append(SESSION, [edit("a.ts"), { type: "captured", key: "k", id: "m1", of: "x" }]);
    await logs.append(SESSION, [edit("b.ts")]);
    for (const reader of [logs, open()]) {
      const state = await reader.read(SESSION);
      expect(state.events).toEqual([edit("a.ts"), edit("b.ts")]);
      expect(state.captured.get("k")).toEqual({ id: "m1", of: "x" });
    }
    expect((await text()).split("\n")[0]).toBe(
      JSON.stringify({ type: "session", format: "heirloom-session", version: 1, session: SESSION }),
    );
  });

  test("sees what another process appends", async () => {
    const [one, other] = [open(), open()];
    await one.append(SESSION, [edit("a.ts")]);
    await other.append(SESSION, [edit("b.ts")]);
    expect((await one.read(SESSION)).events).toEqual([edit("a.ts"), edit("b.ts")]);
  });

  test("passes over a line that a crash tore, and goes on after it", async () => {
    await open().append(SESSION, [edit("a.ts")]);
    files.put(PATH, Buffer.from(`${await text()}{"type":"edit","at":1,"pa`));
    const logs = open();
    expect((await logs.read(SESSION)).events).toEqual([edit("a.ts")]);
    await logs.append(SESSION, [edit("b.ts")]);
    expect((await open().read(SESSION)).events).toEqual([edit("a.ts"), edit("b.ts")]);
  });

  test("begins anew where the crash tore the first line", async () => {
    files.put(PATH, Buffer.from('{"type":"sess'));
    await open().append(SESSION, [edit("a.ts")]);
    expect((await open().read(SESSION)).events).toEqual([edit("a.ts")]);
  });

  test.each([
    `{"type":"session","format":"heirloom-session","version":2,"session":"${SESSION}"}\n`,
    `{"type":"edit","at":1,"path":"a.ts"}\n`,
  ])("of another format is refused, and nothing is touched: %s", async (content) => {
    files.put(PATH, Buffer.from(content));
    await expect(open().append(SESSION, [edit("b.ts")])).rejects.toMatchObject({ code: "UNSUPPORTED_VERSION" });
    await expect(open().read(SESSION)).rejects.toMatchObject({ code: "UNSUPPORTED_VERSION" });
    expect(await text()).toBe(content);
  });

  test("stays within its size, and keeps what was said and made and the newest events", async () => {
    const logs = open();
    await logs.claim(SESSION, "hook", ["m1"]);
    await logs.append(SESSION, [{ type: "captured", key: "k", id: "m2", of: "x" }]);
    const long = "x".repeat(4_000);
    for (let index = 0; index < 400; index++) await logs.append(SESSION, [edit(`${index}-${long}`)]);
    expect(files.sizeSync(PATH)).toBeLessThan(MOST_LOG_BYTES);
    const state = await open().read(SESSION);
    expect(state.said.get("m1")).toBe("hook");
    expect(state.captured.has("k")).toBe(true);
    expect(state.events.at(-1)).toMatchObject({ path: `399-${long}` });
    expect(state.events.length).toBeLessThan(400);
    expect(await files.list(FOLDER)).toHaveLength(1);
  });
});

describe("what was said", () => {
  test("belongs to whoever said it first, whatever process that was", async () => {
    const [one, other] = [open(), open()];
    const [mine, theirs] = await Promise.all([
      one.claim(SESSION, "a", ["m1", "m2"]),
      other.claim(SESSION, "b", ["m2", "m3"]),
    ]);
    expect(mine.size + theirs.size).toBe(3);
    expect(theirs.has("m3") && mine.has("m1")).toBe(true);
  });

  test("may be said again once the agent forgot it", async () => {
    const logs = open();
    await logs.claim(SESSION, "a", ["m1"]);
    expect((await logs.claim(SESSION, "b", ["m1"])).size).toBe(0);
    await logs.append(SESSION, [{ type: "forgot" }]);
    expect((await logs.claim(SESSION, "c", ["m1"])).size).toBe(1);
  });
});

describe("all logs", () => {
  test("are pruned by age and number, never the one in use", async () => {
    const logs = open();
    for (let index = 0; index < MOST_SESSIONS + 10; index++) await logs.append(`session-number-${index}`, [edit("a")]);
    await logs.prune("session-number-0");
    const kept = await files.list(FOLDER);
    expect(kept.length).toBeLessThanOrEqual(MOST_SESSIONS + 1);
    expect(kept).toContain("session-number-0.jsonl");
    now += MOST_SESSION_AGE_MS + 60_000;
    await logs.prune("session-number-5");
    expect(await files.list(FOLDER)).toEqual(kept.includes("session-number-5.jsonl") ? ["session-number-5.jsonl"] : []);
  });

  test("give their receipts, newest first, without those that cannot be read", async () => {
    const logs = open();
    for (const at of [3, 1, 2])
      await logs.append(`session-${at}-of-three`, [{ type: "receipt", receipt: receiptAt(at) }]);
    files.put(`${FOLDER}/damaged0.jsonl`, Buffer.from("\u0000\u0001"));
    files.put(`${FOLDER}/newer-one.jsonl`, Buffer.from('{"type":"session","format":"heirloom-session","version":9}\n'));
    expect((await logs.receipts(10)).map(({ at }) => at)).toEqual([3, 2, 1]);
    expect((await logs.receipts(2)).map(({ at }) => at)).toEqual([3, 2]);
    expect((await logs.receipts(9, "session-2-of-three")).map(({ at }) => at)).toEqual([2]);
  });

  test("lose what was said and asked, and what a crash left, but not what was done and told", async () => {
    const logs = open();
    await logs.append(SESSION, [
      { type: "prompt", at: 1, text: "marzipan" },
      edit("a.ts"),
      { type: "command", at: 2, command: "marzipan", error: "marzipan" },
      { type: "captured", key: "k", id: "m1", of: "x" },
      { type: "said", by: "me", ids: ["m2"] },
      { type: "receipt", receipt: { ...receiptAt(3), question: "marzipan?" } },
    ]);
    files.put(`${PATH}.id0.tmp`, Buffer.from("marzipan"));
    files.put(`${FOLDER}/newer-one.jsonl`, Buffer.from('{"type":"session","format":"heirloom-session","version":9}\n'));
    await logs.dropTexts();
    for (const reader of [logs, open()]) {
      const { events, captured, said, receipts } = await reader.read(SESSION);
      expect(events).toEqual([edit("a.ts")]);
      expect([...captured.keys(), ...said.keys()]).toEqual(["k", "m2"]);
      expect(receipts).toEqual([receiptAt(3)]);
    }
    expect(await text()).not.toContain("marzipan");
    expect((await files.list(FOLDER)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("have names that no file system confuses, and that stay in their folder", () => {
    const names = [
      "../../etc/passwd",
      "con",
      "ABCDEFGHIJ",
      "abcdefghij",
      "a/b/c/d/e",
      "a b c d e",
      "x".repeat(256),
      "",
      "ümläut",
    ].map(sessionFileName);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9.-]{1,100}\.jsonl$/u);
  });
});
