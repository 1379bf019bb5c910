import * as vscode from "vscode";
import { type Kind, KINDS } from "../../contract/kinds.ts";
import type { CaptureResult } from "../../contract/tools.ts";
import type { Anchor } from "../../contract/memory.ts";
import type { Disposable } from "../contributions.ts";
import { counted } from "../../contract/counted.ts";
import { filePlace } from "../editor/filePlace.ts";
import { documentSymbols, enclosingSymbol, plainName } from "../editor/symbols.ts";
import { reportProblem } from "../reportProblem.ts";
import { activeFolder, type Services } from "../services.ts";
import { registerCommand } from "./runCommand.ts";

/** Milliseconds from the command on in which a symbol may still be found. */
const SYMBOL_PATIENCE_MS = 10_000;

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
    const folder = await activeFolder(services);
    const editor = vscode.window.activeTextEditor;
    const place = placeOf(editor);
    const workspace = place?.folder ?? folder;
    // A language that only now starts needs seconds to know its symbols; a person need not wait for that.
    const symbol = place === undefined ? undefined : symbolAt(editor);
    const kind = await askKind(place?.anchor);
    if (kind === undefined) return;
    const capture = async (content: string): Promise<CaptureResult> => {
      const anchors = place === undefined ? [] : [{ ...place.anchor, ...(await symbol) }];
      // What is remembered is what the person sees, saved or not.
      if (place !== undefined) await services.unsaved.tell(place.document);
      const said = { eventType: kind, kind, content, ...(place === undefined ? {} : { anchors }) };
      return (await services.engine.api()).capture(said, { workspace });
    };
    let content = await askText(kind, place?.anchor);
    let receipt: CaptureResult | undefined;
    while (content !== undefined && receipt === undefined) {
      try {
        receipt = await capture(content);
      } catch (error) {
        // What was typed is there to be corrected, copied or tried again.
        reportProblem(services.log, error);
        content = await askText(kind, place?.anchor, content);
      }
    }
    if (receipt === undefined) return;
    if ((await vscode.window.showInformationMessage(rememberedText(receipt), "Show")) === "Show")
      services.explorers.show({ view: "memories", id: receipt.id });
  });
}

function rememberedText({ outcome, redactions, provenance }: CaptureResult): string {
  const where = provenance.branch === undefined ? "" : ` on ${provenance.branch}`;
  const said = {
    created: `Remembered${where}${provenance.pending ? ", with the next commit" : ""}.`,
    merged: "This was known and has been merged into what was there.",
    duplicate: "This was known already.",
  }[outcome];
  return redactions === 0 ? said : `${said} ${counted(redactions, "secret was", "secrets were")} taken out.`;
}

function placeOf(
  editor: vscode.TextEditor | undefined,
): { readonly folder: string; readonly anchor: Anchor; readonly document: vscode.TextDocument } | undefined {
  if (editor === undefined) return undefined;
  const { document, selection } = editor;
  const place = filePlace(document.uri);
  if (place === undefined) return undefined;
  const { folder, path } = place;
  // A selection that ends before the first character of a line does not mean that line.
  const ends = selection.end.character === 0 && selection.end.line > selection.start.line;
  return {
    ...{ folder, document },
    anchor: { path, startLine: selection.start.line + 1, endLine: selection.end.line + (ends ? 0 : 1) },
  };
}

/** The symbol around the selection; nothing where none is known in time. */
async function symbolAt(editor: vscode.TextEditor | undefined): Promise<Pick<Anchor, "symbol">> {
  if (editor === undefined) return {};
  const { document, selection } = editor;
  const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), SYMBOL_PATIENCE_MS));
  const found = documentSymbols(document.uri).then(
    (symbols) => enclosingSymbol(symbols, selection),
    () => undefined,
  );
  const symbol = await Promise.race([found, late]);
  const name = symbol === undefined ? "" : plainName(symbol.name).slice(0, 512);
  return name === "" ? {} : { symbol: name };
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

async function askText(kind: Kind, anchor: Anchor | undefined, value = ""): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: titleOf(anchor),
    value,
    prompt: `${MEANINGS[kind]}, in full sentences. It is kept on the commit that is checked out.`,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === "" ? "Say what is to be remembered." : undefined),
  });
}

function titleOf(anchor: Anchor | undefined): string {
  if (anchor === undefined) return "Remember This";
  const { path, startLine = 1, endLine = startLine } = anchor;
  const lines = startLine === endLine ? `line ${startLine}` : `lines ${startLine}–${endLine}`;
  return `Remember This: ${path}, ${lines}`;
}
