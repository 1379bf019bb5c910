import * as vscode from "vscode";
import type { CodeRules } from "../../contract/codeRules.ts";
import { type Disposable, together } from "../contributions.ts";
import type { Services } from "../services.ts";
import type { WindowSettings } from "../windowSettings.ts";
import { EXCLUDING_SETTINGS, excludedGlobs } from "./excludedGlobs.ts";

/** What the settings say of the code of a folder, VS Code's own among them. */
export function readCodeSettings(settings: WindowSettings, path: string): Omit<CodeRules, "paused"> {
  const uri = vscode.Uri.file(path);
  const configuration = vscode.workspace.getConfiguration(undefined, uri);
  return {
    enabled: settings.get("code.enabled", uri),
    mostFiles: settings.get("code.maxFiles", uri),
    exclude: excludedGlobs(EXCLUDING_SETTINGS.map((name) => configuration.get<unknown>(name))),
  };
}

/** Calls `changed` when settings say something else of some folder's code. */
export function watchCodeSettings({ settings }: Pick<Services, "settings">, changed: () => void): Disposable {
  return together(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (EXCLUDING_SETTINGS.some((name) => event.affectsConfiguration(name))) changed();
    }),
    settings.onChange((affects) => {
      if (affects("code.enabled") || affects("code.maxFiles")) changed();
    }),
  );
}
