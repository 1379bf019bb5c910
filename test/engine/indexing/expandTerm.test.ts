import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, expandTerm } from "../../../src/engine/indexing/expandTerm.ts";
import { NearTerms } from "../../../src/engine/indexing/nearTerms.ts";
import { TermDictionary } from "../../../src/engine/indexing/termDictionary.ts";

const letters = fc
  .array(fc.constantFrom("a", "b", "c", "ж", "é"), { minLength: 1, maxLength: 10 })
  .map((list) => list.join(""));

describe("editDistance", () => {
  it("counts a change, a loss, an addition and a swap as one", () => {
    for (const near of ["caches", "cach", "catche", "cahce", "cachw"]) expect(editDistance("cache", near, 2)).toBe(1);
    expect(editDistance("cache", "cabbage", 2)).toBe(3);
    expect(editDistance("cache", "cache", 1)).toBe(0);
  });

  it("is the same both ways, and tells when it is more than asked", () => {
    fc.assert(
      fc.property(letters, letters, (a, b) => {
        expect(editDistance(a, b, 20)).toBe(editDistance(b, a, 20));
        expect(editDistance(a, b, 1)).toBe(Math.min(2, editDistance(a, b, 20)));
      }),
    );
  });
});

describe("expandTerm", () => {
  it("misses no term that is near enough, whatever the script", () => {
    fc.assert(
      fc.property(letters, fc.uniqueArray(letters, { maxLength: 4 }), (term, known) => {
        const others = known.filter((each) => each !== term);
        const dictionary = new TermDictionary();
        for (const each of others) dictionary.intern(each);
        const most = term.length >= 8 ? 2 : term.length >= 4 ? 1 : 0;
        const expected = others.filter((each) => {
          if (term.length >= 3 && each.startsWith(term)) return true;
          if (each.length >= 5 && term.startsWith(each) && each === longestBeginning(term, others)) return true;
          return editDistance(term, each, most) <= most && (most < 2 || each.charCodeAt(0) === term.charCodeAt(0));
        });
        const found = expandTerm(term, new NearTerms(dictionary), () => 1).map((expansion) => expansion.term);
        expect(found.sort()).toEqual(expected.sort());
      }),
      { numRuns: 2000 },
    );
  });

  it("prefers what is nearest, then what is most frequent, and is never worth more than the term", () => {
    const dictionary = new TermDictionary();
    const frequencies = new Map(
      [
        ["cachet", 1],
        ["cached", 9],
        ["caching", 5],
        ["cacheable", 5],
        ["cachex", 0],
      ].map(([term, n]) => [dictionary.intern(String(term)), Number(n)]),
    );
    const found = expandTerm("cache", new NearTerms(dictionary), (id) => frequencies.get(id) ?? 0);
    expect(found.map((expansion) => expansion.term)).toEqual(["cached", "cachet", "cacheable"]);
    expect(found.reduce((sum, { weight }) => sum + weight, 0)).toBeLessThanOrEqual(1 + 1e-9);
  });
});

function longestBeginning(term: string, known: readonly string[]): string | undefined {
  return known.filter((each) => term.startsWith(each)).sort((a, b) => b.length - a.length)[0];
}
