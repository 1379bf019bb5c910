import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadStaticModel } from "../../../src/engine/embedding/staticModel.ts";
import { readModelFile, writeModelFile } from "../../../src/engine/embedding/modelFile.ts";

const bytes = readFileSync(join(import.meta.dirname, "../../../media/model/static.bin"));
const model = loadStaticModel(bytes);
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

describe("the file of a model", () => {
  test("is read as it was written", () => {
    const written = {
      id: "tiny-é",
      dimensions: 4,
      vocabulary: ["a", "##b", "word"],
      scales: Float32Array.of(0.5, 1, 2),
      components: Int8Array.of(1, -8, 7, 0, 3, 3, 3, 3, -1, -2, -3, -4),
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
