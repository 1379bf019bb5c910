import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import type { ToExplorer } from "../../contract/explorer.ts";
import { runCommand } from "../commands/runCommand.ts";
import { type Disposable, together } from "../contributions.ts";
import type { Services } from "../services.ts";
import { explorerHtml } from "./explorerHtml.ts";
import { createExplorerRouter, type ExplorerRouter } from "./explorerRouter.ts";
import { openAnchor } from "./openAnchor.ts";

/** One page of the explorer in a webview. */
export interface ExplorerPage extends Disposable {
  readonly router: ExplorerRouter;
}

/** Fills a webview with the explorer and connects it. */
export function connectPage(webview: vscode.Webview, place: "sidebar" | "editor", services: Services): ExplorerPage {
  const { context, engine, window, log } = services;
  const assets = vscode.Uri.joinPath(context.extensionUri, "dist", "webview");
  const onFailure = (error: unknown): void => log.error(error instanceof Error ? error : String(error));
  const post = (message: ToExplorer): void => {
    webview.postMessage(message).then(undefined, onFailure);
  };
  const router = createExplorerRouter(post, {
    api: () => engine.api(),
    window,
    openAnchor,
    copyText: async (text) => vscode.env.clipboard.writeText(text),
    runCommand: async (command) => {
      await runCommand(command);
    },
    forgotten: services.forgotten,
    onFailure,
  });
  const connected = together(
    webview.onDidReceiveMessage((message: unknown) => void router.receive(message)),
    engine.on("changed", ({ path, memories, head }) => {
      if (path === window.activeFolder) router.notify("changed", { memories, head });
    }),
    services.code.onStatus(({ path, status }) => {
      if (path === window.activeFolder) router.notify("code", status);
    }),
    window.onChange(() => router.notify("state", window.explorerState())),
    // What failed while no engine ran may be asked again now.
    engine.onStatus((status) => {
      if (status.state === "running") router.notify("changed", { memories: true, head: true });
    }),
  );
  webview.options = { enableScripts: true, enableCommandUris: false, enableForms: false, localResourceRoots: [assets] };
  const address = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(assets, name)).toString();
  webview.html = explorerHtml({
    script: address("explorer.js"),
    modules: modulesOf(assets).map(address),
    style: address("explorer.css"),
    icons: address("codicon.css"),
    cspSource: webview.cspSource,
    nonce: randomBytes(18).toString("base64url"),
    place,
  });
  return { router, dispose: () => connected.dispose() };
}

/** As the build has written them down. */
const modulesOf = (assets: vscode.Uri): readonly string[] =>
  JSON.parse(readFileSync(vscode.Uri.joinPath(assets, "explorer.json").fsPath, "utf8")) as readonly string[];
