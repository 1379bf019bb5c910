import type { Files, Logger } from "../ports.ts";
import type { JournalDamage } from "../seams.ts";
import { errorCode } from "./failures.ts";
import { inFolder, QUARANTINE_FOLDER, quarantineName } from "./fileNames.ts";

/**
 * Copies the bytes of a damaged stretch beside the journal, durably. Gives the damage with the name of the copy, or without one if the bytes
 * are gone or the copy could not be made: then nothing may be cut off.
 */
export async function quarantine(
  files: Files,
  folder: string,
  damage: JournalDamage,
  logger: Logger,
): Promise<JournalDamage> {
  const name = quarantineName(damage.file, damage.offset, damage.bytes);
  const target = inFolder(folder, `${QUARANTINE_FOLDER}/${name}`);
  const named = { ...damage, quarantine: `${QUARANTINE_FOLDER}/${name}` };
  if (damage.bytes === 0 || files.sizeSync(inFolder(folder, damage.file)) === undefined) return damage;
  if (files.sizeSync(target) === damage.bytes) return named;
  try {
    const source = await files.open(inFolder(folder, damage.file), "read");
    let bytes;
    try {
      bytes = await source.read(damage.offset, damage.bytes);
    } finally {
      await source.close();
    }
    if (bytes.length === 0) return damage;
    await files.makeFolder(inFolder(folder, QUARANTINE_FOLDER));
    await files.remove(target);
    const copy = await files.open(target, "exclusive");
    try {
      await copy.append(bytes);
      await copy.datasync();
    } finally {
      await copy.close();
    }
    await files.syncFolder(inFolder(folder, QUARANTINE_FOLDER));
    return named;
  } catch (thrown) {
    logger.log("warn", "damaged bytes could not be put aside; they stay where they are", {
      file: damage.file,
      code: errorCode(thrown),
    });
    return damage;
  }
}
