import { beforeAll, describe, expect, test } from "vitest";
import { CodeIndex, qualifiedName } from "../../../../src/engine/code/codeIndex.ts";
import { readTrace } from "../../../../src/engine/code/intent/readTrace.ts";
import { frameReason, resolveFrames } from "../../../../src/engine/code/intent/resolveFrames.ts";
import { createTextIndex } from "../../../../src/engine/indexing/textIndex.ts";
import { fileParser } from "../../../support/parsedFile.ts";

const FILES: Readonly<Record<string, string>> = {
  "packages/shop/src/cart.ts": "export class Cart {\n  total(): number {\n    return 1;\n  }\n}\n",
  "packages/bank/src/cart.ts": "export class Purse {\n  sum(): number {\n    return 1;\n  }\n}\n",
  "src/main/java/com/acme/Cart.java": "package com.acme;\n\nclass Cart {\n  int total() {\n    return 1;\n  }\n}\n",
  "shop/cart.py": "def total(prices):\n    return sum(prices)\n",
  "lib/src/cart.dart": "class Cart {\n  int total() => 1;\n}\n",
  "Shop/Cart.cs": "namespace Acme.Shop {\n  class Cart {\n    int Checkout() { return 1; }\n  }\n}\n",
  "node_modules/pad/index.js": "module.exports = pad;\n",
};

let index: CodeIndex;
beforeAll(async () => {
  const parser = await fileParser();
  index = new CodeIndex({ createTextIndex });
  for (const [path, text] of Object.entries(FILES))
    index.add({ path, blob: path, text, parsed: await parser.parse({ path, text }) });
});

const told = (text: string): readonly string[] =>
  resolveFrames(readTrace(text).frames, index).map(
    ({ origin, file, symbol }) =>
      `${origin}${file === undefined ? "" : ` ${file.path}`}${symbol === undefined ? "" : ` ${qualifiedName(symbol)}`}`,
  );

describe("a frame is of the file", () => {
  test.each([
    ["in a container", "    at Cart.total (/usr/src/app/packages/shop/src/cart.ts:3:5)"],
    ["on Windows", String.raw`    at Cart.total (C:\work\packages\shop\src\cart.ts:3:5)`],
    ["of webpack", "    at Cart.total (webpack://shop/./packages/shop/src/cart.ts?1a2b:3:5)"],
    ["of a file url with spaces", "    at file:///home/ada%20l/packages/shop/src/cart.ts:3:5"],
    [
      "of a server, with the time of its change",
      "total@http://localhost:5173/@fs/x/packages/shop/src/cart.ts?t=17:3:5",
    ],
    ["below the folder where it was built", "    at Cart.total (../shop/src/cart.ts:3:5)"],
    ["of which only the name of its method tells which of two it is", "    at Cart.total (/build/src/cart.ts:3:5)"],
  ])("%s", (_name, line) => {
    expect(told(line)).toEqual(["own packages/shop/src/cart.ts Cart.total"]);
  });

  test("of its package, in Java and in Dart", () => {
    expect(told("\tat com.acme.Cart.total(Cart.java:5)")).toEqual(["own src/main/java/com/acme/Cart.java Cart.total"]);
    expect(told("#0      Cart.total (package:shop/src/cart.dart:2:18)")).toEqual(["own lib/src/cart.dart Cart.total"]);
  });

  test("that alone defines such a method, where .NET tells no file", () => {
    expect(told("   at Acme.Shop.Cart.Checkout(Order order)").join()).toMatch(/^own Shop\/Cart\.cs .*Checkout$/u);
    expect(told("   at Acme.Shop.Purse.Checkout(Order order)")).toEqual(["unknown"]);
  });

  test("although the file has changed and has no such line any more", () => {
    expect(told('  File "/app/shop/cart.py", line 900, in total')).toEqual(["own shop/cart.py"]);
  });
});

test("frames of libraries are told apart, and what could be of two files is of none", () => {
  expect(told("    at pad (/app/node_modules/pad/index.js:1:1)")).toEqual(["dependency"]);
  expect(told("    at run (node:internal/modules/run:1:1)")).toEqual(["dependency"]);
  expect(told("\tat java.base/java.util.ArrayList.get(ArrayList.java:1)")).toEqual(["dependency"]);
  expect(told('  File "/usr/lib/python3.12/shop/cart.py", line 1, in total')).toEqual(["dependency"]);
  expect(told("    at /build/src/cart.ts:3:5")).toEqual(["unknown"]);
  expect(told("    at other (/app/src/gone.ts:3:5)")).toEqual(["unknown"]);
});

test("a frame says which one it is and where it leads", () => {
  const text =
    "Error: x\n    at pad (/app/node_modules/pad/index.js:1:1)\n    at a (/app/packages/shop/src/cart.ts:3:5)";
  const [, own] = resolveFrames(readTrace(text).frames, index);
  expect(own === undefined ? "" : frameReason(own)).toBe(
    "frame 2 of the trace: Cart.total at packages/shop/src/cart.ts:3",
  );
});
