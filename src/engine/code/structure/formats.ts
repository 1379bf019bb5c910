import { basename } from "node:path";
import type { CodeSymbol } from "../../../contract/code.ts";
import { jsonKeys, type Keys } from "./jsonKeys.ts";
import { markdownHeadings } from "./markdownHeadings.ts";
import { outlineLevels } from "./outlineLevels.ts";
import { tomlKeys } from "./tomlKeys.ts";
import { yamlKeys } from "./yamlKeys.ts";

/** Formats of documents and data: what is named in them is told by their lines, without a grammar. */
export type Format = "markdown" | "json" | "yaml" | "toml";

export interface Structure {
  readonly symbols: readonly CodeSymbol[];
  readonly hasErrors: boolean;
}

const FORMATS: Readonly<Record<Format, RegExp>> = {
  markdown: /\.(?:md|mdx|mdc|markdown)$/iu,
  json: /\.(?:json|jsonc|json5|code-workspace|webmanifest)$|^\.(?:babelrc|eslintrc|prettierrc|swcrc)$/iu,
  yaml: /\.ya?ml$|^\.clang-format$/iu,
  toml: /\.toml$|^(?:Cargo|poetry|uv)\.lock$|^Pipfile$/iu,
};
/** A file with more names than this is data. */
const MOST_SYMBOLS = 2_000;

export function formatOf(path: string): Format | undefined {
  const name = basename(path);
  return (Object.keys(FORMATS) as Format[]).find((format) => FORMATS[format].test(name));
}

export function structureOf(format: Format, text: string): Structure {
  const lines = text.replace(/^\uFEFF/u, "").split(/\r?\n/u);
  const { entries, hasErrors } = read(format, text, lines);
  const last = lines.at(-1) === "" ? lines.length - 1 : lines.length;
  return { symbols: outlineLevels(entries.slice(0, MOST_SYMBOLS), Math.max(1, last)), hasErrors };
}

function read(format: Format, text: string, lines: readonly string[]): Keys {
  switch (format) {
    case "markdown":
      return { entries: markdownHeadings(lines), hasErrors: false };
    case "json":
      return jsonKeys(text);
    case "yaml":
      return yamlKeys(lines);
    case "toml":
      return tomlKeys(lines);
  }
}
