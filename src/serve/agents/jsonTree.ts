import { getNodeValue, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

/** A value, or a property with its key and its value as children, by its place in the text. */
export interface JsonNode {
  readonly type: "object" | "array" | "string" | "number" | "boolean" | "null" | "property";
  readonly offset: number;
  readonly length: number;
  readonly value?: unknown;
  readonly parent?: JsonNode;
  readonly children?: readonly JsonNode[];
}

/** The tree of JSON with comments and trailing commas, or the first thing that is wrong with it. */
export function parseJson(
  text: string,
): { readonly root: JsonNode } | { readonly problem: string; readonly offset: number } {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  const [first] = errors;
  if (first !== undefined) return { problem: printParseErrorCode(first.error), offset: first.offset };
  return root === undefined ? { problem: "ValueExpected", offset: 0 } : { root: root };
}

/** What the node means, comments left out. */
export const valueOf = (node: JsonNode): unknown => getNodeValue(node as Parameters<typeof getNodeValue>[0]);

export const endOf = (node: JsonNode): number => node.offset + node.length;
