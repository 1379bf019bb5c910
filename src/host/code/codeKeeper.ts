import type { IndexResult } from "../../contract/codeTools.ts";

export interface CodeKeeperParts {
  /** Whether the folder's code may be indexed without being asked: not where it is paused or switched off. `later`: something else is at work. */
  readonly may: (path: string) => "now" | "later" | "no";
  readonly statusOf: (path: string) => IndexResult | undefined;
  readonly sync: (path: string) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/** Milliseconds after a folder was opened: the window itself, and what is shown in it, come first. */
export const OPENED_MS = 2_000;
/** Milliseconds without a change. A question before does not wait: it brings the index up to date itself. */
export const RESTED_MS = 1_000;

/** Has the code of folders indexed in the background, one folder at a time: first when it is opened, then when changes have come to rest. */
export class CodeKeeper {
  readonly #parts: CodeKeeperParts;
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  #turn: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(parts: CodeKeeperParts) {
    this.#parts = parts;
  }

  /** The folder can be asked, or its code is wanted again. */
  opened(path: string): void {
    this.#wait(path, OPENED_MS);
  }

  /** Code that was never indexed, or was cleared, stays so until somebody asks. */
  changed(path: string): void {
    if (this.#parts.statusOf(path)?.lastSync !== undefined) this.#wait(path, RESTED_MS);
  }

  /** Somebody gave up what is indexed of the folder: it stays so until it is asked for. */
  cleared(path: string): void {
    clearTimeout(this.#waiting.get(path));
    this.#waiting.delete(path);
  }

  dispose(): void {
    this.#ended = true;
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #wait(path: string, milliseconds: number): void {
    if (this.#ended) return;
    clearTimeout(this.#waiting.get(path));
    this.#waiting.set(
      path,
      setTimeout(() => this.#rested(path), milliseconds),
    );
  }

  #rested(path: string): void {
    this.#waiting.delete(path);
    this.#turn = this.#turn.then(async () => {
      if (this.#ended) return;
      const may = this.#parts.may(path);
      if (may === "later") this.#wait(path, OPENED_MS);
      if (may === "now") await this.#parts.sync(path).catch(this.#parts.onFailure);
    });
  }
}
