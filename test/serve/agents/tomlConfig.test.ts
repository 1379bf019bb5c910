import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { tomlConfig } from "../../../src/serve/agents/tomlConfig.ts";

const PATH = ["mcp_servers", "heirloom"];
const ENTRY = { command: "/data folder/bin/heirloom", args: ["mcp"] };
const file = "/home/ada/.codex/config.toml";
const set = (text: string): string => tomlConfig.set({ file, text }, PATH, ENTRY);
const remove = (text: string): string => tomlConfig.remove({ file, text }, PATH, () => false);

const FILES: readonly (readonly [string, string])[] = [
  ["settings only", 'model = "gpt-6" # the good one\napproval_policy = "never"\n'],
  [
    "other servers",
    '# mine\n[mcp_servers.git]\ncommand = "uvx"\nargs = [\n  "a", # first\n  "[mcp_servers.fake]",\n]\n',
  ],
  ["CRLF", 'model = "x"\r\n\r\n[mcp_servers.git]\r\ncommand = "uvx"\r\n'],
  ["a byte order mark", '\ufeffmodel = "x"\n'],
  ["a long string that looks like a header", 'note = """\n[mcp_servers.heirloom]\n"""\n[tools]\nweb = true\n'],
  ["dates and large numbers", "day = 2026-01-01T00:00:00Z\nlarge = 9007199254740993\n[mcp_servers]\n"],
  ["arrays of tables", '[[profiles]]\nname = "a"\n[[profiles]]\nname = "b"\n'],
];

describe("an entry is added", () => {
  test.each(FILES)("to a file with %s, as a table at its end", (_name, text) => {
    const after = set(text);
    expect(after.startsWith(text)).toBe(true);
    expect(tomlConfig.get({ file, text: after }, PATH)).toEqual(ENTRY);
    if (text.includes("\r\n")) expect(after.replaceAll("\r\n", "")).not.toContain("\n");
  });

  test.each(FILES)("to a file with %s, and taken out again without a trace", (_name, text) => {
    expect(remove(set(text))).toBe(text);
  });

  test("to an empty file, and to one without a last line end", () => {
    expect(set("")).toBe('[mcp_servers.heirloom]\ncommand = "/data folder/bin/heirloom"\nargs = [ "mcp" ]\n');
    expect(set("a = 1")).toMatch(/^a = 1\n\n\[mcp_servers\.heirloom\]\n/u);
  });
});

const STANDING = [
  "# head",
  "[mcp_servers.heirloom] # ours",
  'command = "old" # remark',
  "args = [",
  '  "mcp",',
  "]",
  "",
  "[mcp_servers.heirloom.env]",
  'A = "1"',
  "",
  "# of the next",
  '[mcp_servers."other"]',
  'command = "x"',
  "",
].join("\n");

test("an entry that is there is replaced in its place, with the tables inside it", () => {
  const after = set(STANDING);
  expect(parse(after)).toEqual({ mcp_servers: { heirloom: ENTRY, other: { command: "x" } } });
  expect(after.indexOf("heirloom")).toBeLessThan(after.indexOf("# of the next"));
});

test("an entry in the middle is taken out, and the comment of the next one stays", () => {
  expect(remove(STANDING)).toBe('# head\n\n# of the next\n[mcp_servers."other"]\ncommand = "x"\n');
});

test.each([
  ["is broken", "a = \n", /is no TOML \(.* at line 1, column \d+\)/u],
  ["has the servers inline", 'mcp_servers = { git = { command = "x" } }\n', /holds mcp_servers in another form/u],
  [
    "has the entry inline",
    '[mcp_servers]\nheirloom = { command = "x" }\n',
    /holds mcp_servers\.heirloom in another form/u,
  ],
  ["has another thing there", 'mcp_servers = "none"\n', /has no table under "mcp_servers"/u],
])("a file that %s is refused by name", (_what, text, message) => {
  expect(() => set(text)).toThrow(message);
  expect(() => set(text)).toThrow(file);
});
