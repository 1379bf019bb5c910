export interface Forgotten {
  readonly undoToken: string;
  /** Whose memories were forgotten: another folder may be the active one by the time they are brought back. */
  readonly folder: string;
}

/** What was forgotten in this window and not brought back, as far as this window can undo it. */
export class ForgottenMemories {
  #all: readonly Forgotten[] = [];
  readonly #onChange: (any: boolean) => void;

  /** `onChange` is told whether there is anything to bring back. */
  constructor(onChange: (any: boolean) => void) {
    this.#onChange = onChange;
  }

  get last(): Forgotten | undefined {
    return this.#all.at(-1);
  }

  folderOf(undoToken: string): string | undefined {
    return this.#all.find((one) => one.undoToken === undoToken)?.folder;
  }

  remember(undoToken: string, folder: string): void {
    this.#become([...this.#all, { undoToken, folder }]);
  }

  /** Only after it succeeded: what failed can be tried again. */
  broughtBack(undoToken: string): void {
    this.#become(this.#all.filter((one) => one.undoToken !== undoToken));
  }

  #become(all: readonly Forgotten[]): void {
    this.#all = all;
    this.#onChange(all.length > 0);
  }
}
