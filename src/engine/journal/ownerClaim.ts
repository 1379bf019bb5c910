import type { Files, PeerAddress, ProcessIdentity } from "../ports.ts";
import { errorCode } from "./failures.ts";
import { inFolder } from "./fileNames.ts";

/** What a claim file holds: who owns the store in this epoch, and where it can be reached. */
export interface OwnerClaim {
  readonly epoch: number;
  readonly identity: ProcessIdentity;
  readonly address: PeerAddress;
  readonly released: boolean;
}

export function claimName(epoch: number): string {
  return `owner-${epoch}.json`;
}

/** Epochs that have a claim file, highest first. */
export async function claimedEpochs(files: Pick<Files, "list">, folder: string): Promise<readonly number[]> {
  return (await files.list(folder))
    .flatMap((file) => {
      const match = /^owner-(\d{1,15})\.json$/u.exec(file);
      return match === null ? [] : [Number(match[1])];
    })
    .sort((a, b) => b - a);
}

/**
 * The claim of an epoch; "missing" when its file is gone, "unreadable" when it holds no claim (a damaged disk, or a half-written file where
 * the file system has no links).
 */
export async function readClaim(
  files: Pick<Files, "readFile">,
  folder: string,
  epoch: number,
): Promise<OwnerClaim | "missing" | "unreadable"> {
  let bytes;
  try {
    bytes = await files.readFile(inFolder(folder, claimName(epoch)));
  } catch (thrown) {
    if (errorCode(thrown) === "ENOENT") return "missing";
    throw thrown;
  }
  try {
    const found = JSON.parse(Buffer.from(bytes).toString("utf8")) as Record<string, unknown> | null;
    if (found === null) return "unreadable";
    const { pid, started, url, token, released } = found;
    const complete =
      typeof pid === "number" &&
      Number.isSafeInteger(pid) &&
      pid > 0 &&
      typeof started === "string" &&
      typeof url === "string" &&
      typeof token === "string" &&
      found["epoch"] === epoch;
    if (!complete) return "unreadable";
    return { epoch, identity: { pid, started }, address: { url, token }, released: released === true };
  } catch {
    return "unreadable";
  }
}

export function encodeClaim({ epoch, identity, address, released }: OwnerClaim): Buffer {
  return Buffer.from(JSON.stringify({ ...identity, ...address, epoch, ...(released ? { released } : {}) }) + "\n");
}

/** A whole new file, durable under its own name. */
export async function writeDurably(files: Files, path: string, bytes: Uint8Array): Promise<void> {
  const file = await files.open(path, "exclusive");
  try {
    await file.append(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
}
