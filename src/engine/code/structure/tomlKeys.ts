import { cut } from "../parse/docComment.ts";
import type { Keys } from "./jsonKeys.ts";
import type { LevelEntry } from "./outlineLevels.ts";
import { commentAbove } from "./yamlKeys.ts";

const TABLE = /^\[{1,2}\s*([^\]]+?)\s*\]{1,2}\s*(?:#.*)?$/u;
const KEY = /^((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=\s*(.*)$/u;
const LONGEST_SIGNATURE = 200;

/** Tables and keys of TOML: https://toml.io/en/v1.0.0 */
export function tomlKeys(lines: readonly string[]): Keys {
  const entries: LevelEntry[] = [];
  let hasErrors = false;
  let table = 0;
  for (let row = 0; row < lines.length; row++) {
    const text = lines[row]?.trim() ?? "";
    if (text === "" || text.startsWith("#")) continue;
    const [name, key] = [TABLE.exec(text)?.[1], KEY.exec(text)];
    const at = {
      kind: "key",
      signature: cut(text, LONGEST_SIGNATURE),
      doc: commentAbove(lines, row),
      line: row + 1,
    } as const;
    if (name !== undefined) {
      table = 1;
      entries.push({ ...at, level: 1, name: unquote(name) });
    } else if (key !== null) {
      row = valueEnd(lines, row, key[2] ?? "");
      entries.push({ ...at, level: table + 1, name: unquote(key[1] ?? ""), endLine: row + 1 });
    } else hasErrors = true;
  }
  return { entries, hasErrors };
}

/** The row on which a value ends that began with `value`. */
function valueEnd(lines: readonly string[], row: number, value: string): number {
  const quotes = /^(?:"""|''')/u.exec(value)?.[0];
  if (quotes !== undefined) {
    if (value.indexOf(quotes, 3) >= 0) return row;
    const end = lines.findIndex((line, at) => at > row && line.includes(quotes));
    return end < 0 ? lines.length - 1 : end;
  }
  let depth = brackets(value);
  let at = row;
  while (depth > 0 && at + 1 < lines.length) depth += brackets(lines[++at] ?? "");
  return at;
}

/** How many more brackets are opened than closed, outside of texts and comments. */
function brackets(line: string): number {
  const bare = line.replace(/"(?:[^"\\]|\\.)*"|'[^']*'|#.*$/gu, "");
  return (bare.match(/[[{]/gu)?.length ?? 0) - (bare.match(/[\]}]/gu)?.length ?? 0);
}

function unquote(name: string): string {
  return name.replaceAll(/\s*\.\s*/gu, ".").replaceAll(/["']/gu, "");
}
