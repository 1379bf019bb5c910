import { lineEndOf } from "./configText.ts";
import { endOf, type JsonNode } from "./jsonTree.ts";

/** The text with one more property at the end of the object, indented as its neighbours are. */
export function appendProperty(text: string, object: JsonNode, key: string, value: unknown): string {
  const last = object.children?.at(-1);
  const close = endOf(object) - 1;
  const outer = indentationAt(text, object.offset);
  const unit = indentationUnit(text);
  if (last === undefined) {
    const inner = text.slice(object.offset + 1, close);
    if (inner.trim() === "" && !text.trim().includes("\n") && text.trim() !== "{}") {
      return splice(text, object.offset + 1, close, oneLineProperty(key, value, text.includes(": ")));
    }
    const lineEnd = lineEndOf(text);
    const written = `${inner.trimEnd()}${lineEnd}${outer}${unit}${property(text, key, value, outer + unit)}${lineEnd}${outer}`;
    return splice(text, object.offset + 1, close, written);
  }
  const comma = commaAfter(text, endOf(last), close);
  const separated = comma === undefined ? splice(text, endOf(last), endOf(last), ",") : text;
  const isOneLine = !text.slice(object.offset, endOf(object)).includes("\n");
  if (isOneLine) {
    const spaced = text.includes(": ");
    const at = (comma ?? endOf(last)) + 1;
    return splice(separated, at, at, `${spaced ? " " : ""}${oneLineProperty(key, value, spaced)}`);
  }
  const indentation = startsItsLine(text, last.offset) ? indentationAt(text, last.offset) : outer + unit;
  // A comment behind the last property speaks of that one.
  const at = endOfRemark(separated, (comma ?? endOf(last)) + 1);
  const written = `${lineEndOf(text)}${indentation}${property(text, key, value, indentation)}${comma === undefined ? "" : ","}`;
  return splice(separated, at, at, written);
}

/** The text with another value in the place of one. */
export function replaceValue(text: string, node: JsonNode, value: unknown): string {
  return splice(text, node.offset, endOf(node), indented(text, value, indentationAt(text, node.offset)));
}

/** The text without the property, its comma and, where it stands alone, its lines. */
export function removeProperty(text: string, gone: JsonNode): string {
  const object = gone.parent;
  if (object === undefined) return text;
  const siblings = object.children ?? [];
  const close = endOf(object) - 1;
  const before = siblings[siblings.indexOf(gone) - 1];
  const comma = commaAfter(text, endOf(gone), siblings[siblings.indexOf(gone) + 1]?.offset ?? close);
  const end = comma === undefined ? endOf(gone) : comma + 1;
  const commaBefore =
    comma === undefined && before !== undefined ? commaAfter(text, endOf(before), gone.offset) : undefined;

  let from = gone.offset;
  let to = end;
  const lineEnd = /^[ \t]*(?:\/\/[^\r\n]*|(?:\/\*[^\r\n]*?\*\/[ \t]*))?(?:\r?\n)/u.exec(text.slice(end));
  if (startsItsLine(text, gone.offset) && lineEnd !== null) {
    from = text.lastIndexOf("\n", gone.offset) + 1;
    to = end + lineEnd[0].length;
  } else if (commaBefore !== undefined && text.slice(commaBefore + 1, from).trim() === "") {
    from = commaBefore + 1;
  } else {
    to += /^[ \t]*/u.exec(text.slice(end))?.[0].length ?? 0;
  }
  let left = splice(text, from, to, "");
  if (commaBefore !== undefined) left = splice(left, commaBefore, commaBefore + 1, "");
  if (siblings.length > 1) return left;
  const shorter = text.length - left.length;
  const inner = left.slice(object.offset + 1, close - shorter);
  return inner.trim() === "" ? splice(left, object.offset + 1, close - shorter, "") : left;
}

const splice = (text: string, from: number, to: number, put: string): string =>
  text.slice(0, from) + put + text.slice(to);

const property = (text: string, key: string, value: unknown, indentation: string): string =>
  `${JSON.stringify(key)}: ${indented(text, value, indentation)}`;

const indented = (text: string, value: unknown, indentation: string): string =>
  JSON.stringify(value, undefined, indentationUnit(text)).replaceAll("\n", `${lineEndOf(text)}${indentation}`);

function oneLineProperty(key: string, value: unknown, spaced: boolean): string {
  if (!spaced) return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
  return `${JSON.stringify(key)}: ${JSON.stringify(value, undefined, 1).replace(/\n\s*/gu, " ")}`;
}

function indentationAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^[ \t]*/u.exec(line)?.[0] ?? "";
}

const startsItsLine = (text: string, offset: number): boolean =>
  text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset).trim() === "";

/** One step of the file's own indentation; two spaces where it has none. */
function indentationUnit(text: string): string {
  return /\n([ \t]+)(?=["}\]])/u.exec(text)?.[1] ?? "  ";
}

/** Where the comma stands that follows a property, comments passed over. */
function commaAfter(text: string, from: number, to: number): number | undefined {
  for (let at = from; at < to; at++) {
    if (text[at] === ",") return at;
    if (text.startsWith("//", at)) at = endOfLine(text, at) - 1;
    else if (text.startsWith("/*", at)) at = text.indexOf("*/", at) + 1;
  }
  return undefined;
}

/** Past what is remarked on the same line. */
function endOfRemark(text: string, from: number): number {
  const remark = /^[ \t]*(?:\/\*[^\r\n]*?\*\/[ \t]*)*(?:\/\/[^\r\n]*)?/u.exec(text.slice(from, endOfLine(text, from)));
  return from + (remark?.[0].trimEnd().length ?? 0);
}

function endOfLine(text: string, from: number): number {
  const found = /\r?\n/u.exec(text.slice(from));
  return found === null ? text.length : from + found.index;
}
