import { keepNewest } from "../../contract/keepNewest.ts";

export interface AskedTogetherParts<Answer> {
  /** By question; one that is left out has no answer. Throws nothing. */
  readonly ask: (questions: readonly string[]) => Promise<ReadonlyMap<string, Answer>>;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** How long an answer counts, in milliseconds. */
  readonly keptMs: number;
  /** Answers that are kept at once. */
  readonly most: number;
}

/** Questions that are asked again and again, each time with all others that somebody had since the last time: for those whose price is that of asking. */
export class AskedTogether<Answer> {
  readonly #parts: AskedTogetherParts<Answer>;
  readonly #told = new Map<string, Promise<Answer | undefined>>();
  /** Those that somebody had, since `#at`. */
  #wanted = new Set<string>();
  #at = -Infinity;

  constructor(parts: AskedTogetherParts<Answer>) {
    this.#parts = parts;
  }

  async get(question: string): Promise<Answer | undefined> {
    const { now, keptMs, most } = this.#parts;
    if (now() - this.#at > keptMs) this.forget();
    let before: ReadonlySet<string> = new Set();
    if (this.#told.size === 0) {
      before = this.#wanted;
      this.#wanted = new Set();
      this.#at = now();
    }
    this.#wanted.add(question);
    if (!this.#told.has(question)) this.#ask([...new Set([question, ...before])].slice(0, most));
    return await this.#told.get(question);
  }

  forget(): void {
    this.#told.clear();
  }

  #ask(questions: readonly string[]): void {
    const answers = this.#parts.ask(questions);
    for (const one of questions)
      this.#told.set(
        one,
        answers.then((all) => all.get(one)),
      );
    keepNewest(this.#told, this.#parts.most);
  }
}
