import { HeirloomError } from "../contract/errors.ts";
import type { Logger, PeerAddress, ProcessIdentity } from "./ports.ts";

/** This process's part in a store. */
export type StoreRole =
  | {
      readonly role: "owner";
      readonly epoch: number;
      readonly claim: { readonly fence: () => boolean; readonly release: () => Promise<void> };
    }
  | {
      readonly role: "follower";
      readonly owner: { readonly identity: ProcessIdentity; readonly address: PeerAddress; readonly epoch: number };
      readonly stopped: boolean;
    }
  | {
      /** Nobody owns the store, and this process cannot either (a full disk, a folder that it may not write): it reads. */
      readonly role: "reader";
      readonly why: HeirloomError;
    };
export type OwnerRole = StoreRole & { readonly role: "owner" };

/** As `claim`, but where the disk keeps this process from owning the store it can still read it. */
export async function claimOrRead(claim: () => Promise<StoreRole>): Promise<StoreRole> {
  try {
    return await claim();
  } catch (error) {
    if (!keepsFromWriting(error)) throw error;
    return { role: "reader", why: error };
  }
}

/** Whether an error says that nothing can be written here, and nothing about what is there to read. */
export function keepsFromWriting(error: unknown): error is HeirloomError {
  return error instanceof HeirloomError && (error.code === "STORAGE_FULL" || error.code === "FORBIDDEN_PATH");
}

/** A claim that cannot be released ends with the process that holds it. */
export async function release({ claim }: OwnerRole, logger: Logger): Promise<void> {
  try {
    await claim.release();
  } catch (error) {
    logger.log("warn", "the store could not be released; it is free when this process ends", { error });
  }
}

export function fenceOf(role: StoreRole): () => boolean {
  return role.role === "owner" ? () => role.claim.fence() : () => false;
}
