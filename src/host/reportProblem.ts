import * as vscode from "vscode";
import { toErrorShape } from "../contract/errors.ts";
import { plainMessage } from "./plainMessage.ts";

/** Tells a person what went wrong in one line, and keeps the particulars in the log. */
export function reportProblem(log: vscode.LogOutputChannel, error: unknown): void {
  const { code, message } = toErrorShape(error);
  log.error(error instanceof Error ? error : message);
  const action = code === "UNTRUSTED_WORKSPACE" ? "Manage Trust" : "Open Log";
  const command = code === "UNTRUSTED_WORKSPACE" ? "heirloom.manageTrust" : "heirloom.openLog";
  void vscode.window.showErrorMessage(plainMessage(`Heirloom: ${message}`), action).then((chosen) => {
    if (chosen === action) void vscode.commands.executeCommand(command);
  });
}
