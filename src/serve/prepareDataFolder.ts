import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HeirloomError } from "../contract/errors.ts";
import { STORES_FOLDER } from "../engine/storeName.ts";
import { nodeFiles } from "./nodeFiles.ts";

/**
 * Makes the folder that holds every store. It may lie inside a workspace, where git must not see what is in it: one that is made here ignores
 * itself. INVALID_INPUT where there cannot be such a folder. One that may not be written, or has no room, is left to whoever writes.
 */
export async function prepareDataFolder(dataFolder: string): Promise<void> {
  const stores = join(dataFolder, STORES_FOLDER);
  try {
    await nodeFiles.makeFolder(dataFolder);
    await mkdir(stores, { mode: 0o700 });
    await writeFile(join(stores, ".gitignore"), "*\n", { flag: "wx", mode: 0o600 });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    if (!["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG", "EINVAL"].includes(code)) return;
    throw new HeirloomError(
      "INVALID_INPUT",
      `There cannot be a folder ${dataFolder} for memories (${code}): give --data a folder that exists or can be made.`,
      { cause: code },
      { cause },
    );
  }
}
