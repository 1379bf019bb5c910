import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { PieceCutter } from "../../../bench/model/pieceCutter.ts";
import { readModelFile } from "../../../src/engine/embedding/modelFile.ts";
import { WordPieces } from "../../../src/engine/embedding/wordPieces.ts";

test("what is trained on is cut as what is embedded", () => {
  const { vocabulary, scales } = readModelFile(
    readFileSync(join(import.meta.dirname, "../../../media/model/static.bin")),
  );
  const cutter = new PieceCutter(Buffer.from(vocabulary).toString().split("\n"));
  const shipped = new WordPieces(vocabulary, scales.length);
  const [list, counts] = [new Uint32Array(scales.length), new Float32Array(scales.length)];
  const same = (text: string): void => {
    const pieces = cutter.piecesOf(text);
    const length = shipped.list(text, list, counts);
    const distinct = [...new Set(pieces)];
    expect([...list.subarray(0, length)], text).toEqual(distinct);
    expect([...counts.subarray(0, length)], text).toEqual(
      distinct.map((id) => pieces.filter((piece) => piece === id).length),
    );
  };
  for (const text of ["parseHTTPResponse2xx", "xzqjxzqj_banana", "x".repeat(200), "IOError: a1b22c333", "Zürich 12345"])
    same(text);
  fc.assert(fc.property(fc.string({ maxLength: 80 }), same));
});
