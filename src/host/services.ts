import type * as vscode from "vscode";
import type { WindowApi } from "../contract/window.ts";
import type { WindowCode } from "./code/windowCode.ts";
import type { EngineOwner } from "./engine/engineOwner.ts";
import type { UnsavedTexts } from "./editor/unsavedTexts.ts";
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
  readonly code: WindowCode;
  readonly unsaved: UnsavedTexts<vscode.TextDocument>;
  readonly explorers: ExplorerPages;
  readonly forgotten: ForgottenMemories;
}

/** The explorer wherever it is open. */
export interface ExplorerPages {
  /** Shows this in the page that was used last; opens an editor tab where none is visible. */
  show(what: ExplorerNotices["show"]): void;
}

/** The folder that a person's command is about, before anything is asked of them. UNTRUSTED_WORKSPACE, NOT_FOUND without a folder. */
export async function activeFolder({ engine, window }: Pick<Services, "engine" | "window">): Promise<string> {
  await engine.api();
  // There is an engine only where there is a folder.
  return window.activeFolder ?? "";
}

/** A call about the active folder, for as long as no person is waited for: the engine may start anew meanwhile. UNTRUSTED_WORKSPACE, NOT_FOUND without a folder. */
export async function withActiveFolder<Result>(
  services: Pick<Services, "engine" | "window">,
  call: (api: WindowApi, folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await activeFolder(services);
  return call(await services.engine.api(), folder);
}
