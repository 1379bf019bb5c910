import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HeirloomError } from "../../contract/errors.ts";
import type { WantedFile } from "./hubFiles.ts";
import { HubRequest, refusedBy, unreachable } from "./hubRequest.ts";

export interface FileSource {
  readonly hub: string;
  readonly id: string;
  readonly revision: string;
}

export interface FileRun {
  readonly signal: AbortSignal;
  /** Bytes of this file that are here so far. */
  readonly onBytes: (bytes: number) => void;
  /** How long to wait before it is tried again, in milliseconds, after the first, second, … failure in a row. */
  readonly waitsMs?: readonly number[];
  readonly silenceMs?: number;
}

const WAITS_MS = [500, 1_000, 2_000];

/**
 * Brings one file into a folder, whole and checked, or not at all. What came before a failure stays beside it as `.part`, and is gone on from.
 * NOT_FOUND, EMBEDDING_FAILED, and the signal's reason.
 */
export async function downloadFile(source: FileSource, file: WantedFile, folder: string, run: FileRun): Promise<void> {
  const target = join(folder, file.path);
  if ((await sizeOf(target)) === file.bytes && (await digestOf(target, file)) === file.digest.hex) {
    run.onBytes(file.bytes);
    return;
  }
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const part = `${target}.part`;
  const resumed = (await partSize(part, file)) > 0;
  await fetchWhole(source, file, part, run);
  let found = await digestOf(part, file);
  if (found !== file.digest.hex && resumed) {
    // What came before may have been of another file.
    await rm(part, { force: true });
    await fetchWhole(source, file, part, run);
    found = await digestOf(part, file);
  }
  if (found !== file.digest.hex) {
    await rm(part, { force: true });
    throw notTheSame(source, file, found);
  }
  await rename(part, target);
}

/** Until `part` has all bytes, through as many connections as it takes while each of them brings some. */
async function fetchWhole(source: FileSource, file: WantedFile, part: string, run: FileRun): Promise<void> {
  const waits = run.waitsMs ?? WAITS_MS;
  for (let failures = 0; ;) {
    const before = await partSize(part, file);
    run.onBytes(before);
    if (before === file.bytes) return;
    try {
      await fetchRest(source, file, part, before, run);
    } catch (error) {
      run.signal.throwIfAborted();
      if (error instanceof HeirloomError || isOfDisk(error)) throw error;
      failures = (await partSize(part, file)) > before ? 1 : failures + 1;
      const wait = waits[failures - 1];
      if (wait === undefined) throw unreachable(source.hub, error);
      await pause(wait, run.signal);
    }
  }
}

async function fetchRest(
  { hub, id, revision }: FileSource,
  file: WantedFile,
  part: string,
  from: number,
  { signal, onBytes, silenceMs }: FileRun,
): Promise<void> {
  const request = new HubRequest(`${hub}/${id}/resolve/${revision}/${file.path}`, signal, silenceMs);
  const response = await request.send(from === 0 ? {} : { range: `bytes=${from}-` });
  if (!response.ok) {
    await response.body?.cancel();
    // A server in trouble may be well again in a moment.
    if (response.status >= 500 || response.status === 429) throw new Error(`HTTP ${response.status}`);
    throw refusedBy(hub, id, file.path, response.status);
  }
  const start = response.status === 206 ? from : 0;
  const handle = await open(part, start === 0 ? "w" : "a", 0o600);
  try {
    let at = start;
    for await (const chunk of request.chunksOf(response)) {
      at += chunk.length;
      if (at > file.bytes) throw tooLong(id, file);
      await writeAll(handle, chunk);
      onBytes(at);
    }
    if (at < file.bytes) throw new Error(`the connection ended ${file.bytes - at} bytes early`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) at += (await handle.write(chunk, at)).bytesWritten;
}

/** Bytes of what came before; what is longer than the file is none of it. */
async function partSize(part: string, { bytes }: WantedFile): Promise<number> {
  const size = (await sizeOf(part)) ?? 0;
  if (size <= bytes) return size;
  await rm(part, { force: true });
  return 0;
}

const sizeOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  );

async function digestOf(path: string, { bytes, digest }: WantedFile): Promise<string> {
  const hash: Hash =
    digest.kind === "sha256" ? createHash("sha256") : createHash("sha1").update(`blob ${String(bytes)}\0`);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

const notTheSame = ({ hub, id }: FileSource, { path, digest }: WantedFile, found: string): HeirloomError =>
  new HeirloomError(
    "EMBEDDING_FAILED",
    `${path} of ${id} from ${hub} is not what it should be (${digest.kind} ${found}, not ${digest.hex}). It was removed; try again, and if it happens again do not trust that hub.`,
    { id, path },
  );

const tooLong = (id: string, { path, bytes }: WantedFile): HeirloomError =>
  new HeirloomError("EMBEDDING_FAILED", `${path} of ${id} is longer than the ${bytes} bytes that it should have.`, {
    id,
    path,
  });

/** Of a file operation here: what fetch throws has the network's failure as its cause. */
const isOfDisk = (error: unknown): boolean => error instanceof Error && "syscall" in error;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}
