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

/** What nobody asked for, for so many times as long as an answer counts, is not asked for with others. */
const LATELY = 12;

/** Questions that are asked again and again, each time with the others that somebody had lately: for those whose price is that of asking. */
export class AskedTogether<Answer> {
  readonly #parts: AskedTogetherParts<Answer>;
  readonly #told = new Map<string, Promise<Answer | undefined>>();
  /** When it was asked for last. */
  readonly #wanted = new Map<string, number>();
  #at = -Infinity;

  constructor(parts: AskedTogetherParts<Answer>) {
    this.#parts = parts;
  }

  async get(question: string): Promise<Answer | undefined> {
    const { now, keptMs, most } = this.#parts;
    if (now() - this.#at > keptMs) this.forget();
    this.#wanted.delete(question);
    this.#wanted.set(question, now());
    keepNewest(this.#wanted, most);
    if (this.#told.size === 0) {
      this.#at = now();
      const since = now() - LATELY * keptMs;
      this.#ask([...this.#wanted].flatMap(([one, at]) => (at >= since ? [one] : [])));
    } else if (!this.#told.has(question)) this.#ask([question]);
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
