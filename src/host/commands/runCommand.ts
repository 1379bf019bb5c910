import * as vscode from "vscode";
import type { Disposable } from "../contributions.ts";
import { reportProblem } from "../reportProblem.ts";
import type { CommandArguments, CommandName } from "./commandNames.ts";

/** Registers a command whose failure is told to the person who ran it. */
export function registerCommand<Name extends CommandName>(
  log: vscode.LogOutputChannel,
  name: Name,
  run: (...args: CommandArguments[Name]) => void | Promise<void>,
): Disposable {
  return vscode.commands.registerCommand(name, async (...args: unknown[]) => {
    try {
      // Menus add arguments of their own: a resource, a view's context. Who wants one checks it.
      await run(...(args as unknown as CommandArguments[Name]));
    } catch (error) {
      reportProblem(log, error);
    }
  });
}

export function runCommand<Name extends CommandName>(name: Name, ...args: CommandArguments[Name]): Thenable<unknown> {
  return vscode.commands.executeCommand(name, ...args);
}
