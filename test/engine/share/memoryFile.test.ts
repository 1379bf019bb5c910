import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KINDS } from "../../../src/contract/kinds.ts";
import { RELATIONS } from "../../../src/contract/memory.ts";
import { SHARED_FOLDER, SHARED_SCOPES } from "../../../src/contract/share.ts";
import { normaliseContent, normaliseLine } from "../../../src/engine/admit/normalise.ts";
import {
  endOfName,
  readMemoryFile,
  sharedHash,
  type SharedMemory,
  sharedPath,
  writeMemoryFile,
} from "../../../src/engine/share/memoryFile.ts";

const rule: SharedMemory = {
  id: "0a1b2c3d4e5f6g",
  kind: "rule",
  scope: "repo",
  title: "Tests run on real files",
  tags: ["testing", "a: tag"],
  anchors: [{ path: "src/a b.ts", symbol: "parse", startLine: 3, endLine: 9 }],
  content: "Fakes hide what breaks.\nThey stand only for time.\n\n---\nEnd",
  relations: [
    { is: "supersedes", id: "0a1b2c3d4e5f6f" },
    { is: "contradicts", id: "0a1b2c3d4e5f6h" },
  ],
  date: Date.parse("2026-03-04T05:06:07.008Z"),
  author: "Ada Lovelace",
  commit: "a".repeat(40),
};
const TEXT = `---
anchors:
  - { "path": "src/a b.ts", "symbol": "parse", "startLine": 3, "endLine": 9 }
author: Ada Lovelace
commit: ${"a".repeat(40)}
date: "2026-03-04T05:06:07.008Z"
id: "0a1b2c3d4e5f6g"
kind: rule
relations:
  - { "is": "supersedes", "id": "0a1b2c3d4e5f6f" }
  - { "is": "contradicts", "id": "0a1b2c3d4e5f6h" }
scope: repo
tags:
  - testing
  - "a: tag"
title: Tests run on real files
version: 1
---

Fakes hide what breaks.
They stand only for time.

---
End
`;

const hostile = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.constantFrom(
    "---",
    "title: x",
    "<<<<<<< HEAD",
    "\\<<<<<<<",
    "=======",
    ">>>>>>> theirs",
    "  - item",
    "# Heading",
    '"',
    "'",
    "{}",
    "null",
    "yes",
    "1",
    "-1",
    "1e3",
    "a: b",
    "a #b",
    "&x *y",
    "<!-- heirloom:end -->",
    "con",
    "../../etc",
    "CON.md",
    "\u2028",
  ),
);
const line = hostile.map(normaliseLine).filter((text) => text !== "");
const memories: fc.Arbitrary<SharedMemory> = fc
  .record(
    {
      id: fc.stringMatching(/^[\w.:@-]{1,128}$/u),
      kind: fc.constantFrom(...KINDS),
      scope: fc.constantFrom(...SHARED_SCOPES),
      title: line,
      tags: fc.uniqueArray(line, { maxLength: 4 }),
      anchors: fc.array(
        fc.oneof(
          fc.record({ path: line, symbol: line }),
          fc.record({ path: line, startLine: fc.integer({ min: 1, max: 9 }) }),
        ),
        { maxLength: 3 },
      ),
      content: fc
        .array(hostile, { minLength: 1, maxLength: 8 })
        .map((lines) => normaliseContent(lines.join("\n")))
        .filter((text) => text !== ""),
      relations: fc
        .uniqueArray(fc.record({ is: fc.constantFrom(...RELATIONS), id: fc.stringMatching(/^[\w.:@-]{1,128}$/u) }), {
          maxLength: 3,
          selector: ({ id }) => id,
        })
        .map((relations) => relations.sort((a, b) => (a.id < b.id ? -1 : 1))),
      date: fc.integer({ min: 0, max: 4_000_000_000_000 }),
      author: line,
    },
    { requiredKeys: ["id", "kind", "scope", "tags", "anchors", "content", "relations"] },
  )
  .map((memory) => memory);

