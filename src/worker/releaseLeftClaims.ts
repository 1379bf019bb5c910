import { join } from "node:path";
import { claimOwnership, standingOwner } from "../engine/journal/ownership.ts";
import type { Logger, Peers } from "../engine/ports.ts";
import { STORES_FOLDER, storeFolder } from "../engine/storeName.ts";
import { nodeFiles } from "../serve/nodeFiles.ts";
import { isThisProcess } from "../serve/processIdentity.ts";

/**
 * Lets go of the stores that an engine worker before this one, in the same process, left when it was ended: other processes see their owner
 * alive, and would wait for it as long as this process runs, also where nobody opens the store here again.
 */
export async function releaseLeftClaims(dataFolder: string, peers: Peers, logger: Logger): Promise<void> {
  try {
    const names = await nodeFiles.list(join(dataFolder, STORES_FOLDER));
    for (const name of names.filter((one) => !one.startsWith(".")))
      await releaseLeftClaim(storeFolder(dataFolder, name), peers, logger);
  } catch (error) {
    logger.log("warn", "stores that an ended worker left could not be looked for", { error });
  }
}

async function releaseLeftClaim(folder: string, peers: Peers, logger: Logger): Promise<void> {
  try {
    const owner = await standingOwner(nodeFiles, folder);
    if (owner === undefined || !isThisProcess(owner.identity)) return;
    if (owner.address.token === (await peers.address()).token) return;
    // A claim of this process is followed by a new one, which is released at once.
    const now = await claimOwnership(nodeFiles, folder, peers, { logger, journalFolder: join(folder, "journal") });
    if (now.role === "owner") await now.claim.release();
  } catch (error) {
    logger.log("warn", "a store that an ended worker left could not be released", { error });
  }
}
