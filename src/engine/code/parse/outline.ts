import type {
  CodeCall,
  CodeImport,
  CodeRoute,
  CodeSymbol,
  ConfigKey,
  ImportedName,
  Inheritance,
  ParsedFile,
} from "../../../contract/code.ts";
import { linesBefore, NOTHING_BEFORE } from "./docComment.ts";
import type { Language, Rule } from "./language.ts";
import { keptIn } from "./keptIn.ts";
import { Lines } from "./lines.ts";
import { isFunction, nest, type Nested, symbolAfter, symbolAt } from "./nest.ts";
import { type Call, type ReadMatches, type Reference, unquoted } from "./readMatches.ts";
import { signatureOf } from "./signature.ts";
import { typedVariables } from "./typedVariables.ts";

/** How Spring names a setting: `${shop.name:default}`. */
const PLACEHOLDER = /^\$\{([^:}]+).*$/u;

type Outline = Omit<ParsedFile, "path" | "hasErrors">;

/** What a file says of itself, made of what its query found. */
export function outline(text: string, language: Language, { frames, calls, references }: ReadMatches): Outline {
  const lines = new Lines(text);
  const nested = nest(frames);
  const of = (role: Reference["role"]): readonly Reference[] =>
    references.filter((reference) => reference.role === role);
  const exportedNames = new Set(of("exportedName").map((reference) => textOf(reference, "export.name")));
  const variables = typedVariables(text, language.name);
  // A variable of what the call stands in, declared before it.
  const typeOf = ({ receiver = "", begin }: Call, from: Nested | undefined): string | undefined =>
    variables.get(receiver)?.findLast(({ start }) => start < begin && isAround(symbolAt(nested, start), from))?.type;
  const symbols = nested.map((symbol) => codeSymbol(text, lines, language, symbol, exportedNames));
  return {
    language: language.name,
    symbols,
    imports: of("import").map(codeImport),
    calls: calls.map((call) => {
      const from = symbolAt(nested, call.start);
      return codeCall(text, call, from, typeOf(call, from));
    }),
    inherits: of("base")
      .map((base) => inheritance(base, symbolAt(nested, base.start)))
      .filter((one) => one !== undefined),
    routes: routes(of("route"), of("routePrefix"), nested),
    configKeys: of("config").map(({ row, ...config }): ConfigKey => ({
      key: unquoted(textOf(config, "key") ?? "").replace(PLACEHOLDER, "$1"),
      line: row + 1,
    })),
  };
}

function codeSymbol(
  text: string,
  lines: Lines,
  language: Language,
  { frame, parent, container, start, signatureStart, isExported }: Nested,
  exportedNames: ReadonlySet<string | undefined>,
): CodeSymbol {
  const { role: kind, name } = frame;
  const row = lines.rowAt(start);
  const before = lines.isFirst(start) ? linesBefore(lines, row, language) : NOTHING_BEFORE;
  const doc = frame.doc ?? before.doc;
  const signature = kind === "test" ? name : signatureOf(text, signatureStart, frame.bodyStart, language);
  const exported =
    isExported ||
    (parent === undefined && exportedNames.has(name)) ||
    ((frame.isLifted || !isFunction(parent)) && holds(language.exported, name, signature));
  const isTest = frame.isTest || holds(language.test, name, `${before.attributes} ${signature}`.trim());
  return {
    ...{ kind, name, ...(container === undefined ? {} : { container }), signature },
    ...(doc === undefined ? {} : { doc }),
    ...(before.count === 0 ? {} : { leadLine: row + 1 - before.count }),
    ...{ startLine: row + 1, endLine: lines.rowAt(Math.max(start, frame.end - 1)) + 1 },
    ...(exported && kind !== "test" ? { isExported: true } : {}),
    ...(isTest || kind === "test" ? { isTest: true } : {}),
  };
}

function holds(rule: Rule | undefined, name: string, signature: string): boolean {
  return rule?.pattern.test(rule.by === "name" ? name : signature) === true;
}

