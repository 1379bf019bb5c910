import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDuplicateIndex } from "../../../src/engine/admit/duplicates.ts";
import { factHash, namedFacts } from "../../../src/engine/admit/facts.ts";
import { signature } from "../../../src/engine/admit/signature.ts";
import type { Duplicate } from "../../../src/engine/seams.ts";

/** What the index says of `content` when `others` are in it, by their place in the list. */
function find(content: string, ...others: readonly string[]): Duplicate | undefined {
  const index = createDuplicateIndex(0.85);
  others.forEach((other, row) => index.add(row, signature(other)));
  return index.find(
    { content, signature: signature(content) },
    (row) => others[row] ?? "",
    () => true,
  );
}

/** Word triples written out, compared in full: what the index must agree with. */
function bruteJaccard(a: string, b: string): number {
  const triples = (text: string): ReadonlySet<string> => {
    const words = text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
    return new Set(words.slice(2).map((_, at) => words.slice(at, at + 3).join(" ")));
  };
  const [left, right] = [triples(a), triples(b)];
  const shared = [...left].filter((triple) => right.has(triple)).length;
  return shared / (left.size + right.size - shared);
}

const LONG =
  "When the build worker loses its connection to the cache it keeps the lock file and every later job waits for it until somebody removes the " +
  "lock by hand, so the deploy script checks the age of the lock first and takes it over when the worker that wrote it is gone.";

describe("near-duplicates", () => {
  it("are texts that differ in case, white space, punctuation or a word of many", () => {
    expect(find(LONG, LONG)).toEqual({ row: 0, similarity: 1, exact: true });
    expect(find(LONG.toUpperCase(), LONG)).toEqual({ row: 0, similarity: 1, exact: false });
    expect(find(LONG.replaceAll(", ", "\n- "), LONG)).toMatchObject({ similarity: 1, exact: false });
    expect(find(LONG.replace("by hand", "themselves"), LONG)?.similarity).toBeGreaterThan(0.85);
  });

  it.each([
    ["The timeout of the gateway to the payment service is 30 s in all of our regions", "30 s", "60 s"],
    ["Pin the parser to version 2.4.1 because later ones drop comments between two keys", "2.4.1", "2.5.0"],
    [LONG, "the deploy script checks", "the deploy script never checks"],
    [LONG, "and takes it over", "and doesn't take it over"],
    [`${LONG} See src/lock.ts for it.`, "src/lock.ts", "src/cache.ts"],
    [`${LONG} It calls getLockAge first.`, "getLockAge", "setLockAge"],
    [`${LONG} It is kept by Alice here.`, "Alice", "Robert"],
    [`${LONG} This is enabled everywhere.`, "enabled", "disabled"],
    [`${LONG} Then a < b holds.`, "a < b", "a > b"],
    [`${LONG} Copy 1 to 2.`, "1 to 2", "2 to 1"],
    ["缓存服务断开连接以后构建任务会保留锁文件并且需要重试部署脚本", "需要", "不需要"],
  ])("are not: %s with %s as %s", (text, from, to) => {
    expect(text).toContain(from);
    expect(find(text.replace(from, to), text)).toBeUndefined();
    expect(find(text, text)?.exact).toBe(true);
  });

  it("of very short texts are only those with the same words", () => {
    expect(find("Use tabs here.", "use tabs, here")).toMatchObject({ similarity: 1, exact: false });
    expect(find("Use tabs here.", "Use tabs there.")).toBeUndefined();
    expect(find("!!!", "???")).toBeUndefined();
  });

  it("are the best of the eligible rows that are still there", () => {
    const index = createDuplicateIndex(0.85);
    const texts = [LONG, LONG.replace("by hand", "themselves"), LONG];
    texts.forEach((text, row) => index.add(row, signature(text)));
    const probe = { content: LONG, signature: signature(LONG) };
    const textOf = (row: number): string => texts[row] ?? "";
    expect(index.find(probe, textOf, () => true)).toMatchObject({ row: 2, exact: true });
    expect(index.find(probe, textOf, (row) => row !== 2)).toMatchObject({ row: 0, exact: true });
    index.remove(0);
    index.remove(2);
    expect(index.find(probe, textOf, () => true)).toMatchObject({ row: 1, exact: false });
    index.add(1, signature("something else altogether that shares nothing with it at all"));
    expect(index.find(probe, textOf, () => true)).toBeUndefined();
  });

  it("skip a signature of another scheme, and survive a broken one", () => {
    const index = createDuplicateIndex(0.85);
    index.add(0, "m9:AAAA");
    index.add(1, "m1:AAAA");
    index.add(2, "");
    expect(
      index.find(
        { content: LONG, signature: "m1:" },
        () => LONG,
        () => true,
      ),
    ).toBeUndefined();
  });

  it("are found in 99 of 100 cases by the measure of a full comparison, and never below the threshold", () => {
    const vocabulary = Array.from(
      { length: 400 },
      (_, at) =>
        `w${"abcdefghij".charAt(at % 10)}${"klmnopqrst".charAt(Math.floor(at / 10) % 10)}${"uvwxyz".charAt(Math.floor(at / 100))}`,
    );
    const base = fc.array(fc.constantFrom(...vocabulary), { minLength: 30, maxLength: 120 });
    const edits = fc.array(fc.tuple(fc.nat(200), fc.constantFrom(...vocabulary)), { maxLength: 6 });
    let similar = 0;
    let found = 0;
    fc.assert(
      fc.property(base, edits, (words, changes) => {
        const changed = [...words];
        for (const [at, word] of changes) changed[at % changed.length] = word;
        const [a, b] = [words.join(" "), changed.join(" ")];
        const truth = bruteJaccard(a, b);
        const duplicate = find(b, a);
        if (duplicate !== undefined) expect(truth).toBeGreaterThanOrEqual(0.85);
        if (truth < 0.85) return;
        similar++;
        if (duplicate !== undefined) found++;
      }),
      { numRuns: 3_000 },
    );
    expect(similar).toBeGreaterThan(500);
    expect(found / similar).toBeGreaterThanOrEqual(0.99);
  });

  it("stay findable while thousands of rows come and go", () => {
    const index = createDuplicateIndex(0.85);
    const textOf = (row: number): string => `${LONG} number ${row}`;
    for (let row = 0; row < 5_000; row++) {
      index.add(row, signature(textOf(row)));
      if (row % 3 === 0 && row > 50) index.remove(row - 50);
    }
    for (const row of [4_999, 4_998, 1_001, 2]) {
      const removed = row % 3 === 1 && row < 4_950;
      const content = textOf(row);
      expect(index.find({ content, signature: signature(content) }, textOf, () => true)?.row).toBe(
        removed ? undefined : row,
      );
    }
  });
});

describe("facts", () => {
  it("do not depend on case, quotes or punctuation", () => {
    expect(factHash("Don’t use (v2.1), please!")).toBe(factHash("don't USE v2.1 please"));
    expect(factHash("use tabs")).toBe(factHash("prefer spaces"));
  });

  it("are names only inside sentences", () => {
    expect(namedFacts("Redis is fast. We use Redis.")).toBe("Redis");
  });
});
