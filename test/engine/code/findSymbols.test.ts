import { describe, expect, it } from "vitest";
import type { CodeSymbol } from "../../../src/contract/code.ts";
import { CodeIndex } from "../../../src/engine/code/codeIndex.ts";
import { findSymbols } from "../../../src/engine/code/findSymbols.ts";
import { createTextIndex } from "../../../src/engine/indexing/textIndex.ts";

const symbol = (name: string, more: Partial<CodeSymbol> = {}): CodeSymbol => ({
  ...{ kind: "function", name, signature: `function ${name}()`, startLine: 1, endLine: 1 },
  ...more,
});

function indexOf(files: Readonly<Record<string, readonly CodeSymbol[]>>): CodeIndex {
  const index = new CodeIndex({ createTextIndex });
  for (const [path, symbols] of Object.entries(files)) {
    const nothing = { imports: [], calls: [], inherits: [], routes: [], configKeys: [], hasErrors: false };
    index.add({ path, blob: path, text: "text\n", parsed: { path, symbols, ...nothing } });
  }
  return index;
}

const names = (index: CodeIndex, text: string, limit = 10): readonly string[] =>
  findSymbols(index, { text, limit }).symbols.map(({ symbol: { name } }) => name);

describe("symbols that a typed text means", () => {
  it("are those of that name, then those that begin with it, have a word of it, and hold it", () => {
    const index = indexOf({
      "a.ts": [symbol("unread"), symbol("fileReader"), symbol("readFile"), symbol("READ"), symbol("HTTPReader")],
      "b.ts": [symbol("write")],
    });
    expect(names(index, "read")).toEqual(["READ", "readFile", "HTTPReader", "fileReader", "unread"]);
  });

  it("come as code before headings and fields of the same rank, and by path and line", () => {
    const index = indexOf({
      "README.md": [symbol("Close", { kind: "heading" })],
      "b.ts": [symbol("close", { startLine: 9 }), symbol("close", { startLine: 2, kind: "field" })],
      "a.ts": [symbol("close")],
    });
    const found = findSymbols(index, { text: "close", limit: 10 }).symbols;
    expect(found.map(({ file, symbol: { kind } }) => `${file.path} ${kind}`)).toEqual([
      "a.ts function",
      "b.ts function",
      "README.md heading",
      "b.ts field",
    ]);
  });

  it("are narrowed by what they stand in", () => {
    const index = indexOf({
      "a.ts": [symbol("close", { container: "Server.Connection" }), symbol("close", { container: "File" })],
    });
    const containers = (text: string): readonly (string | undefined)[] =>
      findSymbols(index, { text, limit: 10 }).symbols.map(({ symbol: { container } }) => container);
    expect(containers("connection.close")).toEqual(["Server.Connection"]);
    expect(containers("File::clo")).toEqual(["File"]);
    expect(containers("Socket.close")).toEqual([]);
  });

  it("may have a sentence for a name, dots in it too", () => {
    const index = indexOf({ "a.test.ts": [symbol("reads a file. Twice", { kind: "test" })] });
    expect(names(index, "a file. tw")).toEqual(["reads a file. Twice"]);
  });

  it("are none where nothing is typed, and at most so many, saying that there are more", () => {
    const index = indexOf({ "a.ts": Array.from({ length: 30 }, (_, at) => symbol(`part${at}`)) });
    expect(findSymbols(index, { text: " ", limit: 5 })).toEqual({ symbols: [], more: false });
    const { symbols, more } = findSymbols(index, { text: "part", limit: 5 });
    expect(symbols).toHaveLength(5);
    expect(more).toBe(true);
  });
});
