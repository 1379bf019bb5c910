import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MAX_LINE_LENGTH, parseImportLine } from "../../../src/engine/lifecycle/parseImportLine.ts";
import { readLines } from "../../../src/engine/lifecycle/readLines.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "heirloom-lines-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function linesOf(bytes: Uint8Array | string): Promise<string[]> {
  const path = join(folder, "lines");
  await writeFile(path, bytes);
  return collect(createReadStream(path));
}
async function collect(stream: AsyncIterable<Uint8Array | string>): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(stream)) lines.push(line);
  return lines;
}

test.each([
  ["", []],
  ["one", ["one"]],
  ["one\ntwo\n", ["one", "two"]],
  ["one\r\n\r\ntwo\r\n", ["one", "", "two"]],
  ["\ufeffone\n", ["one"]],
  ["x", ["x"]],
])("reads %j", async (text, lines) => {
  expect(await linesOf(text)).toEqual(lines);
});

test("obeys a byte order mark of UTF-16, as PowerShell's redirection writes it", async () => {
  expect(await linesOf(Buffer.from('\ufeff{"a":"ä"}\r\nzwei\r\n', "utf16le"))).toEqual(['{"a":"ä"}', "zwei"]);
});

test("joins characters and lines that were split over chunks anywhere", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: "grapheme" })), fc.integer({ min: 1, max: 7 }), async (texts, size) => {
      const lines = texts.map((text) => text.replace(/[\r\n]/gu, "").replace(/^\ufeff/u, ""));
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      async function* chunks(): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
      }
      expect(await collect(chunks())).toEqual(lines);
    }),
  );
});

test("a line without end is given up, not held, and the next one is read", async () => {
  const child = spawn(process.execPath, [
    "-e",
    'const half = Buffer.alloc(1 << 20, "x"); for (let n = 0; n < 40; n++) require("fs").writeSync(1, half); process.stdout.write("\\nnext\\n")',
  ]);
  const lines = await collect(child.stdout as AsyncIterable<Uint8Array>);
  expect(lines.map((line) => line.length)).toEqual([MAX_LINE_LENGTH + 1, 4]);
  expect(() => parseImportLine(lines[0] ?? "")).toThrow("longer than 4 MB");
});
