import * as vscode from "vscode";
import type { IndexResult } from "../../contract/codeTools.ts";
import { counted } from "../../contract/counted.ts";
import { HeirloomError } from "../../contract/errors.ts";
import { registerCommand } from "../commands/runCommand.ts";
import { type Disposable, together } from "../contributions.ts";
import { activeFolder, type Services, withActiveFolder } from "../services.ts";
import type { CodeKeeper } from "./codeKeeper.ts";

/** `indexCode`, `pauseCodeIndexing`, `resumeCodeIndexing` and `clearCodeIndex`. `follow`: tells the engine what a person wants now. */
export function registerCodeCommands(services: Services, keeper: CodeKeeper, follow: () => Promise<void>): Disposable {
  const { log, code } = services;
  const pause = async (paused: boolean): Promise<void> => {
    await activeFolder(services);
    code.setPaused(paused);
    await follow();
  };
  return together(
    registerCommand(log, "heirloom.indexCode", async () => {
      const path = await activeFolder(services);
      if (!code.rulesOf(path).enabled) throw switchedOff();
      if (code.paused) await pause(false);
      const status = await withActiveFolder(services, (api, workspace) =>
        api.indexControl({ action: "sync" }, { workspace }),
      );
      void vscode.window.showInformationMessage(summary(status));
    }),
    registerCommand(log, "heirloom.pauseCodeIndexing", () => pause(true)),
    registerCommand(log, "heirloom.resumeCodeIndexing", () => pause(false)),
    registerCommand(log, "heirloom.clearCodeIndex", async () => {
      await withActiveFolder(services, (api, workspace) => {
        keeper.cleared(workspace);
        return api.indexControl({ action: "clear" }, { workspace });
      });
    }),
  );
}

function summary({ state, files, symbols }: IndexResult): string {
  const held = `${counted(files, "file", "files")} and ${counted(symbols, "symbol", "symbols")}`;
  return state === "ready" ? `The code index is up to date: ${held}.` : `The code index holds ${held} so far.`;
}

const switchedOff = (): HeirloomError =>
  new HeirloomError("INVALID_INPUT", "Code indexing is switched off here: set heirloom.code.enabled to index it.");
