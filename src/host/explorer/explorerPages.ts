import * as vscode from "vscode";
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
    if (this.#panel === undefined) {
      const panel = vscode.window.createWebviewPanel(PANEL, TITLE, vscode.ViewColumn.Active);
      this.#adopt(panel);
    } else this.#panel.panel.reveal();
    if (what !== undefined) this.#panel?.show(what);
  }

  register(services: Services): Disposable {
    this.#services = services;
    return together(
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
        deserializeWebviewPanel: async (panel) => this.#adopt(panel),
      }),
      registerCommand(services.log, "heirloom.openExplorer", () => this.openPanel()),
      () => {
        this.#panel?.panel.dispose();
      },
    );
  }

  #adopt(panel: vscode.WebviewPanel): void {
    if (this.#services === undefined) return;
    const { extensionUri } = this.#services.context;
    // A tab shows its icon as it is, where the activity bar colours it.
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, "media", "icon-light.svg"),
      dark: vscode.Uri.joinPath(extensionUri, "media", "icon-dark.svg"),
    };
    const page = connectPage(panel.webview, "editor", this.#services);
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
