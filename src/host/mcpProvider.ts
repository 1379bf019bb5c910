import * as vscode from "vscode";
import { HeirloomError } from "../contract/errors.ts";
import { type Disposable, together } from "./contributions.ts";
import type { Services } from "./services.ts";

const LABEL = "Heirloom";

/** Gives VS Code's own agents the worker's endpoint. There is one server a window, whatever folders it has. */
export function registerMcpProvider({ engine, settings, context }: Services): Disposable {
  const changed = new vscode.EventEmitter<void>();
  const version = (context.extension.packageJSON as { readonly version: string }).version;

  const define = (url: string, token: string): vscode.McpHttpServerDefinition => {
    const profiles = settings.get("mcp.profiles");
    const uri = vscode.Uri.parse(url, true).with({ query: `profile=${profiles.join(",")}` });
    return new vscode.McpHttpServerDefinition(
      LABEL,
      uri,
      { Authorization: `Bearer ${token}` },
      // Another version has VS Code ask for the list of tools again.
      `${version}+${profiles.join(".")}`,
    );
  };
  const provider: vscode.McpServerDefinitionProvider<vscode.McpHttpServerDefinition> = {
    onDidChangeMcpServerDefinitions: changed.event,
    provideMcpServerDefinitions: () => {
      const { status } = engine;
      return settings.get("mcp.enabled") && status.state === "running" ? [define(status.url, status.token)] : [];
    },
    // The definition may be of an engine that has been started again since.
    resolveMcpServerDefinition: async () => {
      await engine.api();
      const { status } = engine;
      if (status.state !== "running") throw new HeirloomError("INTERNAL", "The memory engine is not running.");
      return define(status.url, status.token);
    },
  };
  return together(
    changed,
    engine.onStatus(() => changed.fire()),
    settings.onChange((affects) => {
      if (affects("mcp.enabled") || affects("mcp.profiles")) changed.fire();
    }),
    vscode.lm.registerMcpServerDefinitionProvider("heirloom", provider),
  );
}
