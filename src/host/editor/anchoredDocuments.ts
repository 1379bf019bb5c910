import { relative, sep } from "node:path";
import * as vscode from "vscode";
import { type Disposable, together } from "../contributions.ts";
import { Listeners } from "../listeners.ts";
import type { Services } from "../services.ts";
import { type MarkedLines, placeAnchors } from "./placeAnchors.ts";
import { documentSymbols, symbolLines } from "./symbols.ts";

/** No text is looked at more often, in milliseconds: each look asks a language for its symbols. */
const REST_MS = 250;

/** The marked lines of every document that is visible, kept as the memories and the text change. */
export class AnchoredDocuments {
  readonly #services: Services;
  readonly #changed: Listeners<vscode.TextDocument>;
  readonly #marks = new Map<string, readonly MarkedLines[]>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #lookedAt = new Map<string, number>();

  constructor(services: Services) {
    this.#services = services;
    this.#changed = new Listeners((error) => services.log.error(String(error)));
  }

  /** The returned function ends it. */
  onChange(listener: (document: vscode.TextDocument) => void): () => void {
    return this.#changed.add(listener);
  }

  marksOf(document: vscode.TextDocument): readonly MarkedLines[] {
    return this.#marks.get(document.uri.toString()) ?? [];
  }

  follow(): Disposable {
    const { engine } = this.#services;
    const all = (): void => {
      for (const { document } of vscode.window.visibleTextEditors) this.#soon(document);
    };
    all();
    return together(
      vscode.window.onDidChangeVisibleTextEditors(all),
      vscode.workspace.onDidSaveTextDocument((document) => this.#soon(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.#marks.delete(uri.toString());
        this.#lookedAt.delete(uri.toString());
      }),
      engine.on("changed", all),
      engine.on("folder", all),
      engine.onStatus(all),
      () => {
        for (const timer of this.#timers.values()) clearTimeout(timer);
      },
    );
  }

  #soon(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    if (document.uri.scheme !== "file" || this.#timers.has(key)) return;
    const look = (): void => {
      this.#timers.delete(key);
      this.#look(document).catch((error: unknown) => this.#services.log.warn(String(error)));
    };
    const rested = performance.now() - (this.#lookedAt.get(key) ?? -Infinity);
    this.#timers.set(key, setTimeout(look, Math.max(0, REST_MS - rested)));
  }

  async #look(document: vscode.TextDocument): Promise<void> {
    if (document.isClosed) return;
    const key = document.uri.toString();
    this.#lookedAt.set(key, performance.now());
    const marks = await this.#find(document);
    if (marks.length === 0 && !this.#marks.has(key)) return;
    this.#marks.set(key, marks);
    this.#changed.tell(document);
  }

  async #find(document: vscode.TextDocument): Promise<readonly MarkedLines[]> {
    const { engine, window } = this.#services;
    const folder = vscode.workspace.getWorkspaceFolder(document.uri);
    if (folder === undefined || engine.status.state !== "running") return [];
    const workspace = folder.uri.fsPath;
    if (window.stateOf({ path: workspace, name: folder.name }).state !== "open") return [];
    const path = relative(workspace, document.uri.fsPath).split(sep).join("/");
    const rows = await (await engine.api()).anchoredIn(path, { workspace });
    const needsSymbols = rows.some((row) => row.in.some(({ symbol }) => symbol !== undefined));
    const symbols = needsSymbols ? await documentSymbols(document.uri) : [];
    return placeAnchors(rows, document.lineCount, (name) => symbolLines(document, symbols, name));
  }
}
