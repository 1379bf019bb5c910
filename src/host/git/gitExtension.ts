import * as vscode from "vscode";

/** What we use of the API that VS Code's own git extension offers (extensions/git/src/api/git.d.ts, version 1). */
export interface GitApi {
  readonly git: { readonly path: string };
  readonly repositories: readonly GitRepository[];
  readonly onDidOpenRepository: vscode.Event<GitRepository>;
  readonly onDidCloseRepository: vscode.Event<GitRepository>;
}
export interface GitRepository {
  readonly rootUri: vscode.Uri;
  readonly state: {
    readonly HEAD: { readonly name?: string; readonly commit?: string } | undefined;
    readonly onDidChange: vscode.Event<void>;
  };
}
interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

/** Milliseconds that the engine waits for git to be found before it looks for it itself. */
const PATIENCE_MS = 2_000;

/** The API as long as git is enabled in this window; undefined where it is switched off or missing. */
export async function gitApi(): Promise<GitApi | undefined> {
  const extension = vscode.extensions.getExtension<GitExtension>("vscode.git");
  if (extension === undefined) return undefined;
  const git = extension.isActive ? extension.exports : await extension.activate();
  return git.enabled ? git.getAPI(1) : undefined;
}

/** Path of git as VS Code found it. */
export async function gitPath(): Promise<string | undefined> {
  const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), PATIENCE_MS));
  // Without VS Code's git the engine uses the one on PATH.
  const api = await Promise.race([gitApi(), late]).catch(() => undefined);
  return api?.git.path;
}
