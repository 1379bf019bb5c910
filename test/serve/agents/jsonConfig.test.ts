import fc from "fast-check";
import { parse } from "jsonc-parser";
import { describe, expect, test } from "vitest";
import { jsonConfig } from "../../../src/serve/agents/jsonConfig.ts";

const PATH = ["mcpServers", "heirloom"];
const ENTRY = { command: "/data/bin/heirloom", args: ["mcp"] };
const file = "/home/ada/.agent.json";
const set = (text: string): string => jsonConfig.set({ file, text }, PATH, ENTRY);
const remove = (text: string, kept: number): string =>
  jsonConfig.remove({ file, text }, PATH, (parent) => parent.length <= kept);

/** Files as people and agents write them, with how much of the path is there. */
const FILES: readonly (readonly [string, string, number])[] = [
  ["an empty object", "{}", 0],
  ["an empty object over two lines", "{\n}\n", 0],
  ["two spaces", '{\n  "numStartups": 3,\n  "mcpServers": {\n    "git": {\n      "command": "uvx"\n    }\n  }\n}\n', 1],
  ["tabs", '{\n\t"theme": "dark",\n\t"mcpServers": {\n\t\t"git": { "command": "uvx" }\n\t}\n}', 1],
  ["four spaces, no servers yet", '{\n    "theme": "dark"\n}\n', 0],
  ["no servers in it", '{\n  "mcpServers": {},\n  "theme": "dark"\n}\n', 1],
  ["CRLF", '{\r\n  "mcpServers": {\r\n    "git": {\r\n      "command": "uvx"\r\n    }\r\n  }\r\n}\r\n', 1],
  ["a byte order mark", '\ufeff{\n  "theme": "dark"\n}\n', 0],
  ["one line", '{"theme":"dark","mcpServers":{"git":{"command":"uvx"}}}', 1],
  ["one line with spaces", '{ "mcpServers": { "git": { "command": "uvx" } } }\n', 1],
  ["one line inside of several", '{\n  "a": 1,\n  "mcpServers": { "git": { "command": "uvx" } }\n}\n', 1],
  ["trailing commas", '{\n  "theme": "dark",\n  "mcpServers": {\n    "git": { "command": "uvx", },\n  },\n}\n', 1],
  [
    "comments everywhere",
    '// mine\n{\n  // theme\n  "theme": "dark", // night, "x"\n  /* servers */\n  "mcpServers": {\n    // git\n    "git": { "command": "uvx" } // last one, the best\n    // "old": {}\n  }\n}\n// end\n',
    1,
  ],
  ["a remark behind the comma", '{\n  "mcpServers": {\n    "git": {}, /* keep */ // this\n  }\n}\n', 1],
  ["only a comment in it", "{\n  // nothing yet\n}\n", 0],
];

describe("an entry is added", () => {
  test.each(FILES)("to a file with %s, and everything else stays", (_name, text) => {
    const after = set(text);
    expect(jsonConfig.get({ file, text: after }, PATH)).toEqual(ENTRY);
    const strip = (one: string): string => one.replace(/^\ufeff/u, "");
    const before = parse(strip(text), [], { allowTrailingComma: true }) as { mcpServers?: object };
    expect(parse(strip(after), [], { allowTrailingComma: true })).toEqual({
      ...before,
      mcpServers: { ...before.mcpServers, heirloom: ENTRY },
    });
    for (const comment of text.match(/\/\/[^\n"]*$|\/\*.*?\*\//gmu) ?? []) expect(after).toContain(comment.trim());
    expect(after.startsWith("\ufeff")).toBe(text.startsWith("\ufeff"));
    if (text.includes("\r\n")) expect(after.replaceAll("\r\n", "")).not.toContain("\n");
  });

  test.each(FILES)("to a file with %s, and taken out again without a trace", (_name, text, kept) => {
    const undone = remove(set(text), kept);
    // An object that stood over two lines with nothing in it may come back on one.
    expect(undone.replace("{}", "{\n}")).toBe(text.replace("{}", "{\n}"));
  });

  test("to an empty file", () => {
    expect(set(" \n")).toBe(`${JSON.stringify({ mcpServers: { heirloom: ENTRY } }, undefined, 2)}\n`);
  });

  test("indented as its neighbours are, behind the remark on the last of them", () => {
    expect(set('{\n\t"mcpServers": {\n\t\t"git": {} // good\n\t}\n}\n')).toBe(
      '{\n\t"mcpServers": {\n\t\t"git": {}, // good\n\t\t"heirloom": {\n\t\t\t"command": "/data/bin/heirloom",\n\t\t\t"args": [\n\t\t\t\t"mcp"\n\t\t\t]\n\t\t}\n\t}\n}\n',
    );
  });
});

test("an entry that is there is replaced in its place", () => {
  const text = '{\n  "mcpServers": {\n    "heirloom": { "command": "old" }, // here\n    "git": {}\n  }\n}\n';
  const after = set(text);
  expect(jsonConfig.get({ file, text: after }, PATH)).toEqual(ENTRY);
  expect(after).toContain('}, // here\n    "git": {}\n');
});

test("an entry in the middle is taken out with its lines", () => {
  const text =
    '{\n  "mcpServers": {\n    "a": 1,\n    "heirloom": {\n      "command": "x"\n    }, // ours\n    "b": 2\n  }\n}\n';
  expect(remove(text, 1)).toBe('{\n  "mcpServers": {\n    "a": 1,\n    "b": 2\n  }\n}\n');
});

test.each([
  ["no JSON", '{ "a": ', /is no JSON \(.* at line 1, column \d+\)/u],
  ["no object", "[1]", /holds no JSON object/u],
  ["another thing under the key", '{"mcpServers": []}', /has no object under "mcpServers"/u],
  ["the key twice", '{"mcpServers": {}, "mcpServers": {}}', /has "mcpServers" twice/u],
])("a file with %s is refused by name", (_what, text, message) => {
  expect(() => set(text)).toThrow(message);
  expect(() => set(text)).toThrow(file);
  expect(() => set(text)).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }) as Error);
});

test("any object comes out of adding and removing as it went in, to the byte", () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  const object = fc.dictionary(fc.string(), json, { minKeys: 1, maxKeys: 4 });
  const layout = fc.constantFrom(undefined, 1, 2, 4, "\t");
  const lineEnd = fc.constantFrom("\n", "\r\n");
  fc.assert(
    fc.property(object, fc.option(object), layout, lineEnd, (others, servers, indentation, end) => {
      const { mcpServers: _one, ...rest } = others;
      const { heirloom: _other, ...more } = servers ?? {};
      const value = { ...rest, ...(servers === null ? {} : { mcpServers: more }) };
      const text = JSON.stringify(value, undefined, indentation).replaceAll("\n", end);
      const after = set(text);
      const wanted = JSON.stringify({ ...value, mcpServers: { ...more, heirloom: ENTRY } });
      expect(JSON.parse(after)).toEqual(JSON.parse(wanted));
      expect(remove(after, servers === null ? 0 : 1)).toBe(text);
    }),
    { numRuns: 500 },
  );
});
