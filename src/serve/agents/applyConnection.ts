import { dirname } from "node:path";
import { HeirloomError } from "../../contract/errors.ts";
import {
  changedMeanwhile,
  exists,
  fingerprintOf,
  readState,
  removeEmptyFolders,
  removeFile,
  replaceFile,
} from "./configFile.ts";
import type { Entry } from "./configText.ts";
import type { AppliedConnection, ConnectionPlan, FileChange } from "./connection.ts";
import type { ConnectionRecords, FileRecord } from "./connectionRecords.ts";
import type { KnownAgent } from "./knownAgents.ts";
import { ENTRY_NAME } from "./planConnection.ts";

interface Written {
  readonly change: FileChange;
  readonly bytes?: Buffer;
  readonly record: FileRecord;
}

/** Writes what the plan shows, all of it or nothing. See `AgentConnections.apply`. */
export async function applyConnection(
  agent: KnownAgent,
  plan: ConnectionPlan,
  records: ConnectionRecords,
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<AppliedConnection> {
  const conflict = plan.changes.find(({ status }) => status === "conflict");
  if (conflict !== undefined && !replace) {
    throw new HeirloomError(
      "INVALID_INPUT",
      `${conflict.file} has a "${ENTRY_NAME}" already that Heirloom did not write. Rename it, or have it replaced.`,
      { file: conflict.file },
    );
  }
  const known = await records.of(plan.agent);
  const written: Written[] = [];
  try {
    // All are looked at before any is written.
    for (const change of plan.changes) {
      if ((await readState(change.file)).fingerprint !== change.fingerprint) throw changedMeanwhile(change.file);
    }
    for (const change of plan.changes) {
      if (change.status !== "connected") written.push(await write(agent, change, records, known));
    }
    const files = new Set(written.map(({ change }) => change.file));
    const others = known.filter(({ file }) => !files.has(file));
    if (files.size > 0) await records.save(plan.agent, [...others, ...written.map(({ record }) => record)]);
  } catch (error) {
    for (const { change, bytes, record } of written.toReversed()) {
      if (bytes === undefined) {
        await removeFile(change.file, record.written);
        await removeEmptyFolders(record.madeFolders);
      } else {
        await replaceFile(change.file, bytes, record.written);
      }
    }
    throw error;
  }
  return {
    agent: plan.agent,
    written: written.map(({ change }) => change.file),
    backups: written.flatMap(({ record: { backup } }) => (backup === undefined ? [] : [records.backupPath(backup)])),
  };
}

async function write(
  agent: KnownAgent,
  change: FileChange,
  records: ConnectionRecords,
  known: readonly FileRecord[],
): Promise<Written> {
  const { file, fingerprint } = change;
  const { bytes } = await readState(file);
  const after = Buffer.from(change.after);
  const earlier = known.find((record) => record.file === file);
  // What we wrote last and nobody touched since is no state that anybody wants back.
  const isOursStill = earlier?.written === fingerprint;
  const backup = bytes === undefined || isOursStill ? earlier?.backup : await records.keep(agent.id, file, bytes);
  const missing = await missingFolders(file);
  await replaceFile(file, after, fingerprint);
  const before: Omit<FileRecord, "file" | "written" | "entry"> = isOursStill
    ? earlier
    : {
        restorable: change.status !== "outdated",
        madeFolders: [...new Set([...(earlier?.madeFolders ?? []), ...missing])],
        ...(backup === undefined ? {} : { backup }),
        ...(change.status === "outdated" && earlier !== undefined
          ? { kept: earlier.kept, replaced: earlier.replaced }
          : whatStood(agent, change)),
      };
  const { path } = change;
  const entry = path === undefined ? undefined : agent.format.get({ file, text: change.after }, path);
  const record: FileRecord = {
    ...before,
    file,
    written: fingerprintOf(after),
    ...(path === undefined ? {} : { path: [...path], entry: { ...(entry as Entry) } }),
  };
  return { change, record, ...(bytes === undefined ? {} : { bytes }) };
}

/** Folders above a file that are not there, the innermost first. */
async function missingFolders(file: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let folder = dirname(file); folder !== dirname(folder) && !(await exists(folder)); folder = dirname(folder))
    missing.push(folder);
  return missing;
}

/** How much of the path was there, and what had our name. */
function whatStood(agent: KnownAgent, change: FileChange): Pick<FileRecord, "kept" | "replaced"> {
  const { file, path, before } = change;
  if (path === undefined || before === undefined) return { kept: 0 };
  const get = (keys: readonly string[]): unknown => agent.format.get({ file, text: before }, keys);
  const missing = path.findIndex((_key, depth) => get(path.slice(0, depth + 1)) === undefined);
  return { kept: missing === -1 ? path.length : missing, replaced: get(path) };
}
