import * as vscode from "vscode";
import { type Disposable, together } from "../contributions.ts";
import type { Services } from "../services.ts";
import { registerCodeCommands } from "./codeCommands.ts";
import { CodeKeeper } from "./codeKeeper.ts";
import { CodeProgress } from "./codeProgress.ts";
import { watchCodeSettings } from "./codeSettings.ts";
import { watchCode } from "./codeWatch.ts";

/** Keeps the index of the window's code: when it is made, what it is told of changes, how far it is, and what a person can do about it. */
export function registerCodeIndexing(services: Services): Disposable {
  const { engine, window, code, log } = services;
  const onFailure = (error: unknown): void => log.warn(`The code was not indexed: ${String(error)}`);
  const keeper = new CodeKeeper({
    may: (path) => {
      const { enabled, paused } = code.rulesOf(path);
      if (!enabled || paused || engine.status.state !== "running") return "no";
      return window.facts(path).learning === undefined ? "now" : "later";
    },
    statusOf: (path) => code.statusOf(path),
    sync: async (path) => {
      await (await engine.api()).followCode({ workspace: path });
    },
    onFailure,
  });
  const tell = (path: string, changed: readonly string[] | undefined): void => {
    if (engine.status.state !== "running") return;
    engine
      .api()
      .then((api) => api.codeChanged(path, changed))
      .then(() => keeper.changed(path), onFailure);
  };
  /** What a person wants is another now, in every folder. */
  const follow = async (): Promise<void> => {
    void vscode.commands.executeCommand("setContext", "heirloom.codePaused", code.paused);
    if (engine.status.state !== "running") return;
    const api = await engine.api();
    await Promise.all(window.folders.map(({ path }) => api.setCodeRules(path, code.rulesOf(path))));
    for (const { path } of window.folders) keeper.opened(path);
  };
  return together(
    () => keeper.dispose(),
    engine.on("folder", ({ path, state }) => {
      if (state === "open") keeper.opened(path);
    }),
    watchCode(services, tell),
    watchCodeSettings(services, () => void follow().catch(onFailure)),
    showProgress(services),
    registerCodeCommands(services, keeper, follow),
  );
}

/** While many files are indexed the status bar says how far it is. */
function showProgress({ code, engine, window }: Services): Disposable {
  const shown = new Map<
    string,
    { readonly progress: CodeProgress; report?: (text: string) => void; end?: () => void }
  >();
  const show = (path: string, text: string | undefined): void => {
    const one = shown.get(path);
    if (one === undefined) return;
    if (text === undefined) {
      one.end?.();
      delete one.end;
      delete one.report;
      return;
    }
    if (one.report === undefined) {
      const name = window.folders.find((folder) => folder.path === path)?.name ?? "this folder";
      const options = { location: vscode.ProgressLocation.Window, title: `Heirloom is indexing the code of ${name}` };
      void vscode.window.withProgress(options, (progress) => {
        one.report = (message) => progress.report({ message });
        return new Promise<void>((resolve) => (one.end = resolve));
      });
    }
    one.report?.(text);
  };
  const endAll = (): void => {
    for (const path of shown.keys()) show(path, undefined);
    shown.clear();
  };
  return together(
    endAll,
    // What a worker that died was doing is done no more.
    engine.onStatus(({ state }) => {
      if (state !== "running") endAll();
    }),
    code.onStatus(({ path, status }) => {
      const one = shown.get(path) ?? { progress: new CodeProgress() };
      shown.set(path, one);
      show(path, one.progress.next(status));
    }),
  );
}
