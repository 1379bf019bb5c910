import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import fc from "fast-check";
import { Language, Parser } from "web-tree-sitter";
import { beforeAll, describe, expect, test } from "vitest";
import { splitLexers } from "../../build/splitLexers.ts";
import { bodiesOfFunctions, SECTION, sectionsOf } from "../../build/wasmModule.ts";

const ROOT = join(import.meta.dirname, "../..");
const LANGUAGES = join(ROOT, "dist/languages");
const SNIPPETS = join(ROOT, "test/engine/code/languages");
/** Those of which tree-sitter's lexer was compiled without optimisation. */
const SPLIT = ["bash", "c", "cpp", "csharp", "ruby"];

const shipped = (language: string): Uint8Array =>
  brotliDecompressSync(readFileSync(join(LANGUAGES, language, "grammar.wasm.br")));
function published(language: string): Uint8Array {
  const { grammar } = JSON.parse(readFileSync(join(LANGUAGES, language, "language.json"), "utf8")) as {
    readonly grammar: string;
  };
  return readFileSync(join(ROOT, "node_modules", grammar));
}
const largestFunction = (wasm: Uint8Array): number =>
  Math.max(
    ...sectionsOf(wasm).flatMap(({ id, body }) =>
      id === SECTION.code ? bodiesOfFunctions(body).map(({ length }) => length) : [],
    ),
  );

test.each(readdirSync(LANGUAGES))(
  "V8 is not given a function of the grammar of %s that takes it hundreds of MB",
  (name) => {
    expect(largestFunction(shipped(name))).toBeLessThan(25_000);
  },
);

test.each(readdirSync(LANGUAGES).filter((name) => !SPLIT.includes(name)))(
  "the grammar of %s is as it was published",
  (name) => {
    expect(Buffer.compare(shipped(name), published(name))).toBe(0);
  },
);

test("what is no grammar is left as it is", () => {
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  expect(splitLexers(empty)).toBe(empty);
  const runtime = readFileSync(join(ROOT, "dist/web-tree-sitter.wasm"));
  expect(splitLexers(runtime)).toBe(runtime);
});

describe.each(SPLIT)("the grammar of %s", (name) => {
  const snippets = readdirSync(join(SNIPPETS, name))
    .filter((file) => !file.includes(".golden."))
    .map((file) => readFileSync(join(SNIPPETS, name, file), "utf8"));
  let before: Parser;
  let after: Parser;
  beforeAll(async () => {
    await Parser.init({ locateFile: () => join(ROOT, "dist/web-tree-sitter.wasm") });
    [before, after] = [new Parser(), new Parser()];
    before.setLanguage(await Language.load(published(name)));
    after.setLanguage(await Language.load(shipped(name)));
  });
  const treeOf = (parser: Parser, text: string): string | undefined => {
    const tree = parser.parse(text);
    const written = tree?.rootNode.toString();
    tree?.delete();
    return written;
  };

  test("is not as it was published", () => {
    expect(largestFunction(published(name))).toBeGreaterThan(25_000);
  });

  test("reads code as before it was split", () => {
    for (const text of snippets) expect(treeOf(after, text)).toBe(treeOf(before, text));
  });

  test("reads what is no code as before it was split", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 4 }),
      fc.constantFrom(...snippets.flatMap((text) => text.match(/\s+|\w+|[^\s\w]/gu) ?? [])),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join("");
        expect(treeOf(after, text)).toBe(treeOf(before, text));
      }),
      { numRuns: 300 },
    );
  });
});
