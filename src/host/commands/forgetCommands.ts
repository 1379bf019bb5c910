import * as vscode from "vscode";
import { HeirloomError } from "../../contract/errors.ts";
import { type Disposable, together } from "../contributions.ts";
import { counted } from "../counted.ts";
import type { ForgottenMemories, Services } from "../services.ts";
import { pickMemory } from "./pickMemory.ts";
import { registerCommand, runCommand } from "./runCommand.ts";

/** `forget` and `undoForget`. */
export function registerForgetCommands(services: Services): Disposable {
  const { engine, window, forgotten, log } = services;
  return together(
    registerCommand(log, "heirloom.forget", async (given) => {
      const api = await engine.api();
      const workspace = window.activeFolder ?? "";
      const id =
        typeof given === "string" ? given : (await pickMemory(services, { title: "Forget Which Memory?" }))?.id;
      if (id === undefined) return;
      const { forgotten: count, undoToken } = await api.forget({ id }, { workspace });
      if (undoToken !== undefined) forgotten.remember(undoToken, workspace);
      const actions = undoToken === undefined ? [] : ["Undo"];
      const said = `Forgot ${counted(count)}.`;
      if ((await vscode.window.showInformationMessage(said, ...actions)) === "Undo")
        await runCommand("heirloom.undoForget");
    }),
    registerCommand(log, "heirloom.undoForget", async () => {
      const last = forgotten.take();
      if (last === undefined) throw new HeirloomError("NOT_FOUND", "Nothing was forgotten in this window.");
      const { restored = 0 } = await (await engine.api()).forget({ undo: last.undoToken }, { workspace: last.folder });
      void vscode.window.showInformationMessage(`Brought back ${counted(restored)}.`);
    }),
  );
}

/** Keeps the last undo token, and has the command shown while there is one. */
export function rememberForgotten(): ForgottenMemories {
  let last: { readonly undoToken: string; readonly folder: string } | undefined;
  const become = (now: typeof last): void => {
    last = now;
    void vscode.commands.executeCommand("setContext", "heirloom.canUndoForget", now !== undefined);
  };
  return {
    remember: (undoToken, folder) => become({ undoToken, folder }),
    take: () => {
      const taken = last;
      become(undefined);
      return taken;
    },
  };
}
