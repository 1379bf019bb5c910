import type { AnchorState } from "../contract/freshness.ts";

type Since = AnchorState["since"];

/** Answers that are kept of one HEAD. */
const MOST_KEPT = 2_000;

/**
 * Since when anchors of one work tree are not what they were. Commits tell that, so an answer holds until HEAD moves, whatever is edited meanwhile. Git is
 * asked for one at a time: answers are given beside it.
 */
export class ChangeDates {
  #head: string | undefined;
  readonly #known = new Map<string, Promise<Since>>();
  #turn: Promise<unknown> = Promise.resolve();

  /** `ask` is called where nobody asked the same question of this HEAD; where it fails, it is not known, and asked again another time. */
  of(head: string, question: string, ask: () => Promise<Since>): Promise<Since> {
    if (head !== this.#head || this.#known.size >= MOST_KEPT) this.#known.clear();
    this.#head = head;
    const known = this.#known.get(question);
    if (known !== undefined) return known;
    const asked = this.#turn.then(ask).catch(() => {
      this.#known.delete(question);
      return undefined;
    });
    this.#turn = asked;
    this.#known.set(question, asked);
    return asked;
  }
}