describe("the file of a shared memory", () => {
  test("has its fields in order, an item a line, and the text as it was written", () => {
    expect(writeMemoryFile(rule)).toBe(TEXT);
    expect(readMemoryFile(TEXT)).toEqual(rule);
  });

  test("gives back every memory as it was, whatever its text holds", () => {
    fc.assert(
      fc.property(memories, (memory) => {
        const text = writeMemoryFile(memory);
        const read = readMemoryFile(text);
        expect(read).toEqual(memory);
        expect(writeMemoryFile(read as SharedMemory)).toBe(text);
        expect(text).toMatch(/[^\n]\n$/u);
        expect(text).not.toContain("\r");
      }),
      { numRuns: 2_000 },
    );
  });

  test("says the same after a checkout with other line ends, and with a byte order mark", () => {
    expect(readMemoryFile(`\ufeff${TEXT.replaceAll("\n", "\r\n")}`)).toEqual(rule);
  });

  test("changes one line where one field changes", () => {
    const changed = writeMemoryFile({ ...rule, tags: ["testing", "a: tag", "new"] }).split("\n");
    expect(changed.filter((one) => !TEXT.split("\n").includes(one))).toEqual(["  - new"]);
  });

  test("has a name that every system takes, ended by the id", () => {
    expect(sharedPath(rule)).toBe(`${SHARED_FOLDER}/rule/tests-run-on-real-files-0a1b2c3d4e5f6g.md`);
    fc.assert(
      fc.property(memories, (memory) => {
        const name = sharedPath(memory).split("/").at(-1) ?? "";
        expect(name).toMatch(/^[a-z0-9][a-z0-9-]*-[a-z0-9_-]+\.md$/u);
        expect(name.length).toBeLessThan(120);
        expect(name.endsWith(endOfName(memory.id))).toBe(true);
      }),
    );
    expect(endOfName("A:b")).not.toBe(endOfName("a:b"));
  });

  test("is told by what it says, not by who said it when and where", () => {
    const { date: _date, author: _author, commit: _commit, ...said } = rule;
    expect(sharedHash(said)).toBe(sharedHash(rule));
    expect(sharedHash({ ...said, content: "Other." })).not.toBe(sharedHash(rule));
    const { title: _title, ...untitled } = said;
    expect(sharedHash(untitled)).not.toBe(sharedHash(rule));
  });

  test.each([
    ["no front matter", "Just text.\n", "front matter"],
    ["front matter without an end", "---\nid: abc", "does not end"],
    [
      "a conflict",
      TEXT.replace("scope: repo", "<<<<<<< HEAD\nscope: repo\n=======\nscope: lineage\n>>>>>>> b"),
      "line 12: a merge conflict",
    ],
    ["text that hides", TEXT.replace("real files", "real\u202efiles"), "line 16: holds U+202E"],
    [
      "a field that hides",
      TEXT.replace("title: Tests", 'title: "\\u202eTests').replace("real files\nversion", 'real files"\nversion'),
      "hol",
    ],
    ["a field that nobody knows", TEXT.replace("scope: repo", "scope: repo\nevil: 1"), "evil"],
    ["a field twice", TEXT.replace("scope: repo", "scope: repo\nscope: repo"), "twice"],
    ["a scope that reaches beyond the repository", TEXT.replace("scope: repo", "scope: user"), "scope"],
    ["a newer version", TEXT.replace("version: 1", "version: 2"), "version: must be 1"],
    ["an unknown kind", TEXT.replace("kind: rule", "kind: order"), "kind"],
    ["an id with a slash", TEXT.replace('"0a1b2c3d4e5f6g"', '"../x"'), "id"],
    ["no text", `${TEXT.slice(0, TEXT.indexOf("Fakes"))}\n`, "says nothing"],
    ["YAML that calls for more", TEXT.replace("title: Tests", "title: &a Tests"), "title"],
  ])("%s is reported", (_what, text, message) => {
    expect(readMemoryFile(text)).toEqual({ problem: expect.stringContaining(message) as string });
  });

  test("reading any text throws nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(hostile, fc.constantFrom(...TEXT.split("\n"))), { maxLength: 20 }), (lines) => {
        readMemoryFile(lines.join("\n"));
      }),
      { numRuns: 2_000 },
    );
  });
});
