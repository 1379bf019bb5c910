import type { CodeRules } from "../../contract/codeRules.ts";
import type { IndexResult } from "../../contract/codeTools.ts";
import type { WindowFolder } from "../../contract/window.ts";
import type { EngineOwner } from "../engine/engineOwner.ts";
import { Listeners } from "../listeners.ts";

export interface WindowCodeParts {
  readonly engine: Pick<EngineOwner, "on" | "onStatus">;
  /** What the settings say of a folder's code now. */
  readonly read: (path: string) => Omit<CodeRules, "paused">;
  readonly onFailure: (error: unknown) => void;
}

/** What this window wants of the code of its folders, and how their indexes are. */
export class WindowCode {
  readonly #parts: WindowCodeParts;
  readonly #changes: Listeners<{ readonly path: string; readonly status: IndexResult }>;
  readonly #statuses = new Map<string, IndexResult>();
  readonly #ends: readonly (() => void)[];
  #paused = false;

  constructor(parts: WindowCodeParts) {
    this.#parts = parts;
    this.#changes = new Listeners(parts.onFailure);
    this.#ends = [
      parts.engine.on("code", ({ path, status }) => {
        this.#statuses.set(path, status);
        this.#changes.tell({ path, status });
      }),
      // An engine that starts again has indexed nothing yet.
      parts.engine.onStatus(({ state }) => {
        if (state !== "running") this.#statuses.clear();
      }),
    ];
  }

  /** Until the window is closed or somebody says otherwise. */
  get paused(): boolean {
    return this.#paused;
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
  }

  rulesOf(path: string): CodeRules {
    return { ...this.#parts.read(path), paused: this.#paused };
  }

  /** A folder as the engine is told of it. */
  ruled = (folder: WindowFolder): WindowFolder => ({ ...folder, code: this.rulesOf(folder.path) });

  /** As it was told last; undefined where nobody asked about the folder's code yet. */
  statusOf(path: string): IndexResult | undefined {
    return this.#statuses.get(path);
  }

  /** The returned function ends it. */
  onStatus(listener: (change: { readonly path: string; readonly status: IndexResult }) => void): () => void {
    return this.#changes.add(listener);
  }

  dispose(): void {
    for (const end of this.#ends) end();
  }
}
