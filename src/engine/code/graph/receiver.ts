import type { CodeCall, ParsedFile } from "../../../contract/code.ts";
import { type IndexedFile, qualifiedName } from "../codeIndex.ts";
import { escaped, typeIn } from "./writtenType.ts";
import { isClass, isFunction, qualifiedIn, type SymbolAt } from "./symbolAt.ts";

/** What the text says of what a method is called on. */
export type Receiver =
  /** The object or class that the caller belongs to; `base` where only what it inherits is meant. */
  | { readonly is: "own"; readonly base: boolean }
  /** Something of this type, as it is written: `Store`, `shapes.Circle`. */
  | { readonly is: "typed"; readonly type: string }
  /** What another call gives. */
  | { readonly is: "result"; readonly of: CodeCall }
  /** A field of what the caller belongs to. */
  | { readonly is: "field"; readonly name: string }
  /** A name, or names with dots between, of which the text says no more. */
  | { readonly is: "name"; readonly name: string }
  | { readonly is: "unknown" };

const OWN = /^(?:this|self|cls|Self|static|\$this|@)$/u;
const BASE = /^(?:super|super\(.*\)|base|parent)$/u;
const FIELD = /^(?:this|self|cls|\$this)(?:\?\.|!\.|\.|->)(#?\w+)$|^@(\w+)$/u;
/** `new Cart()`, `Mailer("x")`, `Router::new()`, `&Store{}`, `Cart.new` */
const MADE = /^&?(?:new\s+)?((?:\w+(?:\.|::))*[A-Z]\w*)(?:\.new$|(?:::\w+|\.new)?(?:<[^()]*>)?\s*[({].*[)}]$)/su;
/** `store: Store` */
const DECLARED = /^[\w$]+: ([\w.:]+)$/u;
const NAMES = /^[\w$]+(?:(?:\.|::|\\)[\w$]+)*$/u;

/** Whether a call says that it means what its class inherits: `super.close()`. */
export const isOnBase = ({ receiver }: CodeCall): boolean => receiver !== undefined && BASE.test(receiver.trim());

/** `caller`: what the call stands in. */
export function readReceiver(call: CodeCall, caller: SymbolAt | undefined): Receiver {
  const variable = DECLARED.exec(call.receiver ?? "");
  if (variable !== null) return { is: "typed", type: variable[1] ?? "" };
  const text = bare(call.receiver ?? "");
  if (OWN.test(text)) return { is: "own", base: false };
  if (BASE.test(text)) return { is: "own", base: true };
  const field = FIELD.exec(text);
  if (field !== null) return { is: "field", name: field[1] ?? field[2] ?? "" };
  const made = MADE.exec(text);
  if (made !== null) return { is: "typed", type: made[1] ?? "" };
  if (!NAMES.test(text)) {
    const of = calledIn(text, call);
    return of === undefined ? { is: "unknown" } : { is: "result", of };
  }
  const declared = caller === undefined ? undefined : parameterType(caller, text);
  if (declared === "own") return { is: "own", base: false };
  if (declared !== undefined) return { is: "typed", type: declared };
  const kept = caller === undefined ? undefined : keptBy(caller, text, call.line);
  if (kept !== undefined) return { is: "result", of: kept };
  const [first = "", second, ...more] = text.split(/\.|::/u);
  if (second !== undefined && more.length === 0 && caller !== undefined && parameterType(caller, first) === "own")
    return { is: "field", name: second };
  return { is: "name", name: text.replaceAll("::", ".") };
}

/** The call before the last line that is kept in a variable of the caller, or of what it stands in. */
function keptBy(caller: SymbolAt, variable: string, line: number): CodeCall | undefined {
  const kept = keptIn(caller.file).get(variable);
  if (kept === undefined) return undefined;
  const places = new Set([caller, ...enclosing(caller)].filter(isFunction).map(({ at }) => at));
  return kept.findLast((one) => one.line <= line && one.from !== undefined && places.has(one.from));
}

const keptOf = new WeakMap<ParsedFile, ReadonlyMap<string, readonly CodeCall[]>>();

/** Calls of a file whose result is kept, by the variable that keeps it. */
function keptIn(file: IndexedFile): ReadonlyMap<string, readonly CodeCall[]> {
  const known = keptOf.get(file.parsed);
  if (known !== undefined) return known;
  const made = new Map<string, CodeCall[]>();
  for (const call of file.keptCalls()) {
    if (call.into === undefined) continue;
    const before = made.get(call.into);
    if (before === undefined) made.set(call.into, [call]);
    else before.push(call);
  }
  keptOf.set(file.parsed, made);
  return made;
}

/** What a method's class keeps in one of its fields by a call. */
export function keptInField(owner: SymbolAt, field: string): CodeCall | undefined {
  const path = qualifiedName(owner.symbol);
  const { parsed } = owner.file;
  const kept = keptIn(owner.file);
  for (const spelling of [`this.${field}`, `self.${field}`, `$this->${field}`, `@${field}`]) {
    const found = kept.get(spelling)?.find(({ from = -1 }) => parsed.symbols[from]?.container === path);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The last call of a chain: of `open(path).read(1)` it is that of `read`. */
function calledIn(text: string, { line, from }: CodeCall): CodeCall | undefined {
  if (!text.endsWith(")")) return undefined;
  let depth = 0;
  let at = text.length - 1;
  for (; at >= 0; at--) {
    if (text[at] === ")") depth += 1;
    else if (text[at] === "(") depth -= 1;
    if (depth === 0) break;
  }
  const [, receiver, name] =
    /^(?:(.*?)(?:\?\.|!\.|\.|->|::))?([\w$]+)(?:<[^()]*>)?$/su.exec(text.slice(0, Math.max(0, at)).trim()) ?? [];
  if (name === undefined) return undefined;
  return { name, line, ...(receiver === undefined ? {} : { receiver }), ...(from === undefined ? {} : { from }) };
}

/** Without brackets, `await` and marks that say that something is there. */
function bare(receiver: string): string {
  let text = receiver.trim();
  for (;;) {
    const shorter = text
      .replace(/^(?:await|yield|return|\*)\s*/u, "")
      .replace(/^\((.*)\)$/su, (whole, inside: string) => (isBalanced(inside) ? inside : whole))
      .replace(/(?:[?!]+|\.await)$/u, "")
      .replace(/\s+as\s+[\w.<>]+$/u, "")
      .trim();
    if (shorter === text) return text;
    text = shorter;
  }
}

/** Whether every bracket that it closes is one that it opened. */
function isBalanced(text: string): boolean {
  let depth = 0;
  for (const sign of text) {
    if (sign === "(") depth += 1;
    else if (sign === ")" && --depth < 0) return false;
  }
  return depth === 0;
}

/** The type of a parameter of the caller, or of what it stands in; `own` for what a method of Go is called on. */
function parameterType(caller: SymbolAt, name: string): string | undefined {
  for (const around of [caller, ...enclosing(caller)]) {
    if (!isFunction(around)) continue;
    const { signature } = around.symbol;
    if (around.file.language === "go") {
      if (new RegExp(`^func \\(${escaped(name)} `, "u").test(signature)) return "own";
    }
    const type = typeIn(signature.slice(signature.indexOf("(")), name, around.file.language);
    if (type !== undefined) return type;
  }
  return undefined;
}

/** Those that a symbol stands in, from inside to outside, as far as they are symbols of its file. */
export function enclosing({ file, symbol }: SymbolAt): readonly SymbolAt[] {
  const found: SymbolAt[] = [];
  for (let path = symbol.container; path !== undefined; path = outer(path)) {
    const around = qualifiedIn(file, path).find(
      (one) => (isClass(one) || isFunction(one)) && (one.symbol.startLine <= symbol.startLine || isClass(one)),
    );
    if (around !== undefined) found.push(around);
  }
  return found;
}

/** The name of the class that a symbol belongs to, with what that stands in; undefined for a function. */
export function ownerOf(symbol: SymbolAt): string | undefined {
  if (isClass(symbol)) return qualifiedName(symbol.symbol);
  const functions = new Set(
    enclosing(symbol)
      .filter(isFunction)
      .map(({ symbol: one }) => qualifiedName(one)),
  );
  for (let path = symbol.symbol.container; path !== undefined; path = outer(path))
    if (!functions.has(path)) return path;
  return undefined;
}

const outer = (path: string): string | undefined =>
  path.includes(".") ? path.slice(0, path.lastIndexOf(".")) : undefined;
