import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { HeirloomError } from "../../contract/errors.ts";
import { isHubId } from "../../contract/models.ts";

/** A model as a setting names it. */
export interface ModelPlace {
  readonly name: string;
  /** Absolute path of its folder. */
  readonly folder: string;
}

/** Folder of the data folder that downloaded models are in. */
export const modelsFolder = (dataFolder: string): string => join(dataFolder, "models");

/** Where a downloaded model lies. INVALID_INPUT for what is no id of the hub. */
export function downloadedFolder(dataFolder: string, id: string): string {
  if (!isHubId(id)) throw new HeirloomError("INVALID_INPUT", `"${id}" is no id of a model: ids are OWNER/NAME.`);
  return join(modelsFolder(dataFolder), id.replace("/", "--"));
}

/** The folder of the model that a setting names: one that was downloaded, or one of the user's own. INVALID_INPUT. */
export function folderOfModel(dataFolder: string, named: string): string {
  if (named.startsWith("~/") || named.startsWith("~\\")) return join(homedir(), named.slice(2));
  return isAbsolute(named) ? named : downloadedFolder(dataFolder, named);
}

/** Said without starting a thread for it. */
export function notThere({ name, folder }: ModelPlace, setting: "embeddingModel" | "reranker"): HeirloomError {
  const advice = isHubId(name)
    ? `${name} was not downloaded: \`heirloom model download ${name}\` fetches it, and so does "Heirloom: Download a Model…" in VS Code.`
    : `There is no folder ${folder}: set ${setting} to one that holds a model, or to the id of one that was downloaded.`;
  return new HeirloomError("EMBEDDING_FAILED", advice, { folder });
}
