import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openJournal } from "../../../src/engine/journal/openJournal.ts";
import { nodeFiles } from "../../../src/serve/nodeFiles.ts";
import { captured, silentLogger } from "../../support/journalEvents.ts";

/** Root is refused nothing, so the refused process runs as another user, which only root can start. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

let outer: string;
let folder: string;
beforeAll(async () => {
  outer = mkdtempSync(join(tmpdir(), "heirloom-permission-"));
  folder = join(outer, "journal");
  const journal = await openJournal(nodeFiles, folder, { maxStoreBytes: 1e9, logger: silentLogger });
  const writer = await journal.startWriting(1, (await journal.read()).cursor);
  await writer.append([captured("a")]);
  await writer.close();
  if (!isRoot) return;
  chmodSync(outer, 0o755);
  for (const file of ["", ...readdirSync(folder)]) chownSync(join(folder, file), NOBODY, NOBODY);
});
afterAll(() => {
  rmSync(outer, { recursive: true, force: true });
});

/** Runs a writer in a process of its own; prints what came of it. */
function write(
  as: { readonly uid?: number; readonly gid?: number },
  where = folder,
): { code?: string; read?: number; message?: string } {
  const script = join(import.meta.dirname, "../../support/writeOnce.ts");
  const result = spawnSync(process.execPath, [script, where], { ...as, encoding: "utf8" });
  if (result.error !== undefined) throw result.error;
  if (result.stdout === "") throw new Error(result.stderr);
  return JSON.parse(result.stdout) as { code?: string; read?: number; message?: string };
}

const nobody = { uid: NOBODY, gid: NOBODY };

describe.skipIf(!isRoot)(
  "a journal whose files the operating system refuses (needs root, to start a process as another user)",
  () => {
    it("says FORBIDDEN_PATH and what to do when the folder may not be read", () => {
      chmodSync(folder, 0o000);
      const result = write(nobody);
      chmodSync(folder, 0o700);
      expect(result.code).toBe("FORBIDDEN_PATH");
      expect(result.message).toContain(folder);
      expect(result.message).toContain("--data");
    });

    it("reads a read-only folder, and says FORBIDDEN_PATH when it is to be written, leaving everything as it was", () => {
      const before = readdirSync(folder).map((file) => readFileSync(join(folder, file), "latin1"));
      chmodSync(folder, 0o500);
      const result = write(nobody);
      chmodSync(folder, 0o700);
      expect(result).toMatchObject({ read: 1, code: "FORBIDDEN_PATH" });
      expect(readdirSync(folder).map((file) => readFileSync(join(folder, file), "latin1"))).toEqual(before);
    });

    it("says FORBIDDEN_PATH when a segment belongs to someone else", () => {
      const segment = join(folder, "segment-1-1-1.log");
      chmodSync(segment, 0o000);
      const result = write(nobody);
      chmodSync(segment, 0o600);
      expect(result.code).toBe("FORBIDDEN_PATH");
      expect(write(nobody)).toEqual({ read: 1, written: 2 });
    });
  },
);

describe.skipIf(!isRoot || process.platform !== "linux")(
  "a journal on a disk that is really full (needs root, to mount one)",
  () => {
    it("answers STORAGE_FULL, keeps what it acknowledged, and goes on when there is room", async (context) => {
      const mount = mkdtempSync(join(tmpdir(), "heirloom-full-"));
      if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", mount]).status !== 0) {
        rmSync(mount, { recursive: true });
        context.skip("mounting is not permitted here");
      }
      try {
        const store = join(mount, "journal");
        const journal = await openJournal(nodeFiles, store, { maxStoreBytes: 1e9, logger: silentLogger });
        const writer = await journal.startWriting(1, (await journal.read()).cursor);
        let written = 0;
        const fill = async (): Promise<void> => {
          for (;;) written = (await writer.append([captured(`m${written}`, "x".repeat(3000))])).at(-1)?.seq ?? 0;
        };
        execFileSync("dd", ["if=/dev/zero", `of=${join(mount, "ballast")}`, "bs=1k", "count=16"], { stdio: "ignore" });
        await expect(fill()).rejects.toMatchObject({ code: "STORAGE_FULL" });
        const full = written;
        expect(full).toBeGreaterThan(3);
        rmSync(join(mount, "ballast"));
        await expect(fill()).rejects.toMatchObject({ code: "STORAGE_FULL" });
        expect(written).toBeGreaterThan(full);
        await writer.close();
        const read = await (await openJournal(nodeFiles, store, { maxStoreBytes: 1e9, logger: silentLogger })).read();
        expect(read.events).toHaveLength(written);
        expect(read.damage).toEqual([]);
      } finally {
        execFileSync("umount", [mount]);
        rmSync(mount, { recursive: true });
      }
    });
  },
);
