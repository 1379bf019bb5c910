import * as vscode from "vscode";
import { HeirloomError } from "../../contract/errors.ts";
import type { ExplorerNotices } from "../../contract/explorer.ts";
import type { Contribution, Disposable } from "../contributions.ts";
import { together } from "../contributions.ts";
import { registerCommand } from "../commands/runCommand.ts";
import type { ExplorerPages, Services } from "../services.ts";
import { connectPage } from "./explorerPage.ts";

const PANEL = "heirloom.explorerPanel";
const TITLE = "Heirloom";

/** The explorer in the side bar and in editor tabs. */
export class Explorers implements ExplorerPages {
  #view: { readonly view: vscode.WebviewView; readonly show: Show } | undefined;
  #panel: { readonly panel: vscode.WebviewPanel; readonly show: Show } | undefined;
  #services: Services | undefined;

  /** Shown in the side bar where it is visible there, else in an editor tab, which is opened if need be. */
  show(what: ExplorerNotices["show"]): void {
    if (this.#view?.view.visible === true && this.#panel?.panel.visible !== true) this.#view.show(what);
    else this.openPanel(what);
  }

  openPanel(what?: ExplorerNotices["show"]): void {
    // Other contributions lead here, also where this one failed.
    if (this.#services === undefined)
      throw new HeirloomError("INTERNAL", "The explorer could not be registered: the log says why.");
    if (this.#panel === undefined)
      this.#adopt(vscode.window.createWebviewPanel(PANEL, TITLE, vscode.ViewColumn.Active), this.#services);
    else this.#panel.panel.reveal();
    if (what !== undefined) this.#panel?.show(what);
  }

  register(services: Services): Disposable {
    const registered = together(
      vscode.window.registerWebviewViewProvider("heirloom.explorer", {
        resolveWebviewView: (view) => {
          const page = connectPage(view.webview, "sidebar", services);
          this.#view = { view, show: (what) => page.router.notify("show", what) };
          // A hidden page is taken down; it says again that it is ready when it comes back.
          view.onDidChangeVisibility(() => {
            if (!view.visible) page.router.pause();
          });
          view.onDidDispose(() => {
            this.#view = undefined;
            page.dispose();
          });
        },
      }),
      vscode.window.registerWebviewPanelSerializer(PANEL, {
        deserializeWebviewPanel: async (panel) => this.#adopt(panel, services),
      }),
      registerCommand(services.log, "heirloom.openExplorer", () => this.openPanel()),
      () => {
        this.#panel?.panel.dispose();
      },
    );
    this.#services = services;
    return registered;
  }

  #adopt(panel: vscode.WebviewPanel, services: Services): void {
    const { extensionUri } = services.context;
    // A tab shows its icon as it is, where the activity bar colours it.
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, "media", "icon-light.svg"),
      dark: vscode.Uri.joinPath(extensionUri, "media", "icon-dark.svg"),
    };
    const page = connectPage(panel.webview, "editor", services);
    const own = { panel, show: (what: ExplorerNotices["show"]) => page.router.notify("show", what) };
    this.#panel = own;
    panel.onDidChangeViewState(() => {
      if (!panel.visible) page.router.pause();
    });
    panel.onDidDispose(() => {
      if (this.#panel === own) this.#panel = undefined;
      page.dispose();
    });
  }
}
type Show = (what: ExplorerNotices["show"]) => void;

export const explorerContribution = (explorers: Explorers): Contribution<Services> => ({
  name: "explorer",
  register: (services) => explorers.register(services),
});
