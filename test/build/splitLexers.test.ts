import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import fc from "fast-check";
import { Language, type Node, Parser } from "web-tree-sitter";
import { beforeAll, describe, expect, test } from "vitest";
import { splitLexers } from "../../src/build/splitLexers.ts";
import { bodiesOfFunctions, OP, SECTION, sectionsOf, unsigned, VOID } from "../../src/build/wasmModule.ts";
import {
  again,
  answersOf,
  get,
  give,
  leave,
  load,
  LOCAL,
  number,
  out,
  set,
  store,
  switchModule,
  type SwitchParts,
} from "../support/switchModule.ts";

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

const STATES = [0, 1, 3, 49, 50, 51, 60, 98, 99, 100, 5_000];
/** Only case 50 is another one. */
const fifty = (code: readonly number[]) => (index: number) => (index === 50 ? code : undefined);
const inX = (index: number) => [...set(LOCAL.x, number(index)), ...leave(index)];

test.each<[what: string, parts: SwitchParts]>([
  ["as tree-sitter has it", {}],
  ["with a case that goes on in the loop", { caseCode: fifty([...store(0, number(3)), ...again(50)]) }],
  ["with a case that leaves the block around the loop", { caseCode: fifty(out(50)), behind: give(load(4)) }],
  [
    "with a last case that goes on by itself",
    { caseCode: (index) => (index === 99 ? store(4, number(7)) : undefined) },
  ],
  [
    "with a local that is set and read in a case",
    { caseCode: fifty([...set(LOCAL.x, number(9)), ...store(4, get(LOCAL.x)), ...leave(50)]) },
  ],
])("a switch %s is split and answers as before", (_, parts) => {
  const module = switchModule(parts);
  const split = splitLexers(module);
  expect(largestFunction(split)).toBeLessThan(largestFunction(module) / 2);
  expect(answersOf(split, STATES)).toEqual(answersOf(module, STATES));
});

test.each<[what: string, parts: SwitchParts]>([
  ["a case that returns", { caseCode: fifty([...number(42), OP.return, ...leave(50)]) }],
  ["a case that leads into another one", { caseCode: fifty([OP.br, ...unsigned(9)]) }],
  ["a case that goes on in the next one", { caseCode: fifty(store(4, number(1))) }],
  ["a case for all other values", { otherwise: 60 }],
  ["a local that a case sets and is read behind", { caseCode: inX, behind: give(get(LOCAL.x)) }],
  [
    "a local that is set before and in a case, and is read behind",
    { firstInLoop: set(LOCAL.x, number(9)), caseCode: inX, behind: give(get(LOCAL.x)) },
  ],
  [
    "a local that a case sets and the loop's next turn reads",
    {
      firstInLoop: [...store(8, get(LOCAL.x)), OP.loop, VOID, OP.end],
      caseCode: fifty([...set(LOCAL.x, number(33)), ...store(0, number(10)), ...again(50)]),
      behind: give(load(8)),
    },
  ],
  [
    "a local that is read where a case has jumped over its setting",
    {
      caseCode: fifty([...set(LOCAL.y, number(33)), ...out(50)]),
      behind: [OP.end, ...set(LOCAL.y, number(1)), OP.end, OP.end, ...get(LOCAL.y)],
    },
  ],
  [
    "a local that only one way through a case sets",
    {
      caseCode: fifty([
        ...load(0),
        OP.if,
        VOID,
        ...set(LOCAL.x, number(5)),
        OP.else,
        ...store(4, get(LOCAL.x)),
        OP.end,
        ...leave(50),
      ]),
    },
  ],
  ["a stack frame that is set again", { beforeLoop: set(LOCAL.frame, get(LOCAL.frame)) }],
  ["more than a value before the switch", { value: [...number(0), ...load(0)], firstInLoop: [] }],
])("a function with %s is left as it is", (_, parts) => {
  const module = switchModule(parts);
  expect(WebAssembly.validate(Buffer.from(module))).toBe(true);
  expect(splitLexers(module)).toBe(module);
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
  /** Every node with its place, those without a name too: an operator is one. */
  const treeOf = (parser: Parser, text: string): readonly string[] => {
    const tree = parser.parse(text);
    const nodes: string[] = [];
    const visit = (node: Node | undefined): void => {
      if (node === undefined) return;
      nodes.push(`${node.type}@${node.startIndex}-${node.endIndex}`);
      for (const child of node.children) visit(child);
    };
    visit(tree?.rootNode);
    tree?.delete();
    return nodes;
  };

  test("is not as it was published", () => {
    expect(largestFunction(published(name))).toBeGreaterThan(25_000);
  });

  test("reads code as before it was split", () => {
    for (const text of snippets) expect(treeOf(after, text)).toEqual(treeOf(before, text));
  });

  test("reads what is no code as before it was split", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 4 }),
      fc.constantFrom(...snippets.flatMap((text) => text.match(/\s+|\w+|[^\s\w]/gu) ?? [])),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join("");
        expect(treeOf(after, text)).toEqual(treeOf(before, text));
      }),
      { numRuns: 300 },
    );
  });
});
