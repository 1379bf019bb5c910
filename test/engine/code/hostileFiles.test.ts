import { randomBytes } from "node:crypto";
import { describe, expect, it, test } from "vitest";
import { fileParser } from "../../support/parsedFile.ts";

const parser = await fileParser();
const names = async (path: string, text: string): Promise<readonly string[]> =>
  (await parser.parse({ path, text })).symbols.map(({ name }) => name);

describe("what nobody wrote by hand", () => {
  it("is left without symbols, and says why", async () => {
    const reason = async (path: string, text: string) => (await parser.parse({ path, text })).unparsed?.reason;
    expect(await reason("a.png.js", randomBytes(100_000).toString("latin1"))).toBe("binary");
    expect(await reason("bundle.js", `function f(a){return a}`.repeat(250_000))).toBe("too-large");
    expect(await reason("bundle.js", `function f(a){return a}`.repeat(50_000))).toBe("minified");
    expect(await reason("drawing.dwg", "AC1032")).toBe("unknown-language");
    expect(await reason("README", "no extension")).toBe("unknown-language");
  });

  it("is given up after its time, and the next file is parsed as ever", async () => {
    const hurried = await fileParser({ milliseconds: 5 });
    const text = "export const a = [1, 2, { b: () => a }];\n".repeat(90_000);
    expect(await hurried.parse({ path: "a.ts", text })).toMatchObject({
      symbols: [],
      unparsed: { reason: "too-slow", message: "Parsing it takes more than 5 ms." },
    });
    expect((await parser.parse({ path: "b.ts", text: "export const b = 1;" })).symbols).toHaveLength(1);
  });
});

describe("what is broken", () => {
  const nested = 10_000;
  const broken: Readonly<Record<string, string>> = {
    "many open brackets": "(".repeat(nested),
    "many brackets": `${"[".repeat(nested)}${"]".repeat(nested)}`,
    "many blocks": `${"if (a) {\n".repeat(nested)}${"}\n".repeat(nested)}`,
    "random bytes": randomBytes(50_000).toString("latin1").replaceAll("\0", " "),
    "lone surrogates": "const \uD800 = '\uDFFF';\n".repeat(100),
    "no end of a string": `const a = "${"b".repeat(1_000)}\n`,
    "comments without an end": "/*".repeat(nested),
    "headings of white space": `# ${" ".repeat(nested)}x #\n## ${"[".repeat(nested)}\n${"\n".repeat(2 * nested)}`,
    "quotation marks": `a: ${'"'.repeat(nested)}\nb = ${"'''".repeat(nested)}\n${'"a":'.repeat(nested)}`,
    "a long line among short ones": `${"*".repeat(2 * nested)}/\n${"a = 1\n".repeat(nested)}`,
    nothing: "",
  };
  const extensions = "js ts tsx py go rs java cs c cpp rb php sh dart md json yaml toml".split(" ");
  test.each(extensions)("of .%s is survived", async (extension) => {
    for (const text of Object.values(broken)) {
      const { unparsed, symbols } = await parser.parse({ path: `broken.${extension}`, text });
      expect(unparsed?.reason).not.toBe("failed");
      expect(symbols.length).toBeLessThan(20_000);
    }
  });

  it("hides nothing of what stands before and after it", async () => {
    const text = "export function before() {}\nconst = = ;;; <<<<<<< HEAD\nexport function after() {}\n";
    const { symbols, hasErrors } = await parser.parse({ path: "merge.ts", text });
    expect(hasErrors).toBe(true);
    expect(symbols.map(({ name }) => name)).toEqual(expect.arrayContaining(["before", "after"]));
  });
});

describe("however a text is written down", () => {
  const text = "# Adds.\ndef add(a):\n    return plus(a)\n\n\nclass Sum:\n    pass\n";

  it("lines are counted the same", async () => {
    const plain = await parser.parse({ path: "a.py", text });
    expect(plain.symbols.map(({ leadLine, startLine, endLine, doc }) => [leadLine, startLine, endLine, doc])).toEqual([
      [1, 2, 3, "Adds."],
      [undefined, 6, 7, undefined],
    ]);
    expect(await parser.parse({ path: "a.py", text: text.replaceAll("\n", "\r\n") })).toEqual(plain);
    const marked = await parser.parse({ path: "a.py", text: `\uFEFF${text}` });
    expect(marked.symbols.map(({ name, startLine }) => [name, startLine])).toEqual([
      ["add", 2],
      ["Sum", 6],
    ]);
  });

  it("names of any script are whole", async () => {
    expect(await names("a.ts", "/* 😀😀 */ export const größe = 1, 名前 = '😀', last = 2;")).toEqual([
      "größe",
      "名前",
      "last",
    ]);
  });
});

describe("the language of a file", () => {
  const language = async (path: string, text = "") => (await parser.parse({ path, text })).language;

  it("is told by its name, else by the program that its first line names", async () => {
    expect(await language("src/A.TS")).toBe("typescript");
    expect(await language("SConstruct")).toBe("python");
    expect(await language("bin/tool", "#!/usr/bin/env -S node --no-warnings\n")).toBe("javascript");
    expect(await language("bin/tool", "#!/usr/bin/python3.12\n")).toBe("python");
    expect(await language("list.h", "int length(void);\n")).toBe("c");
    expect(await language("list.h", "#pragma once\nnamespace shop {\n}\n")).toBe("cpp");
    expect(await language("docs/README.md", "# Title")).toBe("markdown");
    expect(await language(".prettierrc", "{}")).toBe("json");
    expect(await language("Cargo.lock", "")).toBe("toml");
    expect(await language("tool.unknown", "#!/usr/bin/python3\n")).toBeUndefined();
    expect(await language(".ts")).toBeUndefined();
  });
});
