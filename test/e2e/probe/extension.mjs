// Answers a test's questions from inside the extension host: one JSON body over a socket in the folder $HEIRLOOM_PROBE, named after the
// extension host's process. The test reads from the .json beside it which folder that window shows.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import * as vscode from "vscode";
import { measureActivation } from "./measureActivation.mjs";

let server;
let measured;
let files = [];

export async function activate() {
  const folder = process.env.HEIRLOOM_PROBE;
  if (folder === undefined) return;
  const wanted = join(folder, "activation");
  if (existsSync(wanted)) {
    const main = /heirloom\.heirloom-[^/\\]*[/\\]dist[/\\]extension\.cjs$/u;
    const settled = readFileSync(wanted, "utf8") === "profile" ? 2_000 : undefined;
    measured = await measureActivation((path) => main.test(path), settled);
  }
  mkdirSync(folder, { recursive: true });
  const socket = join(folder, `${process.pid}.sock`);
  server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text) => (body += text));
    request.on("end", () => {
      answer(JSON.parse(body)).then(
        (result) => response.end(JSON.stringify({ result: result ?? null })),
        (error) => response.end(JSON.stringify({ error: String(error?.message ?? error) })),
      );
    });
  });
  server.listen(socket, () => {
    const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify({ pid: process.pid, folders, socket }));
  });
  files = [socket, join(folder, `${process.pid}.json`)];
}

export function deactivate() {
  server?.close();
  for (const file of files) rmSync(file, { force: true });
}

async function answer({ ask, ...given }) {
  switch (ask) {
    case "tools":
      return vscode.lm.tools.map(({ name, description, tags }) => ({ name, description, tags }));
    case "invoke":
      return invoke(given);
    case "command":
      return vscode.commands.executeCommand(given.command, ...(given.arguments ?? []));
    case "commands":
      return vscode.commands.getCommands(true);
    case "symbols": {
      const found = await vscode.commands.executeCommand(
        "vscode.executeDocumentSymbolProvider",
        vscode.Uri.parse(given.uri),
      );
      return (found ?? []).map(({ name }) => name);
    }
    case "extension": {
      const extension = vscode.extensions.getExtension(given.id);
      return extension === undefined ? null : { active: extension.isActive, path: extension.extensionPath };
    }
    case "setting":
      return vscode.workspace.getConfiguration().update(given.name, given.value, vscode.ConfigurationTarget.Global);
    case "activation":
      return measured?.result;
    case "trusted":
      return vscode.workspace.isTrusted;
  }
  throw new Error(`The probe does not know "${ask}"`);
}

async function invoke({ name, input }) {
  const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  return result.content.map((part) =>
    part instanceof vscode.LanguageModelTextPart
      ? part.value
      : part.data instanceof Uint8Array
        ? new TextDecoder().decode(part.data)
        : JSON.stringify(part),
  );
}
