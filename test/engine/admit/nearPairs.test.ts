import { expect, onTestFinished, test, vi } from "vitest";
import { nearPairs, type NearPairsQuery } from "../../../src/engine/admit/nearPairs.ts";
import { jaccard, shingles, signature } from "../../../src/engine/admit/signature.ts";
import { Sketches } from "../../../src/engine/admit/sketches.ts";
import { seededRandom } from "../../support/seededRandom.ts";

const query = (texts: ReadonlyMap<number, string>, more: Partial<NearPairsQuery> = {}): NearPairsQuery => ({
  sketches: new Sketches(),
  signatures: [...texts].map(([row, text]) => ({ row, signature: signature(text) })),
  textOf: (row) => texts.get(row),
  eligible: () => true,
  eligibleByWords: () => true,
  similarity: 0.6,
  limit: 100,
  check: () => undefined,
  ...more,
});

/** Texts of which every fifth is a variant of the one before it. */
function corpus(count: number): ReadonlyMap<number, string> {
  const random = seededRandom(3);
  const word = (): string => `w${Math.floor(random() * 3000)}x`;
  const texts = new Map<number, string>();
  let last: string[] = [];
  for (let row = 1; row <= count; row++) {
    const words = row % 5 === 0 ? [...last] : Array.from({ length: 40 }, word);
    if (row % 5 === 0) for (let changes = 0; changes < 1 + (row % 3); changes++) words[7 + changes * 9] = word();
    last = words;
    texts.set(row, words.join(" "));
  }
  return texts;
}

test("finds nearly every pair that a comparison of all with all finds, with its similarity, most alike first", async () => {
  const texts = corpus(300);
  const expected = new Map<string, number>();
  const all = [...texts].map(([row, text]) => [row, shingles(text)] as const);
  for (const [a, left] of all)
    for (const [b, right] of all) {
      const similarity = a > b ? jaccard(left, right) : 0;
      if (similarity >= 0.6) expected.set(`${a} ${b}`, similarity);
    }
  const found = await nearPairs(query(texts));
  expect(expected.size).toBeGreaterThan(30);
  expect(found.length).toBeGreaterThanOrEqual(0.9 * expected.size);
  for (const { a, b, similarity } of found) expect(similarity).toBe(expected.get(`${a} ${b}`));
  const similarities = found.map(({ similarity }) => similarity);
  expect(similarities).toEqual([...similarities].sort((x, y) => y - x));
});

test("a text that was revised is compared as it is now", async () => {
  const sketches = new Sketches();
  const [one, other] = ["alpha ".repeat(5), "beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu"];
  const texts = new Map([
    [1, other],
    [2, one],
  ]);
  expect(await nearPairs(query(texts, { sketches }))).toEqual([]);
  texts.set(2, `${other} xi`);
  expect(await nearPairs(query(texts, { sketches }))).toMatchObject([{ a: 2, b: 1 }]);
});

test("two that differ in a number are shown as well, though no capture would merge them", async () => {
  const text = "The job runs every night and takes about so long that nobody ever waits for it, say";
  const texts = new Map([
    [1, `${text} 10 minutes`],
    [2, `${text} 20 minutes`],
  ]);
  expect(signature(texts.get(1) ?? "")).not.toBe(signature(texts.get(2) ?? ""));
  expect(await nearPairs(query(texts))).toHaveLength(1);
  expect(await nearPairs(query(texts, { eligible: () => false }))).toEqual([]);
});

test("short texts are compared by the words that say what they are about", async () => {
  const texts = new Map([
    [1, "Use pnpm, not npm."],
    [2, "Use pnpm, not npm!"],
    [3, "use pnpm instead of npm"],
    [4, "Use tabs instead of spaces"],
    [5, "of it"],
    [6, "of the"],
  ]);
  const sketches = new Sketches(["of", "the", "it"]);
  const pairsOf = async (more: Partial<NearPairsQuery> = {}) =>
    (await nearPairs(query(texts, { sketches, similarity: 0.5, ...more }))).map(({ a, b, similarity }) => [
      a,
      b,
      similarity,
    ]);
  expect(await pairsOf()).toEqual([
    [2, 1, 1],
    [3, 1, 0.6],
    [3, 2, 0.6],
  ]);
  expect(await pairsOf({ eligibleByWords: () => false })).toEqual([[2, 1, 1]]);
});

test("all pairs of short texts are found that a comparison of all with all finds", async () => {
  const random = seededRandom(5);
  const texts = new Map<number, string>();
  const word = (): string => `w${Math.floor(random() * 200)}x`;
  let last: string[] = [];
  for (let row = 1; row <= 150; row++) {
    const words =
      row % 3 === 0 ? [...last.slice(1), word()] : Array.from({ length: 2 + Math.floor(random() * 12) }, word);
    last = words;
    texts.set(row, words.join(" "));
  }
  const sketches = new Sketches();
  const found = await nearPairs(query(texts, { sketches, similarity: 0.5, limit: Infinity }));
  let expected = 0;
  for (const a of texts.keys())
    for (const b of texts.keys()) {
      const [left, right] = [sketches.words(a), sketches.words(b)];
      if (a <= b || left === undefined || right === undefined || Math.min(left.length, right.length) > 8) continue;
      if (jaccard(left, right) < 0.5) continue;
      expected++;
      expect(found.find((pair) => pair.a === a && pair.b === b)?.similarity).toBeGreaterThanOrEqual(0.5);
    }
  expect(expected).toBeGreaterThan(20);
});

test("gives others their turn, and ends when there is no more time", async () => {
  // A clock on which each look takes a long time: how fast this machine is decides nothing.
  let milliseconds = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (milliseconds += 50));
  onTestFinished(() => clock.mockRestore());
  const texts = corpus(300);
  let turns = 0;
  let waiting: NodeJS.Immediate | undefined;
  const wait = (): void => {
    turns++;
    waiting = setImmediate(wait);
  };
  wait();
  await nearPairs(query(texts));
  clearImmediate(waiting);
  expect(turns).toBeGreaterThan(texts.size);
  const over = new Error("no more time");
  const check = (): void => {
    throw over;
  };
  await expect(nearPairs(query(texts, { check }))).rejects.toBe(over);
});
