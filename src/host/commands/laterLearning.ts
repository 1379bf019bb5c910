export interface LaterLearningParts {
  /** Whether a folder may be learned from without being asked. */
  readonly may: (path: string) => boolean;
  readonly learn: (path: string) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/** A rebase moves HEAD many times: only when it has rested for so long, in milliseconds, is it looked at. */
export const RESTED_MS = 3_000;

/** Learns what a folder's HEAD brought with it, in the background, one folder at a time and each at rest. */
export class LaterLearning {
  readonly #parts: LaterLearningParts;
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  #turn: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(parts: LaterLearningParts) {
    this.#parts = parts;
  }

  /** HEAD of the folder moved, or may have moved while nobody looked. */
  noticed(path: string): void {
    if (this.#ended) return;
    clearTimeout(this.#waiting.get(path));
    this.#waiting.set(
      path,
      setTimeout(() => this.#rested(path), RESTED_MS),
    );
  }

  dispose(): void {
    this.#ended = true;
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #rested(path: string): void {
    this.#waiting.delete(path);
    this.#turn = this.#turn.then(async () => {
      if (this.#ended || !this.#parts.may(path)) return;
      await this.#parts.learn(path).catch(this.#parts.onFailure);
    });
  }
}
