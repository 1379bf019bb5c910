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

  // By file: what was written is on record even where a later file cannot be.
  const next = new Map(known.map((record) => [record.file, record]));
  const changed = new Set<string>();
  const note = (record: FileRecord): void => {
    changed.add(record.file);
    next.set(record.file, record);
  };
  try {
    for (const { file, text } of wanted) {
      const record = next.get(file);
      const bytes = Buffer.from(text);
      const written = fingerprintOf(bytes);
      const fingerprint = states.get(file) ?? (await readState(file)).fingerprint;
      if (fingerprint === written) {
        // Another window was faster, and its record may be older than its file.
        if (record !== undefined && record.written !== written) note({ ...record, written });
        continue;
      }
      const isFree = record === undefined ? fingerprint === ABSENT : fingerprint === record.written;
      if (!isFree) continue;
      await replaceFile(file, bytes, fingerprint);
      note({ restorable: true, kept: 0, madeFolders: [], ...record, file, written });
    }
    for (const record of ours) {
      if (wanted.some(({ file }) => file === record.file)) continue;
      if (states.get(record.file) === record.written) await removeFile(record.file, record.written);
      changed.add(record.file);
      next.delete(record.file);
    }
  } finally {
    if (changed.size > 0) await records.save("claude-code", [...next.values()]);
  }
  return changed.size > 0;
}
