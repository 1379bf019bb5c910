import * as vscode from "vscode";
import { isHubId, MODEL_PRESETS, type ModelTask, presetMegabytes } from "../../contract/models.ts";
import { defaultDataFolder } from "../../serve/dataFolder.ts";
import type { Disposable } from "../contributions.ts";
import type { Services } from "../services.ts";
import { longRun } from "./longRun.ts";
import { registerCommand } from "./runCommand.ts";

interface Choice extends vscode.QuickPickItem {
  readonly id?: string;
  readonly other?: "hub" | "folder";
}

/** `downloadModel`: the only thing in the extension that fetches anything, and only what a person chose. */
export function registerModelCommands({ log }: Services): Disposable {
  return registerCommand(log, "heirloom.downloadModel", async () => {
    // What downloads is read from the disk when somebody downloads.
    const { downloadedModels, downloadModel, hubAddress } = await import("../../serve/models/downloadModel.ts");
    const dataFolder = defaultDataFolder();
    const hub = hubAddress();
    const here = new Set((await downloadedModels(dataFolder)).map(({ id }) => id));
    const chosen = await vscode.window.showQuickPick(choices(here), {
      title: "Download a Model",
      placeHolder: `Fetched from ${new URL(hub).host} into Heirloom's data folder; nothing of yours is sent`,
      matchOnDescription: true,
    });
    if (chosen === undefined) return;
    if (chosen.other === "folder") return useFolder();
    const id = chosen.id ?? (await askId())?.trim();
    if (id === undefined) return;
    const downloaded = await longRun(`Downloading ${id}`, ({ signal }, report) =>
      downloadModel({
        ...{ dataFolder, id, hub },
        ...(signal === undefined ? {} : { signal }),
        onProgress: (done, total) => report(`${megabytes(done)} of ${megabytes(total)} MB`),
      }),
    );
    if (downloaded === undefined) return;
    log.info(`Downloaded ${id} (${downloaded.revision}) into ${downloaded.folder}`);
    const use = USES[downloaded.task];
    if ((await vscode.window.showInformationMessage(`${id} is on this machine.`, use)) === use)
      await useModel(id, downloaded.task);
  });
}

function choices(here: ReadonlySet<string>): readonly Choice[] {
  return [
    ...Object.entries(MODEL_PRESETS).map(([id, preset]) => ({
      id,
      label: id,
      description: `${presetMegabytes(preset)} MB, ${preset.licence}${here.has(id) ? ", downloaded" : ""}`,
      detail: preset.about,
    })),
    { label: "Another model of the hub…", detail: "One that transformers.js runs, by its id", other: "hub" },
    { label: "A folder on this machine…", detail: "One that holds a model; nothing is fetched", other: "folder" },
  ];
}

function askId(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: "Download a Model",
    prompt: "Its id on the hub",
    placeHolder: "OWNER/NAME",
    validateInput: (text) => (isHubId(text.trim()) ? undefined : "Ids are of the form OWNER/NAME."),
  });
}

async function useFolder(): Promise<void> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: "Choose a Model's Folder",
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: "Use This Model",
    })) ?? [];
  if (folder === undefined) return;
  const { modelTask } = await import("../../serve/models/modelTask.ts");
  await useModel(folder.fsPath, await modelTask(folder.fsPath));
}

const USES: Readonly<Record<ModelTask, string>> = {
  embedding: "Compare Meanings with It",
  reranking: "Rerank Results with It",
};

/** The engine starts again with them, and embeds in the background. */
async function useModel(name: string, task: ModelTask): Promise<void> {
  const settings = vscode.workspace.getConfiguration("heirloom");
  if (task === "reranking") return settings.update("reranker", name, vscode.ConfigurationTarget.Global);
  await settings.update("embeddingModel", name, vscode.ConfigurationTarget.Global);
  await settings.update("embedding", "transformers", vscode.ConfigurationTarget.Global);
}

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1);
