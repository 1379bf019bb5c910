import { mkdir, readdir, readFile, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HeirloomError } from "../../contract/errors.ts";
import type { ModelTask } from "../../contract/models.ts";
import { downloadedFolder, modelsFolder } from "../../engine/embedding/modelPlace.ts";
import { explainFileError } from "../explainFileError.ts";
import { downloadFile, type FileRun } from "./downloadFile.ts";
import { type WantedFile, wantedModel } from "./hubFiles.ts";
import { hubAddress } from "./hubRequest.ts";
import { modelTask } from "./modelTask.ts";

export { hubAddress };

export interface ModelDownload extends Partial<Pick<FileRun, "signal" | "waitsMs" | "silenceMs">> {
  readonly dataFolder: string;
  /** On the hub: OWNER/NAME. */
  readonly id: string;
  /** Absent: what `hubAddress` gives. */
  readonly hub?: string;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A model that was downloaded, as it is noted beside it. */
export interface DownloadedModel {
  readonly id: string;
  readonly folder: string;
  readonly task: ModelTask;
  readonly revision: string;
  readonly bytes: number;
}

const NOTE = "heirloom-model.json";
const VERSION = 1;

/**
 * Brings a model from the hub into the data folder; what is there already, whole and unchanged, is not fetched again. Nothing calls this but
 * a person's command. INVALID_INPUT, NOT_FOUND, EMBEDDING_FAILED, STORAGE_FULL, and the signal's reason.
 */
export async function downloadModel(download: ModelDownload): Promise<DownloadedModel> {
  const { dataFolder, id, onProgress } = download;
  const hub = download.hub ?? hubAddress();
  const signal = download.signal ?? new AbortController().signal;
  const folder = downloadedFolder(dataFolder, id);
  const { revision, files } = await wantedModel(hub, id, signal);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // The data folder may lie inside a workspace, where git must not see what is in it.
    await writeFile(join(modelsFolder(dataFolder), ".gitignore"), "*\n", { mode: 0o600 });
    await expectRoom(folder, total);
    let before = 0;
    for (const file of files) {
      await downloadFile({ hub, id, revision }, file, folder, {
        ...download,
        signal,
        onBytes: (bytes) => onProgress?.(before + bytes, total),
      });
      before += file.bytes;
    }
    const note = { version: VERSION, id, revision, bytes: total, files: files.map(noteOf) };
    await writeFile(join(folder, NOTE), `${JSON.stringify(note, null, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    signal.throwIfAborted();
    throw explainFileError(error, folder);
  }
  return { id, folder, task: await modelTask(folder), revision, bytes: total };
}

/** Models that were downloaded whole. */
export async function downloadedModels(dataFolder: string): Promise<readonly DownloadedModel[]> {
  const names = await readdir(modelsFolder(dataFolder)).catch((): string[] => []);
  const models: DownloadedModel[] = [];
  for (const name of names.sort()) {
    const folder = join(modelsFolder(dataFolder), name);
    const text = await readFile(join(folder, NOTE), "utf8").catch(() => undefined);
    if (text === undefined) continue;
    const { version, id, revision, bytes } = JSON.parse(text) as DownloadedModel & { readonly version: number };
    if (version === VERSION) models.push({ id, folder, task: await modelTask(folder), revision, bytes });
  }
  return models;
}

/** STORAGE_FULL. What is there of it already is small beside what a disk should have left. */
async function expectRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  const megabytes = Math.ceil(bytes / 1_000_000);
  throw new HeirloomError("STORAGE_FULL", `The model takes ${megabytes} MB, and ${folder} has no room for it.`);
}

const noteOf = ({ path, bytes, digest }: WantedFile): object => ({ path, bytes, [digest.kind]: digest.hex });
