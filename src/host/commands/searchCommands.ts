import * as vscode from "vscode";
import { type Disposable, together } from "../contributions.ts";
import { type Services, withActiveFolder } from "../services.ts";
import { pickMemory } from "./pickMemory.ts";
import { registerCommand } from "./runCommand.ts";
import { counted } from "../../contract/counted.ts";
import { grouped } from "../../contract/grouped.ts";

/** `search`, `copyContext` and `showHealth`: asking what is remembered. */
export function registerSearchCommands(services: Services): Disposable {
  const { log, explorers, settings } = services;
  return together(
    registerCommand(log, "heirloom.search", async (text) => {
      const chosen = await pickMemory(services, {
        title: "Search Memories",
        ...(typeof text === "string" ? { text } : {}),
      });
      if (chosen !== undefined) explorers.show({ view: "memories", id: chosen.id });
    }),
    registerCommand(log, "heirloom.copyContext", async (given) => {
      const question = typeof given === "string" ? given : await askQuestion();
      if (question === undefined) return;
      const budget = settings.get("context.budget");
      const bundle = await withActiveFolder(services, (api, workspace) =>
        api.buildContext({ query: question, budget }, { workspace }),
      );
      await vscode.env.clipboard.writeText(bundle.markdown);
      const shown = `Copied ${grouped(bundle.tokens)} tokens from ${counted(bundle.items.length)}.`;
      if ((await vscode.window.showInformationMessage(shown, "Show")) === "Show")
        explorers.show({ view: "context", text: question });
    }),
    registerCommand(log, "heirloom.showHealth", () => explorers.show({ view: "health" })),
  );
}

async function askQuestion(): Promise<string | undefined> {
  const question = await vscode.window.showInputBox({
    title: "Copy Context for a Question",
    prompt: "What should the context be about? It is composed as an agent would get it.",
    placeHolder: "Why do we retry only some of the calls?",
    ignoreFocusOut: true,
  });
  return question?.trim() === "" ? undefined : question?.trim();
}
