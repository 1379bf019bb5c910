import { createHash } from "node:crypto";
import ts from "typescript";

/** A function of a file, by a reading that shares no code with the engine: the TypeScript compiler's, and for Python one by indentation. */
export interface FunctionText {
  /** With the class that it stands in: `Store.load`. */
  readonly name: string;
  /** Of its tokens, without white space and comments, its own name left out. */
  readonly body: string;
  readonly doc: string;
}

const SCRIPT = /\.[cm]?[jt]sx?$/u;
export const isRead = (path: string): boolean => (SCRIPT.test(path) && !path.endsWith(".d.ts")) || path.endsWith(".py");

/** Functions whose name occurs once in the file, of at least so many tokens that they can be told from others. */
export function functionsOf(path: string, text: string): readonly FunctionText[] {
  const all = SCRIPT.test(path) ? scriptFunctions(path, text) : pythonFunctions(text);
  const counts = new Map<string, number>();
  for (const { name } of all) counts.set(name, (counts.get(name) ?? 0) + 1);
  return all.filter(({ name }) => counts.get(name) === 1);
}

const FEWEST_TOKENS = 12;

function made(name: string, tokens: readonly string[], doc: string): readonly FunctionText[] {
  if (tokens.length < FEWEST_TOKENS) return [];
  const own = name.split(".").at(-1);
  const at = tokens.indexOf(own ?? "");
  const body = tokens.filter((_, place) => place !== at).join("\0");
  return [{ name, body: createHash("sha256").update(body).digest("hex"), doc: doc.slice(0, 300) }];
}

function scriptFunctions(path: string, text: string): readonly FunctionText[] {
  const kind = /x$/u.test(path) ? ts.ScriptKind.TSX : /\.[cm]?js$/u.test(path) ? ts.ScriptKind.JS : ts.ScriptKind.TS;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  const found: FunctionText[] = [];
  const take = (name: string, node: ts.Node): void => {
    const doc = ts
      .getJSDocCommentsAndTags(node)
      .map((one) => one.getText(source))
      .join(" ");
    found.push(...made(name, tokensOf(node, source), doc));
  };
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.body !== undefined && statement.name !== undefined)
      take(statement.name.text, statement);
    else if (ts.isClassDeclaration(statement) && statement.name !== undefined) {
      for (const member of statement.members)
        if (ts.isMethodDeclaration(member) && member.body !== undefined && ts.isIdentifier(member.name))
          take(`${statement.name.text}.${member.name.text}`, member);
    } else if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations)
        if (
          ts.isIdentifier(name) &&
          initializer !== undefined &&
          (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
        )
          take(name.text, statement);
    }
  }
  return found;
}

/** Leaves of the tree: comments are none. */
function tokensOf(node: ts.Node, source: ts.SourceFile): readonly string[] {
  if (ts.isJSDoc(node)) return [];
  const children = node.getChildren(source);
  if (children.length > 0) return children.flatMap((child) => tokensOf(child, source));
  const token = node.getText(source);
  return token === "" ? [] : [token];
}

const PYTHON_TOKEN =
  /#[^\n]*|[rbuf]*(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|[A-Za-z_]\w*|\d[\w.]*|[^\s\w]/giu;

function pythonFunctions(text: string): readonly FunctionText[] {
  const lines = text.split(/\r?\n/u);
  const found: FunctionText[] = [];
  const classes: { readonly name: string; readonly indent: number }[] = [];
  for (const [at, line] of lines.entries()) {
    const [, space = "", word, name] = /^([ \t]*)(class|(?:async[ ]+)?def)[ ]+(\w+)/u.exec(line) ?? [];
    if (word === undefined || name === undefined) continue;
    while ((classes.at(-1)?.indent ?? -1) >= space.length) classes.pop();
    const owner = classes.at(-1);
    if (word === "class") {
      classes.push({ name, indent: space.length });
      continue;
    }
    // What stands in a function is a part of it.
    if (space.length > 0 && (owner === undefined || space.length > owner.indent + 4)) continue;
    let end = at + 1;
    while (
      end < lines.length &&
      (lines[end]?.trim() === "" || indentOf(lines[end] ?? "") > space.length || /^\s*[)\]}]/u.test(lines[end] ?? ""))
    )
      end++;
    const code = lines.slice(decoratedFrom(lines, at, space), end).join("\n");
    const tokens = (code.match(PYTHON_TOKEN) ?? []).filter((token) => !token.startsWith("#"));
    const [, doc = ""] = /:\s*(?:#[^\n]*)?\n\s*[ru]*(?:"""|''')([\s\S]*?)(?:"""|''')/iu.exec(code) ?? [];
    found.push(...made(owner === undefined ? name : `${owner.name}.${name}`, tokens, doc));
  }
  return found;
}

/** A decorator changes what a function does. */
function decoratedFrom(lines: readonly string[], at: number, space: string): number {
  let from = at;
  for (let above = at - 1; above >= 0; above--) {
    const line = lines[above] ?? "";
    if (line.startsWith(`${space}@`)) from = above;
    // One of several lines is indented deeper but for its last bracket.
    else if (line.trim() === "" || (indentOf(line) <= space.length && !/^\s*\)/u.test(line))) break;
  }
  return from;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** 0..1: how many of the lines that say something are in both, by the longer. */
export function likeness(before: string, after: string): number {
  const [a, b] = [linesOf(before), linesOf(after)];
  const left = new Map<string, number>();
  for (const line of b) left.set(line, (left.get(line) ?? 0) + 1);
  let shared = 0;
  for (const line of a) {
    const count = left.get(line) ?? 0;
    if (count === 0) continue;
    shared += 1;
    left.set(line, count - 1);
  }
  return shared / Math.max(1, a.length, b.length);
}

export const significantLines = (text: string): number => linesOf(text).length;

const linesOf = (text: string): readonly string[] =>
  text.split("\n").flatMap((line) => (/\w/u.test(line) ? [line.replace(/\s+/gu, " ").trim()] : []));
