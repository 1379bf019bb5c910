import * as vscode from "vscode";
import { type ExtensionSettings, readSetting, type SettingName, type SettingSource } from "./settings.ts";

const SECTION = "heirloom";

/** The settings as they are in this window now. */
export interface WindowSettings {
  get<Name extends SettingName>(name: Name, folder?: vscode.Uri): ExtensionSettings[Name];
  /** What a person set, undefined where nobody did. */
  readonly given: SettingSource;
  onChange(listener: (affects: (name: SettingName) => boolean) => void): vscode.Disposable;
}

export const windowSettings: WindowSettings = {
  get: (name, folder) => readSetting((key) => setBySomebody(key, folder), name),
  given: (name) => setBySomebody(name),
  onChange: (listener) =>
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(SECTION)) listener((name) => event.affectsConfiguration(`${SECTION}.${name}`));
    }),
};

function setBySomebody(name: SettingName, folder?: vscode.Uri): unknown {
  const found = vscode.workspace.getConfiguration(SECTION, folder).inspect(name);
  return found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
}
