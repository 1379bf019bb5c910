import type { EmbeddingModel, ThreadedEmbedder } from "../../src/engine/seams.ts";

/**
 * For tests of what is done with vectors: a text's vector says which of a few words it holds. It answers when it is let, so that a test decides
 * what happens while a text is embedded.
 */
export class CountingEmbedder implements ThreadedEmbedder {
  readonly runs = "elsewhere";
  readonly #model: EmbeddingModel;
  readonly #words: readonly string[];
  /** Texts of all calls, oldest first. */
  readonly asked: string[] = [];
  /** Awaited by each call before it answers; what it throws the call throws. */
  before: () => Promise<void> = () => Promise.resolve();

  constructor(id: string, words: readonly string[]) {
    this.#model = { id, dimensions: words.length };
    this.#words = words;
  }

  async model(): Promise<EmbeddingModel> {
    return this.#model;
  }

  async embed(texts: readonly string[]): Promise<readonly Float32Array[]> {
    this.asked.push(...texts);
    await this.before();
    return texts.map((text) => {
      const counts = this.#words.map((word) => text.split(word).length - 1);
      const length = Math.hypot(...counts) || 1;
      return Float32Array.from(counts, (count) => count / length);
    });
  }
}
