import { HeirloomError } from "../../contract/errors.ts";
import type { Files } from "../ports.ts";
import type { JournalCursor, JournalDamage, JournalWriter } from "../seams.ts";
import { errorCode } from "./failures.ts";
import type { Position } from "./fileHeader.ts";
import { inFolder, parseSegmentName, parseSnapshotName } from "./fileNames.ts";
import type { History } from "./history.ts";
import { quarantine } from "./quarantine.ts";
import { FolderWriter, type WriterOptions } from "./writer.ts";

export interface StartOptions extends WriterOptions {
  /** What reads of this process found; recovery puts it aside. */
  readonly knownDamage: readonly JournalDamage[];
  readonly after: JournalCursor;
}

/** Mends what can be mended without losing a byte, and begins the segment of `epoch` after the position `after`. */
export async function startWriting(options: StartOptions): Promise<JournalWriter> {
  const { files, folder, logger, reader, epoch, after } = options;
  await files.makeFolder(folder);
  const history = await reader.history();
  const tip = history.stretches.at(-1);
  if ([...history.stretches, ...history.foreign].some(({ header }) => header.epoch > epoch)) {
    throw new HeirloomError("OWNER_UNREACHABLE", "Another process has taken this store over: ask it, or try again.");
  }
  const rest = await reader.read(after);
  if (rest.events.length > 0 || rest.reset) {
    throw new HeirloomError("INTERNAL", "The journal holds more than was read: read on, then start writing.");
  }
  const recovered: JournalDamage[] = [];
  for (const damage of options.knownDamage) {
    if (damage.what !== "bad-frame" && damage.what !== "unreadable-header") continue;
    recovered.push(await quarantine(files, folder, damage, logger));
  }
  for (const file of history.stillborn) {
    const stillborn = await removeStillborn(options, file);
    if (stillborn !== undefined) recovered.push(stillborn);
  }
  await removeLeftovers(options, history);
  const torn = await cutTornTail(options, rest.cursor);
  if (torn !== undefined) recovered.push(torn);
  for (const damage of recovered) logger.log("warn", "journal recovered from damage", { ...damage });
  const position = positionOf(rest.cursor);
  const numbers = [...history.stretches, ...history.foreign].filter(({ header }) => header.epoch === epoch);
  return FolderWriter.begin(options, {
    generation: tip?.header.generation ?? Math.max(1, rest.cursor.generation),
    nextNumber: 1 + Math.max(0, ...numbers.map(({ name }) => name.number), ...stillbornNumbers(history, epoch)),
    seq: rest.cursor.seq,
    ...(position === undefined ? {} : { position }),
    // Only when segments are missing altogether: then the snapshot has to be named again.
    ...(tip === undefined && history.snapshots[0] !== undefined ? { snapshot: history.snapshots[0] } : {}),
    storeBytes: await bytesIn(files, folder),
    recovered,
  });
}

function stillbornNumbers(history: History, epoch: number): readonly number[] {
  return history.stillborn.flatMap((file) => {
    const name = parseSegmentName(file);
    return name?.epoch === epoch ? [name.number] : [];
  });
}

function positionOf(cursor: JournalCursor): Position | undefined {
  return cursor.segment === "" ? undefined : { segment: cursor.segment, length: cursor.offset, seq: cursor.seq };
}

/** A segment that was never finished holds nothing that was acknowledged. Its bytes are kept, and the name is freed. */
async function removeStillborn(options: StartOptions, file: string): Promise<JournalDamage | undefined> {
  const { files, folder, logger } = options;
  const bytes = files.sizeSync(inFolder(folder, file)) ?? 0;
  const damage: JournalDamage = { file, offset: 0, bytes, what: "unreadable-header" };
  const kept = bytes === 0 ? damage : await quarantine(files, folder, damage, logger);
  if (bytes > 0 && kept.quarantine === undefined) return kept;
  await files.remove(inFolder(folder, file));
  return bytes === 0 ? undefined : kept;
}

/** Finishes the removal that a crash cut short: after a purge nothing of an older generation may stay. */
async function removeLeftovers({ files, folder, fence }: StartOptions, history: History): Promise<void> {
  for (const file of history.leftovers) if (fence()) await files.remove(inFolder(folder, file));
}

/**
 * Makes what was read durable (its writer may have died between write and fsync), and cuts off what follows it. When the bytes cannot be
 * put aside they stay: the next segment names the place where history goes on, so nobody reads them.
 */
async function cutTornTail(options: StartOptions, end: JournalCursor): Promise<JournalDamage | undefined> {
  const { files, folder, logger } = options;
  const path = inFolder(folder, end.segment);
  const size = end.segment === "" ? undefined : files.sizeSync(path);
  if (size === undefined || size < end.offset) return undefined;
  const damage: JournalDamage = { file: end.segment, offset: end.offset, bytes: size - end.offset, what: "torn-tail" };
  const kept = size > end.offset ? await quarantine(files, folder, damage, logger) : undefined;
  const open = await files.open(path, "append");
  try {
    if (kept?.quarantine !== undefined) {
      try {
        await open.truncate(end.offset);
      } catch (thrown) {
        logger.log("warn", "a torn tail could not be cut off; it is passed over", { code: errorCode(thrown) });
      }
    }
    await open.datasync();
  } finally {
    await open.close();
  }
  return kept;
}

async function bytesIn(files: Files, folder: string): Promise<number> {
  let bytes = 0;
  for (const file of await files.list(folder)) {
    if (parseSegmentName(file) === undefined && parseSnapshotName(file) === undefined) continue;
    bytes += files.sizeSync(inFolder(folder, file)) ?? 0;
  }
  return bytes;
}
