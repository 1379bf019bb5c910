import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Analyser } from "../../../src/engine/indexing/analyser.ts";
import { TermSieve } from "../../../src/engine/indexing/termSieve.ts";

const analyser = new Analyser();

/** Chunks that have one of the terms, as analysis alone finds them, and as it does behind a sieve. */
function holding(text: string, terms: readonly string[], sieve?: TermSieve): string[] {
  const found: string[] = [];
  analyser.scan(
    text,
    (analysis, chunk) => {
      if (analysis.terms.some((term) => terms.includes(term))) found.push(chunk);
    },
    sieve,
  );
  return found;
}

function termsOf(text: string): string[] {
  const terms: string[] = [];
  analyser.scan(text, (analysis) => terms.push(...analysis.terms));
  return terms;
}

const STEMS = ["relat", "hop", "d", "abil", "gener", "creat", "sk", "l", "proced", "cach", "query", "st", "use", "b"];
const ENDINGS =
  "ational ization izer ability fulness ousness iveness ying ies ied s ed ing edly ingly ly y e al ance icate ical ement tion er ive".split(
    " ",
  );
const word = fc.oneof(
  fc
    .tuple(fc.constantFrom(...STEMS), fc.constantFrom("", ...ENDINGS), fc.constantFrom("", ...ENDINGS))
    .map((parts) => parts.join("")),
  fc.constantFrom(
    "skies",
    "C++",
    "sha256",
    "da39a3ee5e6b",
    "straße",
    "naïve",
    "東京都",
    "HTTPServer",
    "don't",
    "ÀB",
    "x",
  ),
  fc.stringMatching(/^[a-eyA-C0-2ß'.+]{1,6}$/),
);
const compound = fc
  .tuple(word, fc.constantFrom("", "_", "-", ".", "/", "'"), word)
  .map(([a, joint, b]) => a + joint + (joint === "" ? b.charAt(0).toUpperCase() + b.slice(1) : b));
const text = fc.array(fc.oneof(word, compound), { maxLength: 12 }).map((words) => words.join(" "));

describe("a sieve", () => {
  it("keeps every chunk that has one of its terms", () => {
    fc.assert(
      fc.property(text, text, (body, query) => {
        const terms = [...new Set(termsOf(`${query} ${body.slice(0, 12)}`))];
        expect(holding(body, terms, new TermSieve(terms))).toEqual(holding(body, terms));
      }),
      { numRuns: 3000 },
    );
  });

  it("leaves out words that cannot have them", () => {
    const seen: string[] = [];
    const sieve = new TermSieve(["cach", "invalid"]);
    analyser.scan("Caching is valid: the invalidation of all_of_it by caches", (_, chunk) => seen.push(chunk), sieve);
    expect(seen).toEqual(["Caching", "invalidation", "caches"]);
  });

  it("no longer looks for a term that was dropped, until it is reset", () => {
    const sieve = new TermSieve(["cach", "valid"]);
    sieve.drop("cach");
    expect(sieve.refuses("caches", 0, 6)).toBe(true);
    expect(sieve.refuses("isValid", 0, 7)).toBe(false);
    sieve.reset();
    expect(sieve.refuses("caches", 0, 6)).toBe(false);
  });
});

describe("a scan", () => {
  it("ends when it is told to", () => {
    const seen: string[] = [];
    analyser.scan("one two three", (_, chunk) => seen.push(chunk) < 2);
    expect(seen).toEqual(["one", "two"]);
  });
});
