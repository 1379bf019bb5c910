import type * as vscode from "vscode";
import type { WindowApi } from "../contract/window.ts";
import type { EngineOwner } from "./engine/engineOwner.ts";
import type { ExplorerNotices } from "../contract/explorer.ts";
import type { ForgottenMemories } from "./forgottenMemories.ts";
import type { WindowModel } from "./windowModel.ts";
import type { WindowSettings } from "./windowSettings.ts";

/** What the contributions share. Made once at activation. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly settings: WindowSettings;
  readonly engine: EngineOwner;
  readonly window: WindowModel;
  readonly explorers: ExplorerPages;
  readonly forgotten: ForgottenMemories;
}

/** The explorer wherever it is open. */
export interface ExplorerPages {
  /** Shows this in the page that was used last; opens an editor tab where none is visible. */
  show(what: ExplorerNotices["show"]): void;
}

/** A call about the active folder. UNTRUSTED_WORKSPACE, NOT_FOUND without a folder. */
export async function withActiveFolder<Result>(
  { engine, window }: Pick<Services, "engine" | "window">,
  call: (api: WindowApi, folder: string) => Promise<Result>,
): Promise<Result> {
  const api = await engine.api();
  // There is an engine only where there is a folder.
  return call(api, window.activeFolder ?? "");
}
