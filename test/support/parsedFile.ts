import { join } from "node:path";
import type { CodeSymbol, ParsedFile } from "../../src/contract/code.ts";
import { createFileParser, type FileParser, type ParseLimits } from "../../src/engine/code/parse/parseFile.ts";

/** The real one, with the grammars and queries that are built. */
export const fileParser = (limits: Partial<ParseLimits> = {}): Promise<FileParser> =>
  createFileParser(join(import.meta.dirname, "../../dist"), limits);

/** A parsed file as text: a line for each thing that was found, with its line. */
export function describeFile(file: ParsedFile): string {
  const sections: Readonly<Record<string, readonly string[]>> = {
    symbols: file.symbols.map(symbolLine),
    imports: file.imports.map(({ line, module, names = [], isReexport }) => {
      const list = names.map(({ name, alias }) => (alias === undefined ? name : `${name} as ${alias}`)).join(", ");
      return `${line} ${module}${list === "" ? "" : ` { ${list} }`}${isReexport === true ? ", handed on" : ""}`;
    }),
    calls: file.calls.map(({ line, name, receiver, from }) => {
      const caller = from === undefined ? "" : ` in ${file.symbols[from]?.name ?? "?"}`;
      return `${line} ${receiver === undefined ? "" : `${receiver} . `}${name}${caller}`;
    }),
    inherits: file.inherits.map(({ line, symbol, base }) => `${line} ${symbol} from ${base}`),
    routes: file.routes.map(
      ({ line, method, path, symbol }) => `${line} ${method} ${path}${symbol ? ` to ${symbol}` : ""}`,
    ),
    "configuration keys": file.configKeys.map(({ line, key }) => `${line} ${key}`),
  };
  const found = Object.entries(sections).filter(([, lines]) => lines.length > 0);
  const head = `${file.language ?? "no language"}${file.hasErrors ? ", with errors" : ""}`;
  return [head, ...found.flatMap(([name, lines]) => ["", name, ...lines.map((line) => `  ${line}`)]), ""].join("\n");
}

function symbolLine({
  kind,
  name,
  container,
  signature,
  doc,
  startLine,
  endLine,
  isExported,
  isTest,
}: CodeSymbol): string {
  const marks = [isExported === true ? "exported " : "", isTest === true && kind !== "test" ? "test " : ""].join("");
  const place = startLine === endLine ? String(startLine) : `${startLine}-${endLine}`;
  const path = container === undefined ? name : `${container} . ${name}`;
  return `${place} ${marks}${kind} ${path} | ${signature}${doc === undefined ? "" : ` | ${doc}`}`;
}
