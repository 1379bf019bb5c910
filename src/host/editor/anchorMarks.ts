import * as vscode from "vscode";
import type { CommandArguments } from "../commands/commandNames.ts";
import { registerCommand } from "../commands/runCommand.ts";
import { type Disposable, together } from "../contributions.ts";
import { counted } from "../../contract/counted.ts";
import { plainLabel } from "../plainLabel.ts";
import type { Services } from "../services.ts";
import { AnchoredDocuments } from "./anchoredDocuments.ts";
import { memoryHover } from "./memoryHover.ts";
import type { MarkedLines } from "./placeAnchors.ts";

/** Marks in the gutter, CodeLenses and hovers on the lines that memories speak of, each with a setting of its own. */
export function registerAnchorMarks(services: Services): Disposable {
  const { settings, log, explorers } = services;
  const documents = new AnchoredDocuments(services);
  const decoration = vscode.window.createTextEditorDecorationType({
    dark: { gutterIconPath: bookmark("#cca700") },
    light: { gutterIconPath: bookmark("#9a6a00") },
    gutterIconSize: "70%",
    overviewRulerColor: new vscode.ThemeColor("charts.yellow"),
    overviewRulerLane: vscode.OverviewRulerLane.Right,
  });
  const lensesChanged = new vscode.EventEmitter<void>();
  const draw = (editor: vscode.TextEditor): void => {
    const marks = settings.get("editor.gutter") ? documents.marksOf(editor.document) : [];
    // Nearly every file has a history; only lines with one of their own are marked.
    const own = marks.filter(({ whole }) => !whole);
    editor.setDecorations(
      decoration,
      own.map(({ first }) => new vscode.Range(first, 0, first, 0)),
    );
  };
  const drawAll = (): void => vscode.window.visibleTextEditors.forEach(draw);

  return together(
    decoration,
    lensesChanged,
    documents.onChange((document) => {
      for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) draw(editor);
      lensesChanged.fire();
    }),
    documents.follow(),
    vscode.window.onDidChangeVisibleTextEditors(drawAll),
    settings.onChange((affects) => {
      if (affects("editor.gutter")) drawAll();
      if (affects("editor.codeLens")) lensesChanged.fire();
    }),
    vscode.languages.registerCodeLensProvider(
      { scheme: "file" },
      {
        onDidChangeCodeLenses: lensesChanged.event,
        provideCodeLenses: (document) =>
          settings.get("editor.codeLens") ? documents.marksOf(document).map((mark) => lens(document, mark)) : [],
      },
    ),
    vscode.languages.registerHoverProvider(
      { scheme: "file" },
      {
        provideHover: (document, { line }) => {
          if (!settings.get("editor.hover")) return undefined;
          const memories = documents.marksOf(document).find(({ first }) => first === line)?.memories;
          return memories === undefined ? undefined : new vscode.Hover(memoryHover(memories));
        },
      },
    ),
    registerCommand(log, "heirloom.showMemories", async (rows) => {
      if (!Array.isArray(rows)) return;
      const id = await chooseOne(rows as CommandArguments["heirloom.showMemories"][0]);
      if (id !== undefined) explorers.show({ view: "memories", id });
    }),
  );
}

/** A picture that need not be fetched: over a slow connection a mark would come without its icon. */
function bookmark(colour: string): vscode.Uri {
  const path =
    "M4.5 2h7A1.5 1.5 0 0 1 13 3.5v10.2a.3.3 0 0 1-.47.25L8 10.9l-4.53 3.05a.3.3 0 0 1-.47-.25V3.5A1.5 1.5 0 0 1 4.5 2z";
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16"><path d="${path}" fill="${colour}"/></svg>`;
  return vscode.Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`);
}

function lens(document: vscode.TextDocument, { first, memories, whole }: MarkedLines): vscode.CodeLens {
  const range = document.lineAt(Math.min(first, document.lineCount - 1)).range;
  const rows = memories.map(({ id, title, kind }) => ({ id, title, kind }));
  return new vscode.CodeLens(range, {
    command: "heirloom.showMemories",
    title: `$(bookmark) ${counted(memories.length)}${whole ? " of this file" : ""}${driftedText(memories)}`,
    tooltip: "Show in Heirloom",
    arguments: [rows],
  });
}

/** How many of them speak of code that has changed: whoever reads them has to know. */
function driftedText(memories: MarkedLines["memories"]): string {
  const drifted = memories.filter(({ freshness }) => freshness === "drifted").length;
  return drifted === 0 ? "" : ` $(diff) ${drifted} drifted`;
}

async function chooseOne(rows: CommandArguments["heirloom.showMemories"][0]): Promise<string | undefined> {
  if (rows.length === 1) return rows[0]?.id;
  const items = rows.map(({ id, title, kind }) => ({ label: plainLabel(title), description: kind, id }));
  return (await vscode.window.showQuickPick(items, { placeHolder: "Which memory?" }))?.id;
}
