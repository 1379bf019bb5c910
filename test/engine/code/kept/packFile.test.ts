import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { CodeSymbol, ParsedFile } from "../../../../src/contract/code.ts";
import { chunkCode } from "../../../../src/engine/code/chunkCode.ts";
import { NameTable } from "../../../../src/engine/code/kept/nameTable.ts";
import {
  callsOfRecord,
  chunksOfRecord,
  importsOfRecord,
  namesOfRecord,
  packFile,
  symbolsOfRecord,
  unpackFile,
} from "../../../../src/engine/code/kept/packFile.ts";
import { RecordBlocks } from "../../../../src/engine/code/kept/recordBlocks.ts";
import { emptyFile } from "../../../../src/engine/code/parse/emptyFile.ts";
import type { FileParser } from "../../../../src/engine/code/parse/parseFile.ts";
import { qualifiedName } from "../../../../src/engine/code/qualifiedName.ts";
import { fileParser } from "../../../support/parsedFile.ts";

const snippets = join(import.meta.dirname, "../languages");
const sources = join(import.meta.dirname, "../../../../src");
const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && !path.endsWith(".snap"));

let parser: FileParser;
beforeAll(async () => {
  parser = await fileParser();
});

function chunksOf(parsed: ParsedFile, text: string) {
  const boundaries = parsed.symbols.map((symbol) => ({
    ...{ name: qualifiedName(symbol), startLine: symbol.leadLine ?? symbol.startLine, endLine: symbol.endLine },
  }));
  return chunkCode(text.split("\n").length, boundaries);
}

/** As it is compared: what describes a symbol is read when it is asked for. */
function unpacked(...args: Parameters<typeof unpackFile>) {
  const { parsed, chunks } = unpackFile(...args);
  return { parsed: { ...parsed, symbols: parsed.symbols.map(described) }, chunks };
}
const described = (symbol: CodeSymbol): CodeSymbol => ({
  ...symbol,
  ...{ signature: symbol.signature, ...(symbol.doc === undefined ? {} : { doc: symbol.doc }) },
});

