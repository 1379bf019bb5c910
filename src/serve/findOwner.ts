import { existsSync, readdirSync, readFileSync } from "node:fs";
import { standingOwner } from "../engine/journal/ownership.ts";
import type { Files, PeerAddress } from "../engine/ports.ts";
import { storeFolder } from "../engine/storeName.ts";
import { processState } from "./processIdentity.ts";

/**
 * Where the process listens that owns the store of this name now; undefined when there is none that answers. Reads a few files and runs no
 * git: an agent's hook waits for it.
 */
export async function findOwner(store: string, dataFolder: string): Promise<PeerAddress | undefined> {
  const owner = await standingOwner(smallFiles, storeFolder(dataFolder, store));
  return owner !== undefined && processState(owner.identity) === "alive" ? owner.address : undefined;
}

/** Read at once: node:fs/promises would start threads for them, which takes longer than the reading. */
const smallFiles: Pick<Files, "list" | "readFile"> = {
  list: (folder) => new Promise((resolve) => resolve(existsSync(folder) ? readdirSync(folder) : [])),
  readFile: (path) => new Promise((resolve) => resolve(readFileSync(path))),
};
