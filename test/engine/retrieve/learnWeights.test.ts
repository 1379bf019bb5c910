import { describe, expect, test } from "vitest";
import type { RankingExample, ShownResult } from "../../../src/contract/ranking.ts";
import { learnWeights } from "../../../src/engine/retrieve/learnWeights.ts";
import { LEARNED, LEASHES } from "../../../src/engine/retrieve/weights.ts";

const pause = (): Promise<void> => Promise.resolve();

/** Numbers in 0..1, the same at every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Ten results; which of them is helpful is told by `chosen`. */
function examples(
  count: number,
  chosen: (shown: readonly Omit<ShownResult, "helpful">[], random: () => number) => number,
): RankingExample[] {
  const random = numbers(7);
  return Array.from({ length: count }, () => {
    const shown = Array.from({ length: 10 }, () => ({
      evidence: { text: 0.6 * random(), meaning: 0.6 * random() },
      qualities: {},
    }));
    const best = chosen(shown, random);
    return { shown: shown.map((one, at) => ({ ...one, helpful: at === best })) };
  });
}

const largest = (values: readonly number[]): number => values.indexOf(Math.max(...values));

describe("the weights of the signals", () => {
  test("follow what was helpful: where words told more than meaning, meaning counts less", async () => {
    const given = examples(200, (shown) => largest(shown.map(({ evidence }) => evidence.text)));
    const learned = await learnWeights(given, pause);
    expect(learned?.weights.meaning).toBeLessThan(0.8);
    expect(learned?.better).toBeGreaterThan(learned?.worse ?? Infinity);
  });

  test("follow somebody to what is new further than they follow anybody away from words", async () => {
    const day = 86_400_000;
    const given = examples(200, (shown) => largest(shown.map(({ evidence }) => evidence.text))).map(({ shown }) => ({
      shown: shown.map((one) => ({ ...one, qualities: { ageMs: one.helpful ? day : 300 * day } })),
    }));
    const learned = await learnWeights(given, pause);
    expect(learned?.weights.recency).toBeGreaterThan(4);
  });

  test("stay as they were measured where outcomes follow nothing, and where there are few", async () => {
    expect(
      await learnWeights(
        examples(400, (_shown, random) => Math.floor(10 * random())),
        pause,
      ),
    ).toBeUndefined();
    expect(
      await learnWeights(
        examples(20, (shown) => largest(shown.map(({ evidence }) => evidence.text))),
        pause,
      ),
    ).toBeUndefined();
  });

  test("go on from what was learned before, and only where that is shown to be better still", async () => {
    const byText = examples(200, (shown) => largest(shown.map(({ evidence }) => evidence.text)));
    const before = (await learnWeights(byText, pause))?.weights;
    expect(before?.meaning).toBeLessThan(0.8);
    expect(await learnWeights(byText, pause, before)).toBeUndefined();
    const byMeaning = examples(200, (shown) => largest(shown.map(({ evidence }) => evidence.meaning ?? 0)));
    const after = await learnWeights(byMeaning, pause, before);
    expect(after?.weights.meaning).toBeGreaterThan(1.2);
  });

  test("stay within their bounds, however long the same is said", async () => {
    const given = examples(500, (shown) => largest(shown.map(({ evidence }) => -(evidence.meaning ?? 0))));
    const { weights } = (await learnWeights(given, pause)) ?? {};
    for (const name of LEARNED) {
      const { least, most } = LEASHES[name];
      expect(weights?.[name] ?? 1).toBeGreaterThanOrEqual(least - 1e-9);
      expect(weights?.[name] ?? 1).toBeLessThanOrEqual(most + 1e-9);
    }
  });
});
