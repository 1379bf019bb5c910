import { SYMBOL_KINDS, type SymbolKind } from "../../../contract/code.ts";
import { firstParagraph } from "./docComment.ts";
import type { Frame } from "./nest.ts";
import { receiverBefore } from "./receiverBefore.ts";
import type { Capture, CompiledQuery, Match, SyntaxNode } from "./treeSitter.ts";

/** A use of a name, at the place of the name. Most of what is found in a file are calls. */
export interface Call {
  readonly start: number;
  /** Where what it is called on begins. */
  readonly begin: number;
  readonly row: number;
  readonly name: string;
  readonly receiver: string | undefined;
}

/** Something else that is said, at a place of the text. */
export interface Reference {
  readonly role: "import" | "base" | "route" | "routePrefix" | "config" | "exportedName";
  readonly start: number;
  readonly end: number;
  readonly row: number;
  readonly captures: readonly Text[];
  /** What the pattern sets with `#set!`. */
  readonly set: Readonly<Record<string, string | null>>;
}

interface Text {
  readonly name: string;
  readonly text: string;
  readonly start: number;
}

export interface ReadMatches {
  readonly frames: readonly Frame[];
  readonly calls: readonly Call[];
  readonly references: readonly Reference[];
}

const REFERENCE_ROLES = new Map<string, Reference["role"]>([
  ["import", "import"],
  ["base", "base"],
  ["route", "route"],
  ["route.prefix", "routePrefix"],
  ["config", "config"],
  ["export.name", "exportedName"],
]);
/** Of these the capture itself is what is said. */
const NAMED_ITSELF: ReadonlySet<Reference["role"]> = new Set(["base", "routePrefix", "exportedName"]);
const FRAME_ROLES = new Map<string, Frame["role"]>([
  ...SYMBOL_KINDS.map((kind: SymbolKind): [string, Frame["role"]] => [`symbol.${kind}`, kind]),
  ...(["scope", "outer", "exported", "decorated", "ignored"] as const).map((role): [string, Frame["role"]] => [
    role,
    role,
  ]),
]);
const LONGEST_TEXT = 200;
const LONGEST_DOC = 2_000;

/** What a pattern is for: the captures that say so, each with the role that it has. */
export interface PatternUse {
  readonly isCall: boolean;
  readonly frame: Use<Frame["role"]> | undefined;
  readonly reference: Use<Reference["role"]> | undefined;
}

interface Use<Role> {
  readonly capture: string;
  readonly role: Role;
}

/** Throws where a pattern has no capture that says what it is for. */
export function patternUses(query: CompiledQuery): readonly PatternUse[] {
  return query.captures.map((captures, index) => {
    const isCall = captures.has("call");
    const [frame, reference] = [useOf(captures, FRAME_ROLES), useOf(captures, REFERENCE_ROLES)];
    if (!isCall && frame === undefined && reference === undefined)
      throw new Error(`Pattern ${index} captures nothing that is known: ${[...captures].join()}.`);
    return { isCall, frame, reference };
  });
}

function useOf<Role>(captures: ReadonlySet<string>, roles: ReadonlyMap<string, Role>): Use<Role> | undefined {
  for (const capture of captures) {
    const role = roles.get(capture);
    if (role !== undefined) return { capture, role };
  }
  return undefined;
}

interface Best<Read> {
  readonly pattern: number;
  readonly captures: number;
  readonly read: () => Read;
}

/** What one query found in a file, with what each of its patterns is for. */
export interface Found {
  readonly matches: readonly Match[];
  readonly uses: readonly PatternUse[];
}

/**
 * Of several patterns that name the same symbol, or say the same of the same place, the first of the first query counts; of several matches of one,
 * that with the most captures. What several matches say of the same import is put together.
 */
export function readMatches(text: string, found: readonly Found[]): ReadMatches {
  const best: BestOfAll = { frames: new Map(), references: new Map() };
  const calls: Call[] = [];
  let patterns = 0;
  for (const one of found) {
    readFound(text, one, patterns, best, calls);
    patterns += one.uses.length;
  }
  return {
    frames: Array.from(best.frames.values(), ({ read }) => read()),
    calls: eachOnce(calls),
    references: Array.from(best.references.values(), ({ read }) => read()),
  };
}

interface BestOfAll {
  readonly frames: Map<string | number, Best<Frame>>;
  readonly references: Map<string, Best<Reference>>;
}

/** `before`: how many patterns the queries before this one have. */
function readFound(
  text: string,
  { matches, uses }: Found,
  before: number,
  { frames, references }: BestOfAll,
  calls: Call[],
): void {
  for (const match of matches) {
    const { isCall, frame, reference } = uses[match.patternIndex] ?? {};
    const pattern = before + match.patternIndex;
    if (isCall === true) {
      const call = readCall(text, match.captures);
      if (call !== undefined) calls.push(call);
      continue;
    }
    const frameNode = frame && nodeOf(match.captures, frame.capture);
    if (frame !== undefined && frameNode !== undefined) {
      const key = nodeOf(match.captures, "name")?.startIndex ?? `${frame.role}${frameNode.startIndex}`;
      keepBest(frames, key, pattern, match, () => readFrame(text, frame.role, frameNode, match));
    }
    const referenceNode = reference && nodeOf(match.captures, reference.capture);
    if (reference !== undefined && referenceNode !== undefined) {
      const key = `${reference.role}${referenceNode.startIndex}-${referenceNode.endIndex}`;
      const known = reference.role === "import" ? references.get(key) : undefined;
      if (known === undefined)
        keepBest(references, key, pattern, match, () => readReference(text, reference, referenceNode, match));
      else references.set(key, together(known, readReference(text, reference, referenceNode, match)));
    }
  }
}

