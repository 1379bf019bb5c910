import { storeFolder, storeName } from "../engine/storeName.ts";
import { PlaceReader } from "../engine/git/placeReader.ts";
import { standingOwner } from "../engine/journal/ownership.ts";
import type { PeerAddress } from "../engine/ports.ts";
import { nodeFiles } from "./nodeFiles.ts";
import { createNodeGit } from "./nodeGit.ts";
import { processState } from "./processIdentity.ts";

/** Where the process listens that owns the workspace's store now; undefined when there is none that answers. */
export async function findOwner(workspace: string, dataFolder: string): Promise<PeerAddress | undefined> {
  const place = await new PlaceReader(createNodeGit()).read(workspace);
  const owner = await standingOwner(nodeFiles, storeFolder(dataFolder, storeName(place)));
  return owner !== undefined && processState(owner.identity) === "alive" ? owner.address : undefined;
}
