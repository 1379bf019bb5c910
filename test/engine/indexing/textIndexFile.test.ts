import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HeirloomError } from "../../../src/contract/errors.ts";
import { createTextIndex, loadTextIndex } from "../../../src/engine/indexing/textIndex.ts";
import type { TextIndex } from "../../../src/engine/seams.ts";

function filled(rows: number): TextIndex {
  const index = createTextIndex();
  for (let row = 1; row <= rows; row++) {
    index.add(row, {
      title: `Row ${row}`,
      body: `The ${row % 7 === 0 ? "quick" : "slow"} fox, naïve 東京 and item${row % 13}`,
      tags: [],
      anchors: [`src/file${row % 5}.ts`],
      parts: [],
    });
  }
  return index;
}

const QUERIES = ["quick fox", "東京", "item12 naive", "src/file3.ts", "itm", "row 17"];
const answers = (index: TextIndex): unknown => QUERIES.map((query) => index.search(query, { limit: 20 }));

function refusal(bytes: Uint8Array): unknown {
  try {
    loadTextIndex(bytes);
    return undefined;
  } catch (thrown) {
    return thrown instanceof HeirloomError ? thrown.code : thrown;
  }
}

describe("a saved index", () => {
  it("answers as it did before, and goes on as if it had never been saved", () => {
    const index = filled(300);
    const before = answers(index);
    const loaded = loadTextIndex(index.save());
    expect(answers(loaded)).toEqual(before);
    expect(answers(index)).toEqual(before);
    for (const each of [index, loaded]) {
      each.remove(14);
      each.add(400, { title: "", body: "a new quick fox", tags: [], anchors: [], parts: [] });
      each.add(3, { title: "", body: "quick again", tags: [], anchors: [], parts: [] });
    }
    const strip = (of: TextIndex): unknown => QUERIES.map((query) => of.search(query, { limit: 20 }).hits);
    expect(strip(loaded)).toEqual(strip(index));
    expect(answers(loadTextIndex(loaded.save()))).toEqual(answers(loadTextIndex(index.save())));
  });

  it("loads from any place in a larger buffer", () => {
    const saved = filled(20).save();
    const shifted = new Uint8Array(saved.length + 3);
    shifted.set(saved, 3);
    expect(answers(loadTextIndex(shifted.subarray(3)))).toEqual(answers(loadTextIndex(saved)));
  });

  it("stays as it is while the loaded index changes", () => {
    const saved = filled(50).save();
    const copy = saved.slice();
    const loaded = loadTextIndex(saved);
    for (let row = 1; row <= 50; row++)
      loaded.add(row, { title: "x", body: "other words", tags: [], anchors: [], parts: [] });
    loaded.save();
    expect(saved).toEqual(copy);
  });

  it("keeps an empty index", () => {
    expect(loadTextIndex(createTextIndex().save()).stats().documents).toBe(0);
  });

  it("is refused when it is cut off anywhere, or longer than it was", () => {
    const saved = filled(12).save();
    for (let length = 0; length < saved.length; length++) expect(refusal(saved.slice(0, length))).toBe("STORE_CORRUPT");
    expect(refusal(new Uint8Array([...saved, 0, 0, 0, 0]))).toBe("STORE_CORRUPT");
  });

  it("is refused when any byte is another", () => {
    const saved = filled(30).save();
    fc.assert(
      fc.property(fc.nat(saved.length - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const flipped = saved.slice();
        flipped[at] = (flipped[at] ?? 0) ^ difference;
        expect(refusal(flipped)).toBe(at >= 4 && at < 8 ? "UNSUPPORTED_VERSION" : "STORE_CORRUPT");
      }),
      { numRuns: 500 },
    );
  });

  it("is refused when it is something else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(refusal(bytes)).toBe("STORE_CORRUPT");
      }),
    );
  });
});
