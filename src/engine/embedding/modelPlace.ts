import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { HeirloomError } from "../../contract/errors.ts";
import { isHubId } from "../../contract/models.ts";

/** Folder of the data folder that downloaded models are in. */
export const modelsFolder = (dataFolder: string): string => join(dataFolder, "models");

/** Where a downloaded model lies. INVALID_INPUT for what is no id of the hub. */
export function downloadedFolder(dataFolder: string, id: string): string {
  if (!isHubId(id)) throw new HeirloomError("INVALID_INPUT", `"${id}" is no id of a model: ids are OWNER/NAME.`);
  return join(modelsFolder(dataFolder), id.replace("/", "--"));
}

/** The folder of the model that the setting `embeddingModel` names: one that was downloaded, or one of the user's own. INVALID_INPUT. */
export function folderOfModel(dataFolder: string, named: string): string {
  if (named.startsWith("~/") || named.startsWith("~\\")) return join(homedir(), named.slice(2));
  return isAbsolute(named) ? named : downloadedFolder(dataFolder, named);
}
