import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { MemoryRow } from "../../src/contract/explore.ts";
import type { Anchor } from "../../src/contract/memory.ts";
import type { CaptureInput } from "../../src/contract/tools.ts";
import { folderOf, openTestWindow, type TestWindow } from "../support/engineWindow.ts";
import { TestRepository, temporaryFolder } from "../support/repository.ts";
import { WindowProcess } from "../support/spawnWindow.ts";

const WAIT = { timeout: 20_000, interval: 20 };

const CODE = `import { readFile } from "node:fs/promises";

/** Reads the settings. */
export async function readSettings(path: string): Promise<object> {
  const text = await readFile(path, "utf8");
  if (text.trim() === "") return {};
  return JSON.parse(text) as object;
}

export function limitOf(queue: readonly string[]): number {
  const waiting = queue.filter((entry) => entry !== "");
  return Math.max(10, waiting.length * 2);
}
`;
const DRAFT = CODE.replace("return {};", "return { isEmpty: true };");
const FILE = "src/settings.ts";
const SYMBOL = { path: FILE, symbol: "readSettings" };
const LINES = { path: FILE, startLine: 5, endLine: 7 };

let root: string;
let remove: () => void;
let repository: TestRepository;
let window: TestWindow;

beforeEach(async () => {
  ({ folder: root, remove } = temporaryFolder("drafts"));
  repository = TestRepository.init(join(root, "main"));
  repository.commit(FILE, CODE);
  window = await openTestWindow(join(root, "data"), [repository.root]);
});
afterEach(async () => {
  await window.close();
  remove();
});

const at = (one: TestRepository = repository) => ({ workspace: one.root });
const draft = (text: string | undefined): Promise<void> => window.api.setDraft(repository.root, FILE, text);
const noteOf = (anchor: Anchor): CaptureInput => ({
  ...{ eventType: "note", content: `About ${JSON.stringify(anchor)}`, anchors: [anchor] },
  ...{ scope: "repo", dedupe: "none" },
});
const remember = async (anchor: Anchor): Promise<string> => (await window.api.capture(noteOf(anchor), at())).id;
/** As the explorer and the marks in the editor have them, which wait for no comparison. */
async function rowOf(id: string, place = at()): Promise<MemoryRow | undefined> {
  return (await window.api.anchoredIn(FILE, place)).find((row) => row.id === id);
}
const shown = (id: string, expected: object, place = at()): Promise<void> =>
  vi.waitFor(async () => expect(await rowOf(id, place)).toMatchObject(expected), WAIT);
async function searched(id: string, place = at()): Promise<string | undefined> {
  const { memories } = await window.api.retrieve({ query: "about settings", limit: 10 }, place);
  return memories.find((memory) => memory.id === id)?.freshness;
}

describe.each([
  ["a symbol", SYMBOL],
  ["lines", LINES],
])("a memory of %s", (_, anchor) => {
  test("drifts while an editor holds other code, and is fresh again when that is undone", async () => {
    const id = await remember(anchor);
    await shown(id, { freshness: "fresh" });
    const before = window.events.changed.length;
    await draft(DRAFT);
    await shown(id, {
      freshness: "drifted",
      freshnessReason: expect.stringContaining("(in text that is not saved)") as string,
    });
    await vi.waitFor(() => expect(window.events.changed.length).toBeGreaterThan(before), WAIT);
    expect(await searched(id)).toBe("drifted");
    expect(readFileSync(join(repository.root, FILE), "utf8")).toBe(CODE);
    await draft(undefined);
    await shown(id, { freshness: "fresh" });
  });

  test("stays drifted when the text is saved, and says so of the file from then on", async () => {
    const id = await remember(anchor);
    await draft(DRAFT);
    await shown(id, { freshness: "drifted" });
    repository.write(FILE, DRAFT);
    await draft(undefined);
    await vi.waitFor(async () => {
      const { freshness, freshnessReason } = (await rowOf(id)) ?? {};
      expect(freshness).toBe("drifted");
      expect(freshnessReason).toMatch(/^drifted, not committed yet: (?:(?!not saved).)*$/u);
    }, WAIT);
  });

  test("that is captured while an editor holds other code speaks of that code", async () => {
    await draft(DRAFT);
    const id = await remember(anchor);
    await shown(id, { freshness: "fresh" });
    await draft(undefined);
    await shown(id, { freshness: "drifted" });
    repository.write(FILE, DRAFT);
    await vi.waitFor(async () => expect(await searched(id)).toBe("fresh"), WAIT);
  });
});

