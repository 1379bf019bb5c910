import * as vscode from "vscode";
import type { LongRun } from "../../contract/window.ts";

/** Does long work under a notification that can cancel it; undefined when a person did. `report` shows how far it is. */
export async function longRun<Result>(
  title: string,
  work: (run: LongRun, report: (message: string) => void) => Promise<Result>,
): Promise<Result | undefined> {
  const control = new AbortController();
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    token.onCancellationRequested(() => control.abort());
    try {
      return await work({ signal: control.signal }, (message) => progress.report({ message }));
    } catch (error) {
      if (control.signal.aborted) return undefined;
      throw error;
    }
  });
}