describe("a record", () => {
  test.each(readdirSync(snippets))("holds everything that was parsed of %s", async (language) => {
    const names = new NameTable();
    for (const path of filesIn(join(snippets, language))) {
      const text = readFileSync(path, "utf8");
      const parsed = await parser.parse({ path, text });
      const chunks = chunksOf(parsed, text);
      const record = packFile({ parsed, chunks }, names);
      expect(unpacked(path, record, names)).toEqual({ parsed, chunks });
      expect(importsOfRecord(record, names)).toEqual(parsed.imports);
      expect(symbolsOfRecord(record, names).map(described)).toEqual(parsed.symbols);
      const places = [...chunks.keys(), 0, -1, chunks.length].reverse();
      expect(chunksOfRecord(record, names, places)).toEqual(places.map((at) => chunks[at]));
      expect(chunks.map((_, at) => chunksOfRecord(record, names, [at])[0])).toEqual(chunks);
      expect(callsOfRecord(record, names, "kept")).toEqual(parsed.calls.filter(({ into }) => into !== undefined));
    }
  });

  test("of a file that could not be parsed gives each of its chunks", () => {
    const names = new NameTable();
    const unparsed = { reason: "too-large", message: "it has 3 MB" } as const;
    const parsed = { ...emptyFile("a.ts"), language: "typescript", hasErrors: true, unparsed };
    const chunks = chunkCode(200, []);
    const record = packFile({ parsed, chunks }, names);
    expect(unpacked("a.ts", record, names)).toEqual({ parsed, chunks });
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunksOfRecord(record, names, [...chunks.keys()])).toEqual(chunks);
  });

  test("and the names beside it take less than half of what JSON takes", async () => {
    const names = new NameTable();
    let [packed, json] = [0, 0];
    for (const path of filesIn(sources).filter((name) => name.endsWith(".ts"))) {
      const text = readFileSync(path, "utf8");
      const parsed = await parser.parse({ path, text });
      packed += packFile({ parsed, chunks: chunksOf(parsed, text) }, names).length;
      json += JSON.stringify(parsed).length;
    }
    expect(packed + names.bytes).toBeLessThan(json / 2);
  });

  test("has what describes its symbols in less than half of its length", async () => {
    const declared =
      "/** Tells how many of the orders are open. */\nexport function openOrders(orders: readonly Order[], day: number): number {}\n";
    const text = Array.from({ length: 50 }, (_, at) => declared.replaceAll("Order", `Order${at}`)).join("");
    const parsed = await parser.parse({ path: "orders.ts", text });
    const described = parsed.symbols.reduce((sum, { signature, doc = "" }) => sum + signature.length + doc.length, 0);
    expect(described).toBeGreaterThan(4_000);
    expect(packFile({ parsed, chunks: [] }, new NameTable()).length).toBeLessThan(described / 2);
  });

  test("stands beside others in one block of memory, and long ones alone", async () => {
    const [names, blocks] = [new NameTable(), new RecordBlocks()];
    const texts = Array.from({ length: 60 }, (_, at) =>
      "function named() {}\n".replace("named", `named${at}`).repeat(at),
    );
    const files = await Promise.all(
      texts.map(async (text, at) => ({ parsed: await parser.parse({ path: `${at}.ts`, text }), chunks: [] })),
    );
    const records = files.map((file) => packFile(file, names, blocks));
    for (const [at, record] of records.entries()) expect(unpacked(`${at}.ts`, record, names)).toEqual(files[at]);
    expect(new Set(records.map(({ buffer }) => buffer)).size).toBe(1);
    expect(blocks.take(1_000_000).buffer.byteLength).toBe(1_000_000);
  });

  test("names what it defines, each once", async () => {
    const names = new NameTable();
    const text = "class A { run() { stop(); stop(); } }\nfunction stop() {}\n";
    const record = packFile({ parsed: await parser.parse({ path: "a.ts", text }), chunks: [] }, names);
    const { defined, all } = namesOfRecord(record);
    expect(defined.map((name) => names.nameOf(name))).toEqual(["A", "run", "stop"]);
    expect(all).toEqual(defined);
  });

  test("that ends too early is refused", async () => {
    const names = new NameTable();
    const parsed = await parser.parse({ path: "a.ts", text: "export class Café { run(): void {} }\n" });
    const record = packFile({ parsed, chunks: [] }, names);
    for (let length = 0; length < record.length; length++)
      expect(() => unpackFile("a.ts", record.slice(0, length), names)).toThrow(RangeError);
  });
});

describe("a table of names", () => {
  test("gives each name one number, and finds it again when it was saved", () => {
    const table = new NameTable();
    const words = Array.from({ length: 5_000 }, (_, at) => `name${at % 2_500}é`);
    const numbers = words.map((word) => table.intern(word));
    expect(new Set(numbers).size).toBe(2_500);
    for (const number of numbers) table.hold(number);
    const loaded = NameTable.load(table.save());
    expect(words.map((word) => loaded.find(word))).toEqual(numbers);
    expect(loaded.nameOf(loaded.intern("another"))).toBe("another");
    expect(loaded.find("missing")).toBeUndefined();
  });

  test("gives any name back as it was", () => {
    const table = new NameTable();
    const numbers = new Map<string, number>();
    const name = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });
    fc.assert(
      fc.property(name, (written) => {
        const number = table.intern(written);
        expect(table.nameOf(number)).toBe(written);
        expect(numbers.get(written) ?? number).toBe(number);
        numbers.set(written, number);
      }),
    );
    for (const [written, number] of numbers) expect(table.find(written)).toBe(number);
    expect(new Set(numbers.values()).size).toBe(numbers.size);
  });

  test("does not save what no file holds any more", () => {
    const table = new NameTable();
    const [kept, gone] = [table.intern("kept"), table.intern("gone")];
    for (const number of [kept, gone]) table.hold(number);
    table.release(gone);
    const saved = table.save();
    expect(Buffer.from(saved).includes("gone")).toBe(false);
    const loaded = NameTable.load(saved);
    expect(loaded.find("gone")).toBeUndefined();
    expect(loaded.find("kept")).toBe(kept);
    expect(loaded.nameOf(loaded.intern("gone"))).toBe("gone");
  });
});
