import { join } from "node:path";
import * as vscode from "vscode";
import { startEngine } from "../worker/engineClient.ts";
import { registerCodeIndexing } from "./code/codeIndexing.ts";
import { readCodeSettings } from "./code/codeSettings.ts";
import { WindowCode } from "./code/windowCode.ts";
import { registerAgentCommands } from "./commands/agentCommands.ts";
import { keepForgotten, registerForgetCommands } from "./commands/forgetCommands.ts";
import { registerKeepCommands } from "./commands/keepCommands.ts";
import { registerLearning } from "./commands/learning.ts";
import { registerModelCommands } from "./commands/modelCommands.ts";
import { registerRemember } from "./commands/remember.ts";
import { registerSearchCommands } from "./commands/searchCommands.ts";
import { registerShareCommands } from "./commands/shareCommands.ts";
import { registerWindowCommands } from "./commands/windowCommands.ts";
import { type Contribution, type Disposable, registerContributions } from "./contributions.ts";
import { registerAnchorMarks } from "./editor/anchorMarks.ts";
import { registerUnsavedTexts, unsavedDocuments } from "./editor/unsavedDocuments.ts";
import { registerEngine, windowOptions } from "./engine/engineContribution.ts";
import { EngineOwner } from "./engine/engineOwner.ts";
import { explorerContribution, Explorers } from "./explorer/explorerPages.ts";
import { registerFirstLook } from "./firstLook.ts";
import { registerGitWatch } from "./git/gitWatch.ts";
import { registerWorkerLog } from "./log.ts";
import { registerMcpProvider } from "./mcpProvider.ts";
import type { Services } from "./services.ts";
import { registerStatusBar } from "./statusBar.ts";
import { WindowModel } from "./windowModel.ts";
import { windowSettings } from "./windowSettings.ts";

interface RunningExtension {
  readonly engine: EngineOwner;
  readonly contributions: Disposable;
}
let running: RunningExtension | undefined;

/** Makes what the contributions share, and registers them. Opens nothing: the engine starts after this has returned. */
export function startExtension(context: vscode.ExtensionContext): void {
  const startedAt = performance.now();
  const log = vscode.window.createOutputChannel("Heirloom", { log: true });
  context.subscriptions.push(log);
  const onFailure = (error: unknown): void => log.error(error instanceof Error ? error : String(error));
  const engine: EngineOwner = new EngineOwner({
    spawn: () => startEngine(join(context.extensionPath, "dist", "engineWorker.js")),
    options: () => windowOptions(services),
    onFailure,
  });
  const explorers = new Explorers();
  const services: Services = {
    context,
    log,
    settings: windowSettings,
    engine,
    window: new WindowModel(engine, vscode.workspace.isTrusted, onFailure),
    code: new WindowCode({ engine, read: (path) => readCodeSettings(windowSettings, path), onFailure }),
    unsaved: unsavedDocuments({ engine, log }),
    explorers,
    forgotten: keepForgotten(),
  };
  const contributions: readonly Contribution<Services>[] = [
    { name: "log", register: registerWorkerLog },
    { name: "commands of the window", register: registerWindowCommands },
    { name: "MCP provider", register: registerMcpProvider },
    explorerContribution(explorers),
    { name: "status bar", register: registerStatusBar },
    { name: "git", register: registerGitWatch },
    { name: "learning", register: registerLearning },
    { name: "code", register: registerCodeIndexing },
    { name: "remember", register: registerRemember },
    { name: "search", register: registerSearchCommands },
    { name: "forget", register: registerForgetCommands },
    { name: "share", register: registerShareCommands },
    { name: "export and import", register: registerKeepCommands },
    { name: "agents", register: registerAgentCommands },
    { name: "models", register: registerModelCommands },
    { name: "marks in the editor", register: registerAnchorMarks },
    { name: "unsaved texts", register: registerUnsavedTexts },
    { name: "engine", register: registerEngine },
    { name: "first look", register: registerFirstLook },
  ];
  const registered = registerContributions(contributions, services, (name, error) =>
    log.error(
      `${name} failed and is missing: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    ),
  );
  running = { engine, contributions: registered };
  context.subscriptions.push({
    dispose: () => {
      services.window.dispose();
      services.code.dispose();
    },
  });
  log.info(`Activated in ${(performance.now() - startedAt).toFixed(1)} ms`);
}

/** Flushes and closes the stores within two seconds. */
export async function stopExtension(): Promise<void> {
  const last = running;
  running = undefined;
  const closed = last?.engine.stop("closed");
  last?.contributions.dispose();
  await closed;
}
