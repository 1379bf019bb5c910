import * as vscode from "vscode";
import { type Disposable, together } from "./contributions.ts";
import type { Services } from "./services.ts";
import { statusText } from "./statusText.ts";

/** Branch, visible memories and how the engine is, at the left of the status bar; a click opens the explorer. */
export function registerStatusBar({ engine, window }: Services): Disposable {
  const item = vscode.window.createStatusBarItem("heirloom.status", vscode.StatusBarAlignment.Left, 40);
  item.name = "Heirloom";
  const draw = (): void => {
    const folder = window.folders.find(({ path }) => path === window.activeFolder);
    const said = statusText(engine.status, folder === undefined ? undefined : window.stateOf(folder), window.facts());
    if (said === undefined) {
      item.hide();
      return;
    }
    item.text = said.text;
    item.tooltip = said.tooltip.filter((line) => line !== "").join("\n");
    item.accessibilityInformation = { label: `Heirloom: ${said.tooltip.join(" ")}`, role: "button" };
    item.command = { failed: "heirloom.openLog", fine: "heirloom.openExplorer" }[
      said.tone === "calm" ? "fine" : "failed"
    ];
    item.backgroundColor =
      said.tone === "calm" ? undefined : new vscode.ThemeColor(`statusBarItem.${said.tone}Background`);
    item.show();
  };
  draw();
  return together(item, window.onChange(draw), engine.onStatus(draw));
}
