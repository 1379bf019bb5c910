import { claudePluginFiles } from "./claudePlugin.ts";
import { ABSENT, fingerprintOf, readState, removeFile, replaceFile } from "./configFile.ts";
import type { ConnectionRecords, FileRecord } from "./connectionRecords.ts";
import { launcherPath } from "./launcher.ts";
import type { PlanningPlaces } from "./planConnection.ts";

/**
 * Where Claude Code has our plugin, it gets the one of the extension that runs now. A file that somebody changed is left alone, and so is a
 * plugin that somebody took away.
 */
export async function refreshPlugin(places: PlanningPlaces, records: ConnectionRecords): Promise<boolean> {
  const known = await records.of("claude-code");
  const ours = known.filter(({ path }) => path === undefined);
  if (ours.length === 0) return false;
  const states = new Map(
    await Promise.all(ours.map(async ({ file }) => [file, (await readState(file)).fingerprint] as const)),
  );
  if ([...states.values()].every((fingerprint) => fingerprint === ABSENT)) return false;
  const wanted = await claudePluginFiles(
    places.extensionFolder,
    launcherPath(places.dataFolder, places.platform),
    places,
  );
  if (wanted.length === 0) return false;

  const next: FileRecord[] = known.filter(({ path }) => path !== undefined);
  let changed = false;
  for (const { file, text } of wanted) {
    const record = ours.find((one) => one.file === file);
    const bytes = Buffer.from(text);
    const written = fingerprintOf(bytes);
    const fingerprint = states.get(file) ?? (await readState(file)).fingerprint;
    const isFree = record === undefined ? fingerprint === ABSENT : fingerprint === record.written;
    if (isFree && fingerprint !== written) {
      await replaceFile(file, bytes, fingerprint);
      next.push({ restorable: true, kept: 0, madeFolder: false, ...record, file, written });
      changed = true;
    } else if (record !== undefined) next.push(record);
  }
  for (const record of ours) {
    if (wanted.some(({ file }) => file === record.file)) continue;
    changed = true;
    if (states.get(record.file) === record.written) await removeFile(record.file, record.written);
  }
  if (changed) await records.save("claude-code", next);
  return changed;
}