test("whoever searches right after a key stroke is told of the text as it is then, or that it is not compared yet", async () => {
  const id = await remember(SYMBOL);
  await shown(id, { freshness: "fresh" });
  for (const [text, word] of [
    [DRAFT, "drifted"],
    [`// above\n${CODE}`, "fresh"],
    [`${DRAFT}\n`, "drifted"],
  ] as const) {
    await draft(text);
    expect([word, "unchecked"]).toContain(await searched(id));
    await shown(id, { freshness: word });
  }
});

test("anchors that are revised speak of the text in the editor too", async () => {
  const id = await remember(SYMBOL);
  await draft(DRAFT);
  await shown(id, { freshness: "drifted" });
  await window.api.revise({ id, anchors: [SYMBOL] }, at());
  await vi.waitFor(async () => expect(await searched(id)).toBe("fresh"), WAIT);
});

test("a file that is deleted below an editor is compared as the editor has it", async () => {
  const id = await remember(SYMBOL);
  await draft(`${CODE}// more\n`);
  rmSync(join(repository.root, FILE));
  await vi.waitFor(async () => expect(await searched(id)).toBe("fresh"), WAIT);
  await draft(undefined);
  await vi.waitFor(async () => expect(await searched(id)).toBe("orphaned"), WAIT);
});

test("another window compares with the file, and one that follows remembers what its own editor holds", async () => {
  const id = await remember(SYMBOL);
  const limit = { path: FILE, symbol: "limitOf" };
  const other = new WindowProcess();
  onTestFinished(() => other.kill());
  await other.open(join(root, "data"), repository.root);
  const shownThere = (memory: string): Promise<void> =>
    vi.waitFor(async () => {
      const rows = await other.call<readonly MemoryRow[]>("anchoredIn", FILE, at());
      expect(rows.find((row) => row.id === memory)?.freshness).toBe("fresh");
    }, WAIT);
  await draft(DRAFT);
  await shown(id, { freshness: "drifted" });
  await shownThere(id);
  await other.call("setDraft", repository.root, FILE, CODE.replace("Math.max(10", "Math.min(10"));
  const there = await other.call<{ readonly id: string }>("capture", noteOf(limit), at());
  await shownThere(there.id);
  await shown(there.id, { freshness: "drifted" });
});

test("the text of one worktree is not that of another", async () => {
  const side = repository.at(join(root, "side"));
  repository.git("worktree", "add", "-q", "-b", "side", side.root);
  await window.api.setFolders([repository.root, side.root].map(folderOf));
  const id = await remember(SYMBOL);
  await draft(DRAFT);
  await shown(id, { freshness: "drifted" });
  await shown(id, { freshness: "fresh" }, at(side));
});

test("a text outlives the making anew of the indexes, and goes with its folder", async () => {
  const id = await remember(SYMBOL);
  await draft(DRAFT);
  await window.api.reindex(repository.root);
  await shown(id, { freshness: "drifted" });
  await window.api.setFolders([]);
  await window.api.setFolders([folderOf(repository.root)]);
  await shown(id, { freshness: "fresh" });
});

test("a text is no part of the code that is searched", async () => {
  await draft(`${CODE}export function turnLamp(): void {}\n`);
  await window.api.indexControl({ action: "sync" }, at());
  expect((await window.api.findSymbols({ text: "turnLamp", limit: 5 }, at())).symbols).toEqual([]);
});

test("a text of another folder is refused, and one behind a link out of the folder is not compared", async () => {
  await expect(window.api.setDraft(repository.root, "../other.ts", "x")).rejects.toMatchObject({
    code: "INVALID_INPUT",
  });
  await expect(window.api.setDraft(root, FILE, "x")).rejects.toMatchObject({ code: "INVALID_INPUT" });
  const id = await remember(SYMBOL);
  await shown(id, { freshness: "fresh" });
  const outside = join(root, "outside.ts");
  writeFileSync(outside, CODE);
  rmSync(join(repository.root, FILE));
  symlinkSync(outside, join(repository.root, FILE));
  await draft(CODE);
  expect(await searched(id)).not.toBe("fresh");
});
