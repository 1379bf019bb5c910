import * as vscode from "vscode";
import { HeirloomError } from "../../contract/errors.ts";
import { type Disposable, together } from "../contributions.ts";
import { counted } from "../../contract/counted.ts";
import { type Forgotten, ForgottenMemories } from "../forgottenMemories.ts";
import { activeFolder, type Services } from "../services.ts";
import { pickMemory } from "./pickMemory.ts";
import { registerCommand } from "./runCommand.ts";

/** `forget` and `undoForget`. */
export function registerForgetCommands(services: Services): Disposable {
  const { engine, forgotten, log } = services;
  const bringBack = async ({ undoToken, folder }: Forgotten): Promise<void> => {
    const { restored = 0 } = await (await engine.api()).forget({ undo: undoToken }, { workspace: folder });
    forgotten.broughtBack(undoToken);
    void vscode.window.showInformationMessage(`Brought back ${counted(restored)}.`);
  };
  return together(
    registerCommand(log, "heirloom.forget", async (given) => {
      const workspace = await activeFolder(services);
      const id =
        typeof given === "string" ? given : (await pickMemory(services, { title: "Forget Which Memory?" }))?.id;
      if (id === undefined) return;
      const { forgotten: count, undoToken } = await (await engine.api()).forget({ id }, { workspace });
      if (undoToken !== undefined) forgotten.remember(undoToken, workspace);
      const actions = undoToken === undefined ? [] : ["Undo"];
      const said = `Forgot ${counted(count)}.`;
      const chosen = await vscode.window.showInformationMessage(said, ...actions);
      // Its own: something else may have been forgotten since.
      if (chosen === "Undo" && undoToken !== undefined) await bringBack({ undoToken, folder: workspace });
    }),
    registerCommand(log, "heirloom.undoForget", async () => {
      for (let last = forgotten.last; last !== undefined; last = forgotten.last) {
        try {
          await bringBack(last);
          return;
        } catch (error) {
          if (!(error instanceof HeirloomError) || error.code !== "NOT_FOUND") throw error;
          // It came back by another way, or its time is over: the one before it is meant.
          forgotten.broughtBack(last.undoToken);
        }
      }
      throw new HeirloomError("NOT_FOUND", "Nothing that was forgotten in this window can be brought back.");
    }),
  );
}

/** Has the command for bringing back shown while there is something to bring back. */
export function keepForgotten(): ForgottenMemories {
  return new ForgottenMemories((any) => {
    void vscode.commands.executeCommand("setContext", "heirloom.canUndoForget", any);
  });
}
