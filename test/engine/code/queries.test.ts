import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { readLanguages } from "../../../src/engine/code/parse/language.ts";
import { loadGrammar, startTreeSitter } from "../../../src/engine/code/parse/treeSitter.ts";

const dist = join(import.meta.dirname, "../../../dist");
const folder = join(dist, "languages");
const languages = readLanguages(folder);
const snippets = readdirSync(join(import.meta.dirname, "languages"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.endsWith(".golden.txt"))
  .map(({ name, parentPath }) => ({
    path: basename(name, ".txt"),
    text: readFileSync(join(parentPath, name), "utf8"),
  }));

test("every pattern of every query finds something in a snippet", async () => {
  await startTreeSitter(join(dist, "web-tree-sitter.wasm"));
  /** By the file of queries and the pattern's place in it. */
  const found = new Map<string, number>();
  for (const language of readdirSync(folder)) {
    const texts = snippets.filter(({ path, text }) => languages.of(path, text)?.name === language);
    const json = readFileSync(join(folder, language, "language.json"), "utf8");
    for (const file of (JSON.parse(json) as { readonly queries: readonly string[] }).queries) {
      const grammar = await loadGrammar(join(folder, language, "grammar.wasm.br"));
      const query = grammar.query(readFileSync(join(folder, file), "utf8"));
      const nameOf = (pattern: number): string =>
        `${file}, pattern ${pattern + 1}: ${[...(query.captures[pattern] ?? [])].join(" ")}`;
      for (const pattern of query.captures.keys()) found.set(nameOf(pattern), found.get(nameOf(pattern)) ?? 0);
      for (const { text } of texts) {
        const matches = grammar.match(text, [query], 10_000);
        for (const { patternIndex } of matches?.matches[0] ?? [])
          found.set(nameOf(patternIndex), (found.get(nameOf(patternIndex)) ?? 0) + 1);
        matches?.release();
      }
    }
  }
  expect([...found].filter(([, matches]) => matches === 0).map(([pattern]) => pattern)).toEqual([]);
  expect(found.size).toBeGreaterThan(300);
});

test("a file of queries is asked wherever one of its patterns finds something", async () => {
  await startTreeSitter(join(dist, "web-tree-sitter.wasm"));
  let seen = 0;
  for (const language of readdirSync(folder)) {
    const json = readFileSync(join(folder, language, "language.json"), "utf8");
    for (const file of (JSON.parse(json) as { readonly queries: readonly string[] }).queries) {
      const source = readFileSync(join(folder, file), "utf8");
      const where = /^;; where (.+)/u.exec(source)?.[1];
      if (where === undefined) continue;
      const grammar = await loadGrammar(join(folder, language, "grammar.wasm.br"));
      const query = grammar.query(source);
      for (const { path, text } of snippets) {
        if (languages.of(path, text)?.name !== language) continue;
        const matches = grammar.match(text, [query], 10_000);
        for (const { captures } of matches?.matches[0] ?? []) {
          const start = Math.min(...captures.map(({ node }) => node.startIndex));
          const end = Math.max(...captures.map(({ node }) => node.endIndex));
          // Nothing else of the snippet helps it.
          expect(text.slice(start, end)).toMatch(new RegExp(where, "u"));
          seen += 1;
        }
        matches?.release();
      }
    }
  }
  expect(seen).toBeGreaterThan(20);
});
