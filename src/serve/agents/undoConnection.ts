import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { HeirloomError } from "../../contract/errors.ts";
import { claudePluginFolder } from "./claudePlugin.ts";
import { decode, readState, removeEmptyFolders, removeFile, replaceFile } from "./configFile.ts";
import type { Entry } from "./configText.ts";
import type { UndoneConnection } from "./connection.ts";
import type { ConnectionRecords, FileRecord } from "./connectionRecords.ts";
import type { AgentSurroundings, KnownAgent } from "./knownAgents.ts";
import { launcherPath } from "./launcher.ts";
import { findEntry, isOurs } from "./planConnection.ts";

type Outcome = "restored" | "cleaned" | "untouched";

/** See `AgentConnections.undo`. */
export async function undoConnection(
  agent: KnownAgent,
  where: AgentSurroundings & { readonly dataFolder: string },
  records: ConnectionRecords,
): Promise<UndoneConnection> {
  const known = await records.of(agent.id);
  const done: (readonly [string, Outcome])[] = [];
  let left = known;
  const undone = async (file: string, outcome: Outcome): Promise<void> => {
    done.push([file, outcome]);
    left = left.filter((record) => record.file !== file);
    await records.save(agent.id, left);
  };
  for (const record of known.toReversed()) {
    const outcome =
      record.path === undefined
        ? await undoWhole(agent, record, where, records)
        : await undoEntry(agent, record, known, where, records);
    await undone(record.file, outcome);
  }
  // What was made for one file may have held others of ours.
  const made = new Set(known.flatMap(({ madeFolders }) => madeFolders));
  await removeEmptyFolders([...made].toSorted((left, right) => right.length - left.length));
  // Ours without a record: the records were lost, or somebody copied the entry.
  const { file, before, path, standing, fingerprint } = await findEntry(agent, where);
  if (before !== undefined && isOurs(standing, launcherPath(where.dataFolder, where.platform), known)) {
    await records.keep(agent.id, file, Buffer.from(before));
    await replaceFile(file, Buffer.from(agent.format.remove({ file, text: before }, path, () => false)), fingerprint);
    done.push([file, "cleaned"]);
  }
  const filesOf = (wanted: Outcome): readonly string[] =>
    done.filter(([, outcome]) => outcome === wanted).map(([name]) => name);
  const result = { agent: agent.id, restored: filesOf("restored"), cleaned: filesOf("cleaned") };
  if (known.length === 0 && result.cleaned.length === 0) {
    throw new HeirloomError("NOT_FOUND", `${agent.label} is not connected to Heirloom; there is nothing to undo.`);
  }
  return result;
}

async function undoEntry(
  agent: KnownAgent,
  record: FileRecord,
  known: readonly FileRecord[],
  where: AgentSurroundings & { readonly dataFolder: string },
  records: ConnectionRecords,
): Promise<Outcome> {
  const { file, path = [] } = record;
  const { bytes, fingerprint } = await readState(file);
  if (bytes === undefined) return "untouched";
  if (fingerprint === record.written && record.restorable) return putBack(record, fingerprint, records);
  const source = { file, text: decode(file, bytes) };
  if (!isOurs(agent.format.get(source, path), launcherPath(where.dataFolder, where.platform), known))
    return "untouched";
  const text =
    record.replaced === undefined
      ? agent.format.remove(source, path, (parent) => parent.length <= record.kept)
      : agent.format.set(source, path, record.replaced as Entry);
  await records.keep(agent.id, file, bytes);
  const isEmpty = /^\ufeff?\s*(?:\{\s*\}\s*)?$/u.test(text);
  if (isEmpty && record.backup === undefined && record.restorable) await removeFile(file, fingerprint);
  else await replaceFile(file, Buffer.from(text), fingerprint);
  return "cleaned";
}

async function undoWhole(
  agent: KnownAgent,
  record: FileRecord,
  where: AgentSurroundings,
  records: ConnectionRecords,
): Promise<Outcome> {
  const { file } = record;
  const { bytes, fingerprint } = await readState(file);
  if (bytes === undefined) return "untouched";
  if (fingerprint !== record.written) await records.keep(agent.id, file, bytes);
  await putBack(record, fingerprint, records);
  await removeEmptyFolders(foldersUpTo(claudePluginFolder(where), dirname(file)));
  return fingerprint === record.written ? "restored" : "cleaned";
}

async function putBack(record: FileRecord, fingerprint: string, records: ConnectionRecords): Promise<"restored"> {
  if (record.backup !== undefined) {
    await replaceFile(record.file, await readFile(records.backupPath(record.backup)), fingerprint);
    return "restored";
  }
  await removeFile(record.file, fingerprint);
  await removeEmptyFolders(record.madeFolders);
  return "restored";
}

/** The folder and those above it up to `last`. */
function foldersUpTo(last: string, folder: string): readonly string[] {
  const folders: string[] = [];
  for (let path = folder; path.startsWith(last); path = dirname(path)) folders.push(path);
  return folders;
}
