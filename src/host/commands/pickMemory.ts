import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";
import type { MemoryRow } from "../../contract/explore.ts";
import { plainLabel } from "../plainLabel.ts";
import { reportProblem } from "../reportProblem.ts";
import { type Services, withActiveFolder } from "../services.ts";

interface MemoryItem extends vscode.QuickPickItem {
  readonly row: MemoryRow;
}

/** Milliseconds of silence after a keystroke before the memories are asked. */
const SILENCE_MS = 40;
const MOST = 40;

/** Lets a person choose a memory of the active folder, with results as they type; undefined when they leave. */
export async function pickMemory(
  services: Services,
  { title, text = "" }: { readonly title: string; readonly text?: string },
): Promise<MemoryRow | undefined> {
  const picker = vscode.window.createQuickPick<MemoryItem>();
  picker.title = title;
  picker.placeholder = "Type what it is about";
  picker.matchOnDescription = false;
  picker.matchOnDetail = false;
  picker.value = text;
  let asking = new AbortController();

  const ask = async (value: string): Promise<void> => {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      await pause(SILENCE_MS, undefined, { signal });
      picker.busy = true;
      const { rows } = await withActiveFolder(services, (api, workspace) =>
        api.browse(
          { text: value, facets: {}, visibility: "visible", order: "best", limit: MOST },
          { workspace, signal },
        ),
      );
      if (signal.aborted) return;
      picker.items = rows.map(itemOf);
      picker.busy = false;
    } catch (error) {
      if (signal.aborted) return;
      picker.busy = false;
      picker.hide();
      reportProblem(services.log, error);
    }
  };
  return new Promise((resolve) => {
    picker.onDidChangeValue((value) => void ask(value));
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]?.row);
      picker.hide();
    });
    picker.onDidHide(() => {
      asking.abort();
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
    void ask(text);
  });
}

function itemOf(row: MemoryRow): MemoryItem {
  const origin = [row.kind, row.branch, row.pinned ? "pinned" : undefined].filter((part) => part !== undefined);
  return {
    row,
    label: plainLabel(row.title),
    description: origin.join(" · "),
    ...(row.excerpt === row.title ? {} : { detail: plainLabel(row.excerpt) }),
    // The engine has decided what matches; VS Code's own filter knows less.
    alwaysShow: true,
  };
}
