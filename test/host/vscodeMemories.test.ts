import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readVscodeMemories, vscodeMemoryFolder } from "../../src/host/vscodeMemories.ts";
import { temporaryFolder } from "../support/repository.ts";

let folder: string;
let remove: () => void;
beforeEach(() => ({ folder, remove } = temporaryFolder("vscode-memories")));
afterEach(() => remove());

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const read = () => readVscodeMemories(vscodeMemoryFolder(join(folder, "abc/heirloom")), join(folder, "work"));

test("notes that VS Code's agents took of the repository become memories, a section each, anchored to what they name", async () => {
  const notes = "abc/GitHub.copilot-chat/memory-tool/memories";
  write("work/src/db.ts", "export {};\n");
  write(
    `${notes}/repo/build.md`,
    "# Build\n\nRun `npm ci` first.\n\n## Database\n\nOpened in `src/db.ts`; see `src/gone.ts`.\n",
  );
  write(`${notes}/repo/plain.txt`, "No note.");
  write(`${notes}/c2Vzc2lvbg/plan.md`, "Of one session.");
  symlinkSync("/etc/hostname", join(folder, notes, "repo/link.md"));
  const note = { eventType: "note", scope: "repo", tags: ["vscode-memory"] };
  expect(await read()).toEqual([
    { ...note, title: "build › Build", content: "# Build\n\nRun `npm ci` first." },
    {
      ...note,
      title: "build › Build › Database",
      content: "## Database\n\nOpened in `src/db.ts`; see `src/gone.ts`.",
      anchors: [{ path: "src/db.ts" }],
    },
  ]);
});

test("there are none where VS Code has none", async () => {
  expect(await read()).toEqual([]);
});
