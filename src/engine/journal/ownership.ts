import { HeirloomError } from "../../contract/errors.ts";
import type { Files, Logger, PeerAddress, Peers, ProcessIdentity } from "../ports.ts";
import { errorCode, storageError } from "./failures.ts";
import { inFolder, parseSegmentName } from "./fileNames.ts";
import { claimedEpochs, claimName, encodeClaim, type OwnerClaim, readClaim, writeDurably } from "./ownerClaim.ts";

export interface OwnershipOptions {
  readonly logger: Logger;
  /** The journal's folder when it is not the one of the claims: the new epoch is higher than that of every segment in it. */
  readonly journalFolder?: string;
}

/** The right to write a store, held by this process. */
export interface Claim {
  readonly epoch: number;
  /** Synchronous, two stats: whether this is still the highest claim. Once false, always false. */
  fence(): boolean;
  /** Lets the next process take over at once. Call it after the writer is closed. */
  release(): Promise<void>;
}

export type Ownership =
  | { readonly role: "owner"; readonly epoch: number; readonly claim: Claim }
  | {
      readonly role: "follower";
      readonly owner: { readonly identity: ProcessIdentity; readonly address: PeerAddress; readonly epoch: number };
      /** The owner lives but does not answer (SIGSTOP, a debugger): it is not replaced, writes are OWNER_UNREACHABLE. */
      readonly stopped: boolean;
    };

/** Racers that lose a round look again; more rounds than this means that processes die faster than they start. */
const ROUNDS = 50;
/** An unreadable claim may be one that is just being written where there are no links; it is read again this often. */
const SECOND_LOOKS = 5;
const SECOND_LOOK_MS = 40;
/** Claims below the highest that are kept, so that a racer that slept through several epochs still finds its name taken. */
const KEPT_CLAIMS = 8;

/**
 * Makes this process the owner of the store in `folder` if nobody is, else says who is.
 *
 * Epoch E is owned by whoever creates `owner-E.json`, atomically, by linking a finished file to that name; E is one above the highest epoch
 * seen, and only a released claim or one of a dead process is followed. A claim that cannot be read counts as dead after a few looks: its
 * owner, should it live, is fenced off by the new epoch. The highest claim is never removed; lower ones are removed by the owner alone,
 * lowest first, so that for a replaced owner either the next epoch's file is there or its own is gone.
 * FORBIDDEN_PATH, STORAGE_FULL, OWNER_UNREACHABLE when the race does not end.
 */
export async function claimOwnership(
  files: Files,
  folder: string,
  peers: Peers,
  options: OwnershipOptions,
): Promise<Ownership> {
  try {
    await files.makeFolder(folder);
    const address = await peers.address();
    for (let round = 0; round < ROUNDS; round++) {
      const [highest = 0] = await claimedEpochs(files, folder);
      const standing = highest === 0 ? undefined : await standingClaim(files, folder, highest, options.logger);
      if (standing === "missing") continue;
      if (standing !== undefined && !standing.released) {
        const state = await peers.probe(standing.identity, standing.address);
        const { identity, epoch } = standing;
        if (state !== "dead") {
          return {
            role: "follower",
            owner: { identity, address: standing.address, epoch },
            stopped: state === "stopped",
          };
        }
      }
      const epoch = 1 + Math.max(highest, await highestSegmentEpoch(files, options.journalFolder ?? folder));
      const claim: OwnerClaim = { epoch, identity: peers.self, address, released: false };
      if (!(await take(files, folder, claim))) continue;
      const [now] = await claimedEpochs(files, folder);
      if (now !== epoch) {
        await files.remove(inFolder(folder, claimName(epoch)));
        continue;
      }
      await removeLowerClaims(files, folder, epoch);
      await removeLeftTemporaries(files, folder, epoch);
      return { role: "owner", epoch, claim: new HeldClaim(files, folder, claim) };
    }
  } catch (thrown) {
    throw storageError(thrown, "claim the store", folder);
  }
  throw new HeirloomError("OWNER_UNREACHABLE", `The owner of ${folder} keeps changing: try again.`, { folder });
}

/** Who the highest claim names, unless it was released; claims nothing and does not ask whether that process still runs. FORBIDDEN_PATH. */
export async function standingOwner(
  files: Pick<Files, "list" | "readFile">,
  folder: string,
): Promise<{ readonly identity: ProcessIdentity; readonly address: PeerAddress } | undefined> {
  try {
    const [highest] = await claimedEpochs(files, folder);
    const claim = highest === undefined ? undefined : await readClaim(files, folder, highest);
    return typeof claim !== "object" || claim.released ? undefined : claim;
  } catch (thrown) {
    throw storageError(thrown, "find the owner of the store", folder);
  }
}

