import { join, relative, sep } from "node:path";
import type { Memory } from "../contract/memory.ts";
import type { EnginePorts } from "./enginePorts.ts";
import { exportLine } from "./lifecycle/exportLine.ts";
import { rootOf } from "./lineage.ts";
import type { GitPlace } from "./seams.ts";
import type { StoreAccess } from "./storeAccess.ts";
import { storeFolder, storeName } from "./storeName.ts";
import { importLines } from "./transfer.ts";

export interface AdoptionParts extends Pick<EnginePorts, "files" | "logger" | "realPath"> {
  readonly dataFolder: string;
  readonly openStore: (name: string) => Promise<StoreAccess>;
}

/**
 * Moves what was learned in a folder, while it belonged to no repository or was one itself, into the store of the repository that it belongs to now: after
 * `git init` in a folder above, or when it became a worktree or a submodule. Its memories keep their ids, and leave the old store once they are in
 * the new one, so that doing it again after a crash does no harm. A store that another process is working with is left to the next start.
 */
export async function adoptFolderStore(
  place: GitPlace,
  into: StoreAccess,
  { files, logger, realPath, dataFolder, openStore }: AdoptionParts,
): Promise<void> {
  const [name, workspaceId] = [storeName({ workspace: place.workspace }), storeName(place)];
  if (name === workspaceId) return;
  try {
    if ((await files.list(join(storeFolder(dataFolder, name), "journal"))).length === 0) return;
    const from = await openStore(name);
    try {
      if (from.store.owns) {
        const workspace = (await realPath(place.workspace)) ?? place.workspace;
        await moveAll(from, into, { root: rootOf(place), workspace, workspaceId });
      }
    } finally {
      await from.store.close();
    }
  } catch (error) {
    logger.log("warn", "memories of the folder before it belonged to this repository could not be taken over", {
      error,
    });
  }
}

interface Move {
  readonly root: string;
  readonly workspace: string;
  readonly workspaceId: string;
}

async function moveAll(from: StoreAccess, into: StoreAccess, { root, workspace, workspaceId }: Move): Promise<void> {
  const memories = [...from.store.projection.memories()].map(({ memory }) => memory);
  if (memories.length === 0) return;
  const below = relative(root, workspace).split(sep).join("/");
  async function* lines(): AsyncGenerator<string> {
    for (const memory of memories) yield exportLine(anchoredBelow(memory, below));
  }
  // Each line says all of where it comes from.
  const provenance = { at: 0, dirty: false, pending: false };
  const accessOf = (): Promise<StoreAccess> => Promise.resolve(into);
  await importLines(lines(), { dedupe: "none" }, { workspace: root, workspaceId, provenance, accessOf }, {});
  await into.store.sync();
  const moved = memories.map(({ id }) => id).filter((id) => into.store.projection.rowOf(id) !== undefined);
  await from.forget({ ids: moved, now: true });
}

/** Its places as the root calls them that is further up. */
const anchoredBelow = (memory: Memory, below: string): Memory =>
  below === "" || below.startsWith("..")
    ? memory
    : { ...memory, anchors: memory.anchors.map((anchor) => ({ ...anchor, path: `${below}/${anchor.path}` })) };