/** In order; of several patterns that find the same call, that which knows its receiver counts. */
function eachOnce(calls: Call[]): readonly Call[] {
  calls.sort((a, b) => a.start - b.start || Number(b.receiver !== undefined) - Number(a.receiver !== undefined));
  return calls.filter(({ start }, index) => start !== calls[index - 1]?.start);
}

/** undefined where its arguments do not stand right behind its name. */
function readCall(text: string, captures: readonly Capture[]): Call | undefined {
  const called = nodeOf(captures, "call");
  if (called === undefined) return undefined;
  const { startIndex: start, endIndex: end } = called;
  if ((nodeOf(captures, "arguments")?.startIndex ?? end) !== end) return undefined;
  const receiver = nodeOf(captures, "receiver");
  const said =
    receiver === undefined
      ? receiverBefore(text, start)
      : { begin: receiver.startIndex, receiver: short(text, receiver.startIndex, receiver.endIndex) };
  return {
    ...{ start, begin: said?.begin ?? start },
    ...{ row: called.startPosition.row, name: short(text, start, end) },
    receiver: said?.receiver,
  };
}

function keepBest<Key, Read>(
  best: Map<Key, Best<Read>>,
  key: Key,
  pattern: number,
  { captures }: Match,
  read: () => Read,
): void {
  const known = best.get(key);
  if (
    known !== undefined &&
    (known.pattern < pattern || (known.pattern === pattern && known.captures >= captures.length))
  )
    return;
  best.set(key, { pattern, captures: captures.length, read });
}

function together(known: Best<Reference>, more: Reference): Best<Reference> {
  const before = known.read();
  const places = new Set(before.captures.map(({ start }) => start));
  const captures = [...before.captures, ...more.captures.filter(({ start }) => !places.has(start))];
  captures.sort((a, b) => a.start - b.start);
  const reference = { ...before, captures, set: { ...before.set, ...more.set } };
  return { ...known, read: () => reference };
}

function readFrame(
  text: string,
  role: Frame["role"],
  main: SyntaxNode,
  { captures, setProperties = {} }: Match,
): Frame {
  const textOf = (wanted: string): string | undefined => {
    const found = nodeOf(captures, wanted);
    return found && short(text, found.startIndex, found.endIndex);
  };
  const doc = nodeOf(captures, "doc");
  const body = nodeOf(captures, "body");
  // Some grammars put a body beside its declaration, not in it.
  const [start, end] = [main.startIndex, Math.max(main.endIndex, body?.endIndex ?? 0)];
  return {
    ...{ role, start, end, name: unquoted(textOf("name") ?? ""), container: textOf("container") },
    bodyStart: body?.startIndex ?? end,
    doc: doc && docstring(text.slice(doc.startIndex, Math.min(doc.endIndex, doc.startIndex + LONGEST_DOC))),
    isTest: "test" in setProperties,
    isRest: "rest" in setProperties,
    isLifted: "lifted" in setProperties,
    isGlobal: "global" in setProperties,
  };
}

function docstring(literal: string): string | undefined {
  const inside = literal.replace(/^[a-zA-Z]*("""|'''|"|')/u, "").replace(/("""|'''|"|')$/u, "");
  return firstParagraph(inside.split("\n"));
}

function readReference(
  text: string,
  { capture, role }: Use<Reference["role"]>,
  main: SyntaxNode,
  { captures, setProperties: set = {} }: Match,
): Reference {
  return {
    ...{ role, start: main.startIndex, end: main.endIndex, row: main.startPosition.row, set },
    captures: captures
      .filter(({ name }) => name !== capture || NAMED_ITSELF.has(role))
      .map(({ name, node }) => ({ name, text: short(text, node.startIndex, node.endIndex), start: node.startIndex })),
  };
}

function nodeOf(captures: readonly Capture[], wanted: string): SyntaxNode | undefined {
  for (const { name, node } of captures) if (name === wanted) return node;
  return undefined;
}

/** The text of a literal that may be one: a string, a symbol of Ruby, or a path between angle brackets. */
export function unquoted(text: string): string {
  return text
    .replace(/^:(?=\w)/u, "")
    .replace(/^[fru]*(["'`])(.*)\1$/u, "$2")
    .replace(/^<(.*)>$/u, "$1");
}

/** On one line; what is too long to be a name is cut. */
function short(text: string, start: number, end: number): string {
  const found = text.slice(start, Math.min(end, start + LONGEST_TEXT));
  return /\s/u.test(found) ? found.replace(/\s+/gu, " ").trim() : found;
}