/** The claim of the highest epoch; undefined when it cannot be read, which counts as dead. */
async function standingClaim(
  files: Files,
  folder: string,
  epoch: number,
  logger: Logger,
): Promise<OwnerClaim | "missing" | undefined> {
  for (let look = 0; look < SECOND_LOOKS; look++) {
    const claim = await readClaim(files, folder, epoch);
    if (claim !== "unreadable") return claim;
    await new Promise((resolve) => setTimeout(resolve, SECOND_LOOK_MS));
  }
  logger.log("warn", "an owner's claim cannot be read; taking the store over", { file: claimName(epoch) });
  return undefined;
}

/** Claim files may have been removed by hand; an epoch that has written is never used again. */
async function highestSegmentEpoch(files: Files, folder: string): Promise<number> {
  return (await files.list(folder)).reduce((highest, file) => Math.max(highest, parseSegmentName(file)?.epoch ?? 0), 0);
}

/** Creates the claim file in one atomic step. False: another process was faster. */
async function take(files: Files, folder: string, claim: OwnerClaim): Promise<boolean> {
  const path = inFolder(folder, claimName(claim.epoch));
  const temporary = temporaryName(folder, claim);
  const bytes = encodeClaim(claim);
  await files.remove(temporary);
  try {
    await writeDurably(files, temporary, bytes);
    await files.link(temporary, path);
  } catch (thrown) {
    const code = errorCode(thrown);
    if (code === "EEXIST" || code === "ENOENT") return false;
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "EOPNOTSUPP" && code !== "ENOSYS") throw thrown;
    // No links on this file system: creation is atomic all the same, and readers give a half-written claim a second look.
    try {
      await writeDurably(files, path, bytes);
    } catch (second) {
      if (errorCode(second) === "EEXIST") return false;
      throw second;
    }
  } finally {
    await files.remove(temporary);
  }
  await files.syncFolder(folder);
  return true;
}

function temporaryName(folder: string, { identity, epoch }: OwnerClaim): string {
  temporaries += 1;
  return inFolder(folder, `owner-${epoch}.${identity.pid}-${temporaries}.tmp`);
}
/** Two stores, or two tries, of one process never share a temporary file. */
let temporaries = 0;

async function removeLowerClaims(files: Files, folder: string, epoch: number): Promise<void> {
  const lower = (await claimedEpochs(files, folder)).filter((other) => other < epoch - KEPT_CLAIMS);
  for (const old of lower.reverse()) await files.remove(inFolder(folder, claimName(old)));
}

/**
 * What processes left that ended while they claimed the store. One of a racer that still runs may be among them: it finds its file gone, and
 * looks again, as it would for having lost the race.
 */
async function removeLeftTemporaries(files: Files, folder: string, epoch: number): Promise<void> {
  for (const file of await files.list(folder)) {
    const match = TEMPORARY.exec(file);
    if (match !== null && Number(match[1]) <= epoch) await files.remove(inFolder(folder, file));
  }
}
const TEMPORARY = /^owner-(\d{1,15})\.\d+-\d+\.tmp$/u;

class HeldClaim implements Claim {
  readonly epoch: number;
  readonly #files: Files;
  readonly #folder: string;
  readonly #claim: OwnerClaim;
  #lost = false;

  constructor(files: Files, folder: string, claim: OwnerClaim) {
    this.#files = files;
    this.#folder = folder;
    this.#claim = claim;
    this.epoch = claim.epoch;
  }

  fence(): boolean {
    // In this order: the next epoch's file is only ever removed after this one's.
    this.#lost ||= this.#exists(this.epoch + 1) || !this.#exists(this.epoch);
    return !this.#lost;
  }

  async release(): Promise<void> {
    if (!this.fence()) return;
    this.#lost = true;
    const temporary = temporaryName(this.#folder, this.#claim);
    try {
      await writeDurably(this.#files, temporary, encodeClaim({ ...this.#claim, released: true }));
      await this.#files.rename(temporary, inFolder(this.#folder, claimName(this.epoch)));
    } catch (error) {
      await this.#files.remove(temporary);
      throw error;
    }
    await this.#files.syncFolder(this.#folder);
  }

  #exists(epoch: number): boolean {
    return this.#files.sizeSync(inFolder(this.#folder, claimName(epoch))) !== undefined;
  }
}
