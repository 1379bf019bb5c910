import * as vscode from "vscode";
import type { WindowEvents, WindowOptions } from "../contract/window.ts";
import { type Disposable, together } from "./contributions.ts";
import type { Services } from "./services.ts";

/** The least that the worker need send for what the channel shows. */
export function workerLogLevel(level: vscode.LogLevel): WindowOptions["logLevel"] {
  switch (level) {
    case vscode.LogLevel.Trace:
    case vscode.LogLevel.Debug:
      return "debug";
    case vscode.LogLevel.Info:
      return "info";
    case vscode.LogLevel.Warning:
      return "warn";
    case vscode.LogLevel.Error:
    case vscode.LogLevel.Off:
      return "error";
  }
}

/** Writes one line of the worker's into the channel. The worker has taken out what nobody may read. */
function writeWorkerLog(log: vscode.LogOutputChannel, { level, message, fields }: WindowEvents["log"]): void {
  const line = fields === undefined ? message : `${message} ${JSON.stringify(fields)}`;
  log[level](line);
}

/** Shows in the log what the worker logs, at the level that the log has. */
export function registerWorkerLog({ engine, log }: Services): Disposable {
  return together(
    engine.on("log", (entry) => writeWorkerLog(log, entry)),
    log.onDidChangeLogLevel((level) => {
      const { state } = engine.status;
      // Otherwise it is opened with the level of then.
      if (state !== "running" && state !== "starting") return;
      engine
        .api()
        .then((api) => api.setLogLevel(workerLogLevel(level)))
        .catch((error: unknown) => log.warn(`The level could not be told to the engine: ${String(error)}`));
    }),
  );
}
