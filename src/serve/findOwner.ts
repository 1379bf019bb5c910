import { findRepository } from "../engine/git/findRepository.ts";
import { standingOwner } from "../engine/journal/ownership.ts";
import type { PeerAddress } from "../engine/ports.ts";
import { storeFolder, storeName } from "../engine/storeName.ts";
import { nodeFiles } from "./nodeFiles.ts";
import { processState } from "./processIdentity.ts";

/**
 * Where the process listens that owns the workspace's store now; undefined when there is none that answers. Reads a few files and runs no
 * git: an agent's hook waits for it.
 */
export async function findOwner(workspace: string, dataFolder: string): Promise<PeerAddress | undefined> {
  const { repository } = findRepository(workspace);
  const name = storeName({ workspace, ...(repository === undefined ? {} : { repository }) });
  const owner = await standingOwner(nodeFiles, storeFolder(dataFolder, name));
  return owner !== undefined && processState(owner.identity) === "alive" ? owner.address : undefined;
}
