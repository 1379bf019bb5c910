import type { Files } from "../ports.ts";
import type { JournalCursor, JournalDamage } from "../seams.ts";
import { inFolder } from "./fileNames.ts";
import { readPieces } from "./frameReader.ts";
import type { JournalReader } from "./journalReader.ts";
import { readSnapshot } from "./snapshotFile.ts";

/**
 * Checks every frame of every kept generation. `written` is where this process's own writer stands, whose segment is judged up to there; a
 * tail that another process is just writing is given a second look.
 */
export async function verifyJournal(
  files: Files,
  folder: string,
  reader: JournalReader,
  written: () => JournalCursor | undefined,
): Promise<readonly JournalDamage[]> {
  const history = await reader.history();
  const damage = [...history.damage];
  for (const name of history.snapshots) {
    const read = await readSnapshot(files, inFolder(folder, name), name);
    if (read.state === "invalid")
      damage.push({ file: name, offset: read.offset, bytes: read.bytes, what: "bad-frame" });
    else if (read.state === "valid" && read.damagedHeader) {
      damage.push({ file: name, offset: 0, bytes: 0, what: "unreadable-header" });
    }
  }
  for (const { file, start, limit } of history.stretches) {
    const own = written();
    damage.push(...(await checkSegment(files, folder, { file, start }, limit?.length, own)));
    const size = files.sizeSync(inFolder(folder, file)) ?? 0;
    if (limit === undefined || size <= limit.length) continue;
    damage.push({ file, offset: limit.length, bytes: size - limit.length, what: "foreign-epoch" });
  }
  for (const { file, start } of history.foreign) {
    const size = files.sizeSync(inFolder(folder, file)) ?? 0;
    if (size > start) damage.push({ file, offset: start, bytes: size - start, what: "foreign-epoch" });
  }
  return damage;
}

async function checkSegment(
  files: Files,
  folder: string,
  segment: { readonly file: string; readonly start: number },
  limit: number | undefined,
  own: JournalCursor | undefined,
): Promise<readonly JournalDamage[]> {
  if (own?.segment === segment.file) return scan(files, folder, segment, limit ?? own.offset);
  const found = await scan(files, folder, segment, limit);
  if (limit !== undefined || found.at(-1)?.what !== "torn-tail") return found;
  await new Promise((resolve) => setTimeout(resolve, SECOND_LOOK_MS));
  return scan(files, folder, segment, limit);
}

/** Longer than one write of a living writer takes. */
const SECOND_LOOK_MS = 200;

async function scan(
  files: Files,
  folder: string,
  segment: { readonly file: string; readonly start: number },
  limit: number | undefined,
): Promise<readonly JournalDamage[]> {
  const { file, start } = segment;
  const damage: JournalDamage[] = [];
  const open = await files.open(inFolder(folder, file), "read");
  try {
    const size = await open.size();
    const end = Math.min(limit ?? size, size);
    for await (const pieces of readPieces(open, start, end)) {
      for (const piece of pieces) {
        if (piece.state === "frame") continue;
        const what = piece.state === "bad" ? "bad-frame" : "torn-tail";
        damage.push({ file, offset: piece.offset, bytes: piece.end - piece.offset, what });
      }
    }
    if (limit !== undefined && size < limit) {
      damage.push({ file, offset: size, bytes: limit - size, what: "torn-tail" });
    }
    return damage;
  } finally {
    await open.close();
  }
}
