import * as vscode from "vscode";
import { type Disposable, together } from "../contributions.ts";
import type { Services } from "../services.ts";
import { registerCommand } from "./runCommand.ts";

/** Commands that open something of VS Code's own. */
export function registerWindowCommands({ log, context }: Services): Disposable {
  const { id } = context.extension;
  return together(
    registerCommand(log, "heirloom.openLog", () => log.show()),
    registerCommand(log, "heirloom.openSettings", async () => {
      await vscode.commands.executeCommand("workbench.action.openSettings", `@ext:${id}`);
    }),
    registerCommand(log, "heirloom.manageTrust", async () => {
      await vscode.commands.executeCommand("workbench.trust.manage");
    }),
    registerCommand(log, "heirloom.getStarted", async () => {
      await vscode.commands.executeCommand("workbench.action.openWalkthrough", `${id}#start`, false);
    }),
  );
}
