import * as vscode from "vscode";
import { counted } from "../../contract/counted.ts";
import { type Disposable, together } from "../contributions.ts";
import { plainLabel } from "../plainLabel.ts";
import { plainMessage } from "../plainMessage.ts";
import { type Services, withActiveFolder } from "../services.ts";
import { readVscodeMemories, vscodeMemoryFolder } from "../vscodeMemories.ts";
import { registerCommand } from "./runCommand.ts";

/** Memories to choose from, the newest of those that last. */
const MOST_OFFERED = 500;

/** `shareMemories`, `reviewShared` and `importVscodeMemories`: memories that git carries, and those that VS Code keeps. */
export function registerShareCommands(services: Services): Disposable {
  const { log, explorers } = services;
  return together(
    registerCommand(log, "heirloom.shareMemories", async () => {
      const ids = await pickMany(services);
      if (ids === undefined || ids.length === 0) return;
      const { written = [], leftOut = [] } = await withActiveFolder(services, (api, workspace) =>
        api.share({ action: "share", ids: [...ids] }, { workspace }),
      );
      const left = leftOut.map(({ id, why }) => `${id} ${why}`).join("; ");
      const said = `Wrote ${counted(written.length, "file", "files")}${left === "" ? "" : `. Left out: ${left}`}.`;
      const chosen = await vscode.window.showInformationMessage(plainMessage(said), "Show Changes");
      if (chosen !== undefined) await vscode.commands.executeCommand("workbench.view.scm");
    }),
    registerCommand(log, "heirloom.importVscodeMemories", async () => {
      const storage = services.context.storageUri?.fsPath;
      const result = await withActiveFolder(services, async (api, workspace) => {
        const items = storage === undefined ? [] : await readVscodeMemories(vscodeMemoryFolder(storage), workspace);
        if (items.length === 0) return undefined;
        return api.upsert({ items, mergeStrategy: "prefer_newer" }, { workspace, agent: "VS Code memory files" });
      });
      void vscode.window.showInformationMessage(
        result === undefined
          ? "VS Code's agents have taken no notes of this repository."
          : `Remembered ${counted(result.created)}; ${counted(result.merged + result.skipped)} known already.`,
      );
    }),
    registerCommand(log, "heirloom.reviewShared", () => explorers.show({ view: "review" })),
  );
}

/** Those that are shared already are chosen from the start, so that sharing again brings them up to date. */
async function pickMany(services: Services): Promise<readonly string[] | undefined> {
  const { rows, shared } = await withActiveFolder(services, async (api, workspace) => {
    const [found, status] = await Promise.all([
      api.browse({ text: "", facets: {}, visibility: "visible", order: "newest", limit: MOST_OFFERED }, { workspace }),
      api.share({ action: "status" }, { workspace }),
    ]);
    const files = (status.files ?? []).filter(({ state }) => state === "same" || state === "differs");
    return { rows: found.rows, shared: new Set(files.map(({ id }) => id)) };
  });
  const items = rows
    .filter(({ scope, kind }) => (scope === "repo" || scope === "lineage") && kind !== "event")
    .map((row) => ({
      id: row.id,
      label: plainLabel(row.title),
      description: [row.kind, shared.has(row.id) ? "shared" : undefined]
        .filter((part) => part !== undefined)
        .join(" · "),
      picked: shared.has(row.id),
    }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: "Share Which Memories?",
    placeHolder: "Each becomes a file under .heirloom/memories, for you to review and commit",
    canPickMany: true,
    matchOnDescription: true,
  });
  return chosen?.map(({ id }) => id);
}
