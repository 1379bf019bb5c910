import { join } from "node:path";
import * as vscode from "vscode";
import { type Disposable, together } from "../contributions.ts";
import { counted } from "../../contract/counted.ts";
import { activeFolder, type Services, withActiveFolder } from "../services.ts";
import { longRun } from "./longRun.ts";
import { registerCommand } from "./runCommand.ts";

const LINES_FILTER = { "JSON Lines": ["jsonl", "ndjson", "json"] };

/** `export`, `import` and `reindex`. */
export function registerKeepCommands(services: Services): Disposable {
  const { engine, log } = services;
  const onLines = (folder: string, task: "import" | "export", report: (message: string) => void): (() => void) =>
    engine.on("progress", (event) => {
      if (event.path === folder && event.task === task) report(counted(event.lines, "line", "lines"));
    });
  return together(
    registerCommand(log, "heirloom.export", async () => {
      const folder = await activeFolder(services);
      const target = await vscode.window.showSaveDialog({
        title: "Export Memories",
        defaultUri: vscode.Uri.file(join(folder, "memories.jsonl")),
        filters: LINES_FILTER,
        saveLabel: "Export",
      });
      if (target === undefined) return;
      const result = await longRun("Exporting memories", async (run, report) => {
        const end = onLines(folder, "export", report);
        return (await engine.api()).exportTo(folder, target.fsPath, run).finally(end);
      });
      if (result === undefined) return;
      const chosen = await vscode.window.showInformationMessage(`Exported ${counted(result.memories)}.`, "Open File");
      if (chosen !== undefined) await vscode.window.showTextDocument(target);
    }),
    registerCommand(log, "heirloom.import", async () => {
      const folder = await activeFolder(services);
      const [source] =
        (await vscode.window.showOpenDialog({
          title: "Import Memories",
          defaultUri: vscode.Uri.file(folder),
          filters: LINES_FILTER,
          openLabel: "Import",
        })) ?? [];
      if (source === undefined) return;
      const result = await longRun("Importing memories", async (run, report) => {
        const end = onLines(folder, "import", report);
        return (await engine.api()).importFrom(folder, source.fsPath, run).finally(end);
      });
      if (result === undefined) return;
      const { created, merged, duplicates, problems } = result;
      const said = `Imported ${counted(created)}; ${merged + duplicates} were known.`;
      if (problems.length === 0) {
        void vscode.window.showInformationMessage(said);
        return;
      }
      for (const { line, message } of problems) log.warn(`import, line ${line}: ${message}`);
      const refused = `${counted(problems.length, "line was", "lines were")} not taken.`;
      if ((await vscode.window.showWarningMessage(`${said} ${refused}`, "Open Log")) !== undefined) log.show();
    }),
    registerCommand(log, "heirloom.reindex", async () => {
      await withActiveFolder(services, async (api, folder) => {
        const options = { location: vscode.ProgressLocation.Notification, title: "Rebuilding Heirloom's indexes" };
        await vscode.window.withProgress(options, async () => api.reindex(folder));
        void vscode.window.showInformationMessage("Heirloom's indexes were made anew from its journal.");
      });
    }),
  );
}
