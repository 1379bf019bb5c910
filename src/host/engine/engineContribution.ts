import * as vscode from "vscode";
import type { WindowFolder, WindowOptions } from "../../contract/window.ts";
import { defaultDataFolder } from "../../serve/dataFolder.ts";
import { type Disposable, together } from "../contributions.ts";
import { gitPath } from "../git/gitExtension.ts";
import { workerLogLevel } from "../log.ts";
import { plainMessage } from "../plainMessage.ts";
import { reportProblem } from "../reportProblem.ts";
import type { Services } from "../services.ts";
import { ENGINE_SETTINGS, engineSettings } from "../settings.ts";
import { ripgrepPath } from "./ripgrepPath.ts";

/** Milliseconds after which a setting that is being typed has become what it is to be. */
const SETTLED_MS = 1_500;
/** A person is told of so many crashes; the status bar and the log know of all. */
const MOST_WARNINGS = 3;

/** Lets the engine run exactly while the workspace is trusted and has a folder, and keeps its folders those of the window. */
export function registerEngine({ engine, window, code, log, settings }: Services): Disposable {
  const onFailure = (error: unknown): void => reportProblem(log, error);
  let ended = false;
  const follow = (): void => {
    if (ended) return;
    const folders = fileFolders();
    window.setFolders(folders);
    const { status } = engine;
    if (!vscode.workspace.isTrusted) engine.stop("restricted").catch(onFailure);
    else if (folders.length === 0) engine.stop("no-folder").catch(onFailure);
    else if (status.state === "off") engine.start();
    // After a crash it is started with the folders of then.
    else if (status.state !== "waiting")
      engine
        .api()
        .then((api) => api.setFolders(folders.map(code.ruled)))
        .catch(onFailure);
  };
  const followEditor = (editor: vscode.TextEditor | undefined): void => {
    const folder = editor === undefined ? undefined : vscode.workspace.getWorkspaceFolder(editor.document.uri);
    if (folder?.uri.scheme === "file") window.setActive(folder.uri.fsPath);
  };
  let restarting: NodeJS.Timeout | undefined;
  const restartSoon = (): void => {
    clearTimeout(restarting);
    restarting = setTimeout(() => {
      if (engine.status.state !== "off") engine.stop("closed").then(follow, onFailure);
    }, SETTLED_MS);
  };
  let crashes = 0;
  const onStatus = engine.onStatus((status) => {
    if (status.state === "waiting" && ++crashes <= MOST_WARNINGS) tellCrash(status.problem, log);
  });
  // The thread starts after activation has returned.
  const first = setImmediate(() => {
    follow();
    followEditor(vscode.window.activeTextEditor);
  });
  return together(
    onStatus,
    () => {
      ended = true;
      clearImmediate(first);
      clearTimeout(restarting);
    },
    vscode.workspace.onDidChangeWorkspaceFolders(follow),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      window.trust();
      follow();
    }),
    vscode.window.onDidChangeActiveTextEditor(followEditor),
    settings.onChange((affects) => {
      if (ENGINE_SETTINGS.some(affects)) restartSoon();
    }),
  );
}

/** What the worker is opened with. Asked when it starts, so that git has had time to be found. */
export async function windowOptions({ window, code, log, settings }: Omit<Services, "engine">): Promise<WindowOptions> {
  const git = await gitPath();
  const ripgrep = ripgrepPath(vscode.env.appRoot);
  const { activeFolder } = window;
  return {
    dataFolder: defaultDataFolder(),
    folders: window.folders.map(code.ruled),
    settings: engineSettings(settings.given()),
    logLevel: workerLogLevel(log.logLevel),
    ...(activeFolder === undefined ? {} : { activeFolder }),
    ...(git === undefined ? {} : { gitPath: git }),
    ...(ripgrep === undefined ? {} : { ripgrepPath: ripgrep }),
  };
}

function fileFolders(): readonly WindowFolder[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === "file")
    .map(({ uri, name }) => ({ path: uri.fsPath, name }));
}

function tellCrash(problem: string, log: vscode.LogOutputChannel): void {
  void vscode.window
    .showWarningMessage(plainMessage(`Heirloom's engine ended and is being started again: ${problem}`), "Open Log")
    .then((chosen) => {
      if (chosen !== undefined) log.show();
    });
}
