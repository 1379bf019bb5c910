import type { EmbeddingModel, ThreadedEmbedder } from "../../src/engine/seams.ts";

/**
 * For tests of what is done with vectors: a text's vector says which of a few words it holds. It answers when it is let, so that a test decides
 * what happens while a text is embedded, and fails when it is told to.
 */
export class CountingEmbedder implements ThreadedEmbedder {
  readonly runs = "elsewhere";
  readonly #model: EmbeddingModel;
  readonly #words: readonly string[];
  /** Texts of all calls, oldest first. */
  readonly asked: string[] = [];
  /** What every call fails with. */
  failure: Error | undefined;
  /** Awaited by each call before it answers. */
  before: () => Promise<void> = () => Promise.resolve();

  constructor(id: string, words: readonly string[]) {
    this.#model = { id, dimensions: words.length };
    this.#words = words;
  }

  async model(): Promise<EmbeddingModel> {
    if (this.failure !== undefined) throw this.failure;
    return this.#model;
  }

  async embed(texts: readonly string[]): Promise<readonly Float32Array[]> {
    this.asked.push(...texts);
    await this.before();
    if (this.failure !== undefined) throw this.failure;
    return texts.map((text) => {
      const counts = this.#words.map((word) => text.split(word).length - 1);
      const length = Math.hypot(...counts) || 1;
      return Float32Array.from(counts, (count) => count / length);
    });
  }
}
