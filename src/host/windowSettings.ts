import * as vscode from "vscode";
import { type ExtensionSettings, readSetting, type SettingName, type SettingSource } from "./settings.ts";

const SECTION = "heirloom";

/** The settings as they are in this window now. */
export interface WindowSettings {
  get<Name extends SettingName>(name: Name, folder?: vscode.Uri): ExtensionSettings[Name];
  /** What a person set until now, undefined where nobody did. One look at all of them: VS Code takes a millisecond for each. */
  given(): SettingSource;
  onChange(listener: (affects: (name: SettingName) => boolean) => void): vscode.Disposable;
}

export const windowSettings: WindowSettings = {
  get: (name, folder) => readSetting((key) => setBySomebody(key, folder), name),
  given: () => {
    const found = vscode.workspace.getConfiguration().inspect(SECTION);
    return (name) => valueAt(found?.workspaceValue, name) ?? valueAt(found?.globalValue, name);
  },
  onChange: (listener) =>
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(SECTION)) listener((name) => event.affectsConfiguration(`${SECTION}.${name}`));
    }),
};

function setBySomebody(name: SettingName, folder?: vscode.Uri): unknown {
  const found = vscode.workspace.getConfiguration(SECTION, folder).inspect(name);
  return found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
}

/** The value under a dotted name in a layer of the configuration. */
function valueAt(layer: unknown, name: SettingName): unknown {
  let value = layer;
  for (const key of name.split(".")) value = (value as Readonly<Record<string, unknown>> | undefined)?.[key];
  return value;
}
