import { HeirloomError } from "../../contract/errors.ts";
import type { RecordedEvent } from "../../contract/events.ts";
import type { Files, Logger } from "../ports.ts";
import { storageError } from "./failures.ts";
import {
  inFolder,
  isTemporarySnapshot,
  parseSegmentName,
  parseSnapshotName,
  QUARANTINE_FOLDER,
  snapshotName,
} from "./fileNames.ts";
import type { JournalReader } from "./journalReader.ts";
import { readSnapshot, writeSnapshot } from "./snapshotFile.ts";

/** Where a compaction works, a part of what its writer has. */
export interface CompactionPlace {
  readonly files: Files;
  readonly folder: string;
  readonly reader: JournalReader;
  readonly epoch: number;
  readonly logger: Logger;
}

export interface Compaction {
  /** The generation that begins. */
  readonly generation: number;
  /** Where the state stands. */
  readonly seq: number;
  readonly state: () => Iterable<RecordedEvent>;
  readonly purge: boolean;
  /** OWNER_UNREACHABLE when a newer epoch exists. */
  readonly requireOwnership: () => void;
  /** Begins the new generation's first segment, durably. */
  readonly beginSegment: (snapshot: string) => Promise<void>;
}

/**
 * Snapshot to a temporary file, fsync, rename, fsync of the folder, read back, first segment of the new generation, and only then the removal
 * of what is older than the generation before. Until the segment names the snapshot, the old generation is what readers read.
 * Gives the bytes that journal and snapshots take now.
 */
export async function compactJournal(options: CompactionPlace, compaction: Compaction): Promise<number> {
  const { files, folder, epoch } = options;
  const { generation, seq } = compaction;
  const name = snapshotName({ generation, epoch });
  const path = inFolder(folder, name);
  const temporary = path.replace(/\.log$/u, ".tmp");
  try {
    await files.remove(temporary);
    const file = await files.open(temporary, "exclusive");
    try {
      await writeSnapshot(file, { holds: "snapshot", generation, epoch, seq }, compaction.state());
    } finally {
      await file.close();
    }
    compaction.requireOwnership();
    await files.rename(temporary, path);
    await files.syncFolder(folder);
    const back = await readSnapshot(files, path, name);
    if (back.state !== "valid" || back.seq !== seq) {
      await files.remove(path);
      throw new HeirloomError(
        "INTERNAL",
        "A snapshot could not be read back; the journal before it stays. Check the disk.",
      );
    }
    compaction.requireOwnership();
    await compaction.beginSegment(name);
  } catch (thrown) {
    await files.remove(temporary).catch(() => undefined);
    throw storageError(thrown, "compact the journal", folder);
  }
  await removeOlder(options, compaction, name);
  return bytesLeft(files, folder);
}

/** What cannot be removed now is removed by the next compaction; with `purge` the caller has to know. */
async function removeOlder(options: CompactionPlace, compaction: Compaction, snapshot: string): Promise<void> {
  const { files, folder, logger } = options;
  const { purge, generation } = compaction;
  const oldest = purge ? generation : generation - 1;
  const history = await options.reader.history();
  const kept = new Set(history.stretches.map(({ file }) => file));
  const named = new Set([snapshot, ...history.stretches.flatMap(({ header }) => header.snapshot ?? [])]);
  const foreign = new Map(history.foreign.map((segment) => [segment.file, segment]));
  try {
    for (const file of await files.list(folder)) {
      const age = parseSegmentName(file)?.generation ?? parseSnapshotName(file)?.generation;
      const stray = parseSnapshotName(file) !== undefined ? !named.has(file) : age !== undefined && !kept.has(file);
      if (!isTemporarySnapshot(file) && (age === undefined || (age >= oldest && !stray))) continue;
      compaction.requireOwnership();
      const beside = foreign.get(file);
      if (!purge && beside !== undefined && (files.sizeSync(inFolder(folder, file)) ?? 0) > beside.start) {
        await files.makeFolder(inFolder(folder, QUARANTINE_FOLDER));
        await files.rename(inFolder(folder, file), inFolder(folder, `${QUARANTINE_FOLDER}/${file}`));
        await files.syncFolder(inFolder(folder, QUARANTINE_FOLDER));
      } else {
        await files.remove(inFolder(folder, file));
      }
    }
    if (purge) {
      const aside = inFolder(folder, QUARANTINE_FOLDER);
      const copies = await files.list(aside);
      for (const file of copies) await files.remove(inFolder(aside, file));
      if (copies.length > 0) await files.syncFolder(aside);
    }
    await files.syncFolder(folder);
  } catch (thrown) {
    if (purge) throw storageError(thrown, "remove what was forgotten", folder);
    logger.log("warn", "an old generation could not be removed; the next compaction tries again", {
      cause: String(thrown),
    });
  }
}

async function bytesLeft(files: Files, folder: string): Promise<number> {
  let bytes = 0;
  for (const file of await files.list(folder)) {
    if (parseSegmentName(file) === undefined && parseSnapshotName(file) === undefined) continue;
    bytes += files.sizeSync(inFolder(folder, file)) ?? 0;
  }
  return bytes;
}
