import { relative, sep } from "node:path";
import * as vscode from "vscode";
import { type Kind, KINDS } from "../../contract/kinds.ts";
import type { Anchor } from "../../contract/memory.ts";
import type { Disposable } from "../contributions.ts";
import { documentSymbols, enclosingSymbol, plainName } from "../editor/symbols.ts";
import type { Services } from "../services.ts";
import { registerCommand } from "./runCommand.ts";

const MEANINGS: Readonly<Record<Kind, string>> = {
  decision: "What was chosen, and why",
  rule: "What has to be kept to",
  gotcha: "What went wrong and would again",
  fact: "How something is",
  preference: "How somebody wants it",
  plan: "What is to be done, in order",
  insight: "What was found out",
  pattern: "How such things are done here",
  task: "What is still open",
  event: "What happened",
  note: "Anything else",
};

/** `remember`: what a person says of the selection is captured with the file, the lines and the symbol filled in. */
export function registerRemember(services: Services): Disposable {
  return registerCommand(services.log, "heirloom.remember", async () => {
    // A workspace that is not trusted says so before anything is typed.
    const api = await services.engine.api();
    const place = await anchorOf(vscode.window.activeTextEditor);
    const workspace = place?.folder ?? services.window.activeFolder ?? "";
    const kind = await askKind(place?.anchor);
    if (kind === undefined) return;
    const content = await askText(kind, place?.anchor);
    if (content === undefined) return;
    const { id, outcome, redactions, provenance } = await api.capture(
      { eventType: kind, kind, content, ...(place === undefined ? {} : { anchors: [place.anchor] }) },
      { workspace },
    );
    const where = provenance.branch === undefined ? "" : ` on ${provenance.branch}`;
    const said = {
      created: `Remembered${where}${provenance.pending ? ", with the next commit" : ""}.`,
      merged: "This was known and has been merged into what was there.",
      duplicate: "This was known already.",
    }[outcome];
    const taken =
      redactions === 0 ? "" : ` ${redactions} ${redactions === 1 ? "secret was" : "secrets were"} taken out.`;
    const chosen = await vscode.window.showInformationMessage(`${said}${taken}`, "Show");
    if (chosen === "Show") services.explorers.show({ view: "memories", id });
  });
}

async function anchorOf(
  editor: vscode.TextEditor | undefined,
): Promise<{ readonly folder: string; readonly anchor: Anchor } | undefined> {
  if (editor?.document.uri.scheme !== "file") return undefined;
  const { document, selection } = editor;
  const folder = vscode.workspace.getWorkspaceFolder(document.uri)?.uri.fsPath;
  if (folder === undefined) return undefined;
  const path = relative(folder, document.uri.fsPath).split(sep).join("/");
  const symbol = enclosingSymbol(await documentSymbols(document.uri), selection);
  const name = symbol === undefined ? "" : plainName(symbol.name).slice(0, 512);
  // A selection that ends before the first character of a line does not mean that line.
  const ends = selection.end.character === 0 && selection.end.line > selection.start.line;
  return {
    folder,
    anchor: {
      path,
      startLine: selection.start.line + 1,
      endLine: selection.end.line + (ends ? 0 : 1),
      ...(name === "" ? {} : { symbol: name }),
    },
  };
}

async function askKind(anchor: Anchor | undefined): Promise<Kind | undefined> {
  const items = KINDS.map((kind) => ({ label: kind, description: MEANINGS[kind] }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: titleOf(anchor),
    placeHolder: "What sort of thing is it?",
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  return chosen?.label;
}

async function askText(kind: Kind, anchor: Anchor | undefined): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: titleOf(anchor),
    prompt: `${MEANINGS[kind]}, in full sentences. It is kept on the commit that is checked out.`,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === "" ? "Say what is to be remembered." : undefined),
  });
}

function titleOf(anchor: Anchor | undefined): string {
  if (anchor === undefined) return "Remember This";
  const { path, symbol, startLine = 1, endLine = startLine } = anchor;
  const lines = startLine === endLine ? `line ${startLine}` : `lines ${startLine}–${endLine}`;
  return `Remember This: ${symbol === undefined ? "" : `${symbol}, `}${path}, ${lines}`;
}