function codeCall(
  text: string,
  { name, receiver, row, begin }: Call,
  from: Nested | undefined,
  type: string | undefined,
): CodeCall {
  const into = keptIn(text, begin);
  const calledOn = type === undefined ? receiver : `${receiver}: ${type}`;
  return {
    ...{ name, ...(calledOn === undefined ? {} : { receiver: calledOn }), line: row + 1 },
    ...(into === undefined ? {} : { into }),
    ...(from === undefined ? {} : { from: from.index }),
  };
}

/** Whether a function is what a place stands in, or what that stands in. */
function isAround(outer: Nested | undefined, inner: Nested | undefined): boolean {
  if (outer === undefined || !isFunction(outer)) return false;
  for (let one = inner; one !== undefined; one = one.parent) if (one === outer) return true;
  return false;
}

/** An alias belongs to the name before it. */
function codeImport(reference: Reference): CodeImport {
  const names: { name: string; alias?: string }[] = [];
  for (const { name: capture, text } of reference.captures) {
    const last = names.at(-1);
    if (capture === "imported") names.push({ name: unquoted(text) });
    else if (capture === "alias" && last !== undefined) last.alias = text;
    else if (capture === "default") names.push({ name: "default", alias: text });
    else if (capture === "namespace") names.push({ name: "*", alias: text });
    else if (capture === "wildcard") names.push({ name: "*" });
  }
  const known: readonly ImportedName[] = names;
  return {
    module: unquoted(textOf(reference, "module") ?? ""),
    ...(known.length === 0 ? {} : { names: known }),
    ...("reexport" in reference.set ? { isReexport: true } : {}),
    line: reference.row + 1,
  };
}

function inheritance(reference: Reference, around: Nested | undefined): Inheritance | undefined {
  const symbol = textOf(reference, "derived") ?? around?.frame.name;
  const base = textOf(reference, "base");
  return symbol === undefined || base === undefined ? undefined : { symbol, base, line: reference.row + 1 };
}

function routes(
  found: readonly Reference[],
  prefixes: readonly Reference[],
  nested: readonly Nested[],
): readonly CodeRoute[] {
  const prefixOf = new Map(
    prefixes.map((prefix) => [routeSymbol(prefix, nested), unquoted(textOf(prefix, "route.prefix") ?? "")]),
  );
  return found.map((route) => {
    const symbol = routeSymbol(route, nested);
    const [method, path] = methodAndPath(
      textOf(route, "route.method") ?? route.set["method"] ?? "ANY",
      textOf(route, "route.path") ?? "",
    );
    const handler = textOf(route, "route.handler") ?? symbol?.frame.name;
    return {
      ...{ method, path: joinPaths(prefixOf.get(symbol?.parent), path), line: route.row + 1 },
      ...(handler === undefined ? {} : { symbol: handler }),
    };
  });
}

/** What stands in a declaration, before its body, speaks of that; a decorator outside of it of what comes next. */
function routeSymbol(reference: Reference, nested: readonly Nested[]): Nested | undefined {
  const around = symbolAt(nested, reference.start);
  if (reference.set["of"] !== "next" || (around !== undefined && reference.start < around.frame.bodyStart))
    return around;
  return symbolAfter(nested, reference.end);
}

/** Some write the method into the path: `GET /items`. */
function methodAndPath(method: string, path: string): readonly [string, string] {
  const inPath = /^([A-Z]+) (\/.*)$/u.exec(unquoted(path));
  if (inPath !== null) return [inPath[1] ?? "", inPath[2] ?? ""];
  const verb = /GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS/u.exec(unquoted(method).toUpperCase())?.[0];
  return [verb ?? "ANY", unquoted(path)];
}

function joinPaths(prefix: string | undefined, path: string): string {
  if (prefix === undefined) return path;
  return `/${[prefix, path]
    .map((part) => part.replace(/^\/|\/$/gu, ""))
    .filter(Boolean)
    .join("/")}`;
}

function textOf({ captures }: Pick<Reference, "captures">, wanted: string): string | undefined {
  return captures.find(({ name }) => name === wanted)?.text;
}
