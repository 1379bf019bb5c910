import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadStaticModel } from "../../../src/engine/embedding/staticModel.ts";
import { readModelFile, writeModelFile } from "../../../src/engine/embedding/modelFile.ts";

const root = join(import.meta.dirname, "../../..");
const bytes = readFileSync(join(root, "media/model/static.bin"));
const model = loadStaticModel(bytes, readFileSync(join(root, "dist/vectorScan.wasm")));
const likeness = (a: string, b: string): number => {
  const [left, right] = [model.embed(a), model.embed(b)];
  return left.reduce((sum, component, at) => sum + component * (right[at] ?? 0), 0);
};
const length = (vector: Float32Array): number => Math.hypot(...vector);

describe("the built-in model", () => {
  test("gives any text but white space a vector of length 1, and the same one again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        const vector = model.embed(text);
        if (text.trim() === "") expect(length(vector)).toBe(0);
        else expect(length(vector)).toBeCloseTo(1, 5);
        expect(model.embed(text)).toEqual(vector);
      }),
    );
    for (const text of ["!", "+++", "→", "🚀", "日本語", "مرحبا", "Привет", "ß"])
      expect(length(model.embed(text)), text).toBeCloseTo(1, 5);
    for (const text of ["", " \n\t"]) expect(length(model.embed(text))).toBe(0);
  });

  test("knows what means the same in other words, and what does not", () => {
    const question = "how are errors handled?";
    expect(likeness(question, "exceptions are caught and reported")).toBeGreaterThan(
      likeness(question, "the button is painted blue") + 0.1,
    );
    expect(likeness("delete the directory", "remove a folder")).toBeGreaterThan(
      likeness("delete the directory", "open a socket") + 0.1,
    );
  });

  test("knows everyday English, and code by what it does", () => {
    const answers = [
      ["what does she do for fun?", "I love hiking and painting on weekends", "the invoice was sent on Monday"],
      ["is anybody ill?", "my mother has been sick with the flu", "we bought a new car"],
      [
        "how to flatten a nested list in python",
        "def flatten(items):\n  for x in items: yield from x",
        "def connect(host): socket.open(host)",
      ],
    ] as const;
    for (const [question, answer, other] of answers)
      expect(likeness(question, answer), question).toBeGreaterThan(likeness(question, other) + 0.1);
  });

  test("reads identifiers by their words, however they are written", () => {
    const words = model.embed("parse http response");
    for (const written of ["parseHttpResponse", "parse_http_response", "PARSE-HTTP-RESPONSE", "ParseHTTPResponse"])
      expect(model.embed(written), written).toEqual(words);
  });

  test("does without diacritics, and tells words of other scripts apart", () => {
    expect(likeness("Zürich café", "Zurich cafe")).toBeCloseTo(1);
    expect(likeness("メモリを保存する", "メモリ")).toBeGreaterThan(0.4);
    expect(likeness("メモリを保存する", "天気がいい")).toBeLessThan(0.3);
    expect(likeness("Сохранить память", "сохранить ПАМЯТЬ")).toBeCloseTo(1);
  });

  test("takes a text of a megabyte, and a word of a megabyte", () => {
    expect(length(model.embed("remember this ".repeat(75_000)))).toBeCloseTo(1, 5);
    expect(length(model.embed("x".repeat(1_000_000)))).toBeCloseTo(1, 5);
    expect(length(model.embed("あ".repeat(300_000)))).toBeCloseTo(1, 5);
  });
});

describe("how texts become vectors", () => {
  const { vocabulary, scales, nibbles, dimensions } = readModelFile(bytes);
  const ids = new Map(
    Buffer.from(vocabulary)
      .toString()
      .split("\n")
      .map((piece, id) => [piece, id]),
  );
  const piecesOf = (word: string): readonly number[] => {
    const pieces: number[] = [];
    for (let at = 0; at < word.length;) {
      let end = word.length;
      while (end > at && !ids.has(`${at === 0 ? "" : "##"}${word.slice(at, end)}`)) end--;
      pieces.push(ids.get(`${at === 0 ? "" : "##"}${word.slice(at, end)}`) ?? 0);
      at = end;
    }
    return pieces;
  };
  /** As the model's card says it, for ASCII that holds a word. */
  const plainly = (text: string): readonly number[] => {
    const counts = new Map<number, number>();
    for (const [word] of text.matchAll(/[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]{1,4}/gu))
      for (const id of piecesOf(word.slice(0, 63).toLowerCase())) counts.set(id, (counts.get(id) ?? 0) + 1);
    const sums = Array.from({ length: dimensions }, () => 0);
    for (const [id, count] of counts)
      for (let at = 0; at < dimensions; at++) {
        const pair = nibbles[(id * dimensions + at) >> 1] ?? 0;
        const component = ((at & 1) === 0 ? pair & 15 : pair >> 4) - 8;
        sums[at] = (sums[at] ?? 0) + (scales[id] ?? 0) * (1 + Math.log(count)) * component;
      }
    const square = Math.hypot(...sums);
    return sums.map((sum) => sum / square);
  };

  test("is what the model's card says, whatever the text holds", () => {
    const word = fc.oneof(
      fc.constantFrom("getUserName", "HTTPServer2", "x86_64", "antidisestablishmentarianism", "ZZZZa", "2026-11-28"),
      fc.stringMatching(/^[a-zA-Z0-9._:(){}-]{1,90}$/u),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 60 }), (words) => {
        const text = `the ${words.join(" ")}`;
        const vector = model.embed(text);
        for (const [at, component] of plainly(text).entries()) expect(vector[at]).toBeCloseTo(component, 5);
      }),
      { numRuns: 200 },
    );
  });

  test("is the same, bit for bit, where there is no WebAssembly", () => {
    const plain = loadStaticModel(bytes);
    for (const text of [
      "how are errors handled?",
      "naïve 日本語 text",
      "!",
      readFileSync(join(root, "README.md"), "utf8"),
    ])
      expect(plain.embed(text)).toEqual(model.embed(text));
  });
});

describe("the file of a model", () => {
  test("takes at most 5 MB of the package", () => {
    expect(bytes.length).toBeLessThanOrEqual(5_000_000);
  });

  test("is read as it was written", () => {
    const written = {
      id: "tiny-é",
      dimensions: 4,
      vocabulary: Uint8Array.from(Buffer.from("a\n##b\nword")),
      scales: Float32Array.of(0.5, 1, 2),
      nibbles: Uint8Array.of(0x19, 0x07, 0xff, 0x80, 0x12, 0x34),
      rowLength: 1.5,
    };
    expect(readModelFile(writeModelFile(written))).toEqual(written);
  });

  test("is refused with what to do when it is cut off, is none, or is of another version", () => {
    const refusal = (given: Uint8Array): unknown => {
      try {
        return readModelFile(given);
      } catch (error) {
        return error;
      }
    };
    const newer = Uint8Array.from(bytes);
    newer[4] = 9;
    for (const given of [bytes.subarray(0, 10), bytes.subarray(0, bytes.length - 1), new Uint8Array(64), newer])
      expect(refusal(given)).toMatchObject({
        code: "EMBEDDING_FAILED",
        message: expect.stringContaining("Install Heirloom again") as string,
      });
  });
});
