import { basename, dirname, join } from "node:path";
import type { UpsertInput } from "../contract/upsert.ts";
import { MOST_UPSERTED } from "../contract/upsert.ts";
import { markdownSections } from "../engine/capture/markdownSections.ts";
import { namedFiles } from "../engine/capture/namedFiles.ts";
import { openWorkspaceFiles } from "../engine/capture/workspaceFiles.ts";

type Items = UpsertInput["items"];

const MOST_BYTES = 262_144;
const TITLE_LENGTH = 300;

/**
 * Where VS Code keeps what its agents remembered of the repository that a window has open: beside this extension's own folder among those of the
 * workspace.
 */
export const vscodeMemoryFolder = (storage: string): string =>
  join(dirname(storage), "GitHub.copilot-chat", "memory-tool", "memories", "repo");

/**
 * The notes of such a folder as memories of the repository, one a section, anchored to the files under `workspace` that they name in backticks. None
 * where there is no folder.
 */
export async function readVscodeMemories(folder: string, workspace: string): Promise<Items> {
  const [notes, files] = [openWorkspaceFiles(folder), openWorkspaceFiles(workspace)];
  const items: Items = [];
  for (const { name, folder: isFolder } of await notes.list("")) {
    if (isFolder || !name.endsWith(".md")) continue;
    const read = await notes.read(name, MOST_BYTES);
    if ("refused" in read) continue;
    for (const { text, headings } of markdownSections(new TextDecoder().decode(read.bytes))) {
      if (items.length === MOST_UPSERTED) return items;
      const anchors = (await namedFiles(files, text)).map((path) => ({ path }));
      const title = [basename(name, ".md"), ...headings].join(" › ").slice(0, TITLE_LENGTH).trim();
      items.push({
        ...{ content: text, eventType: "note", scope: "repo", title, tags: ["vscode-memory"] },
        ...(anchors.length === 0 ? {} : { anchors }),
      });
    }
  }
  return items;
}
