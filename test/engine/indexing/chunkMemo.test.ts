import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChunkMemo } from "../../../src/engine/indexing/chunkMemo.ts";

describe("a memo of chunks", () => {
  it("gives what was made of the very chunk that is asked for, however full it is", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "é", "字"), minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.nat(), fc.nat()), { maxLength: 200 }), (asked) => {
        const memo = new ChunkMemo<string>(2);
        for (const [whole, a, b] of asked) {
          const start = a % whole.length;
          const end = start + 1 + (b % (whole.length - start));
          const chunk = whole.slice(start, end);
          expect(memo.get(whole, start, end, (unknown) => `made of ${unknown}`)).toMatchObject({
            chunk,
            value: `made of ${chunk}`,
          });
        }
      }),
    );
  });

  it("keeps a chunk that is met again and again while others come and go", () => {
    const memo = new ChunkMemo<number>(1);
    let made = 0;
    for (let round = 0; round < 50; round++) {
      for (let met = 0; met < 2; met++) memo.get("often", 0, 5, () => ++made);
      const rare = `rare${round}`;
      memo.get(rare, 0, rare.length, () => 0);
    }
    expect(made).toBe(1);
  });
});
