import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EmbedderPort } from "../../../src/engine/seams.ts";

export interface EmbedderUnderTest {
  readonly embedder: EmbedderPort;
  readonly close: () => Promise<void> | void;
}

const TEXTS = ["ducks swim in the pond", "the header is green", " \n", "", "birds of a lake", "🚀 → ß"];

/** What every embedder has to do, whatever its vectors are like. */
export function embedderContract(name: string, open: () => Promise<EmbedderUnderTest> | EmbedderUnderTest): void {
  describe(name, () => {
    let opened: EmbedderUnderTest;
    beforeAll(async () => void (opened = await open()));
    afterAll(() => opened.close());

    test("says which model it is, the same each time", async () => {
      const model = await opened.embedder.model();
      expect(model.id).not.toBe("");
      expect(await opened.embedder.model()).toMatchObject({ id: model.id, dimensions: model.dimensions });
    });

    test("gives each text a vector of the model's dimensions, in order, of length 1 or zeros", async () => {
      const { dimensions } = await opened.embedder.model();
      const vectors = await opened.embedder.embed(TEXTS, "passage");
      expect(vectors.map(({ length }) => length)).toEqual(TEXTS.map(() => dimensions));
      for (const [at, vector] of vectors.entries()) {
        const length = Math.hypot(...vector);
        if ((TEXTS[at] ?? "").trim() === "" || length === 0) expect([...vector]).toEqual(Array(dimensions).fill(0));
        else expect(length, TEXTS[at]).toBeCloseTo(1, 4);
      }
      for (const [at, text] of TEXTS.entries()) {
        const [alone] = await opened.embedder.embed([text], "passage");
        for (const [component, value] of (alone ?? []).entries())
          expect(value).toBeCloseTo(vectors[at]?.[component] ?? NaN, 4);
      }
    });

    test("takes no text, and a text that is longer than what it reads", async () => {
      expect(await opened.embedder.embed([], "passage")).toEqual([]);
      expect(await opened.embedder.embed(["ducks ".repeat(20_000)], "passage")).toHaveLength(1);
    });

    test("answers many at once, each with its own", async () => {
      const answers = await Promise.all(TEXTS.map(async (text) => opened.embedder.embed([text], "query")));
      const together = await opened.embedder.embed(TEXTS, "query");
      for (const [at, [vector]] of answers.entries())
        for (const [component, value] of (vector ?? []).entries())
          expect(value).toBeCloseTo(together[at]?.[component] ?? NaN, 4);
    });
  });
}
