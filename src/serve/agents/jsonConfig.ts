import { isDeepStrictEqual } from "node:util";
import { BYTE_ORDER_MARK, brokenConfig, type ConfigText, type EntryFormat, placeInText } from "./configText.ts";
import { appendProperty, removeProperty, replaceValue } from "./jsonEdit.ts";
import { type JsonNode, parseJson, valueOf } from "./jsonTree.ts";

/** JSON, with the comments and trailing commas that agents accept in theirs. An empty file is an empty object. */
export const jsonConfig: EntryFormat = {
  get(source, path) {
    const { root } = parsed(source);
    const node = root === undefined ? undefined : walk(source.file, root, path);
    return node === undefined ? undefined : valueOf(node);
  },

  set(source, path, entry) {
    const { mark, body, root } = parsed(source);
    if (root === undefined) {
      const nested = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), entry);
      return `${mark}${JSON.stringify(nested, undefined, 2)}\n`;
    }
    let deepest = root;
    let depth = 0;
    for (; depth < path.length; depth++) {
      const next = walk(source.file, root, path.slice(0, depth + 1));
      if (next === undefined) break;
      deepest = next;
    }
    const missing = path.slice(depth);
    const [name, ...below] = missing;
    const after =
      name === undefined
        ? replaceValue(body, deepest, entry)
        : appendProperty(
            body,
            deepest,
            name,
            below.reduceRight<unknown>((inner, key) => ({ [key]: inner }), entry),
          );
    return mark + checked(source, after, path, entry);
  },

  remove(source, path, keep) {
    const { mark, body, root } = parsed(source);
    const node = root === undefined ? undefined : walk(source.file, root, path);
    if (root === undefined || node === undefined) return source.text;
    let goes = path;
    while (goes.length > 1) {
      const parent = goes.slice(0, -1);
      const holder = walk(source.file, root, parent);
      if (holder?.children?.length !== 1 || keep(parent)) break;
      goes = parent;
    }
    const property = walk(source.file, root, goes)?.parent;
    if (property === undefined) return source.text;
    return mark + checked(source, removeProperty(body, property), goes, undefined);
  },
};

function parsed({ file, text }: ConfigText): {
  readonly mark: string;
  readonly body: string;
  readonly root: JsonNode | undefined;
} {
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
  const body = text.slice(mark.length);
  if (body.trim() === "") return { mark, body, root: undefined };
  const result = parseJson(body);
  if ("problem" in result) {
    throw brokenConfig(file, `is no JSON (${result.problem} at ${placeInText(body, result.offset)})`);
  }
  if (result.root.type !== "object") throw brokenConfig(file, "holds no JSON object");
  return { mark, body, root: result.root };
}

/** The value at the path, if it is there. Refuses a key that is written twice: agents would differ in which one they take. */
function walk(file: string, root: JsonNode, path: readonly string[]): JsonNode | undefined {
  let node: JsonNode = root;
  for (const [depth, key] of path.entries()) {
    if (node.type !== "object") throw brokenConfig(file, `has no object under "${path.slice(0, depth).join(".")}"`);
    const matches = (node.children ?? []).filter(({ children }) => children?.[0]?.value === key);
    if (matches.length > 1) throw brokenConfig(file, `has "${key}" twice`);
    const value = matches[0]?.children?.[1];
    if (value === undefined) return undefined;
    node = value;
  }
  return node;
}

/** An edit of text is only trusted once it reads as what was wanted, and everything else as before. */
function checked(source: ConfigText, after: string, path: readonly string[], wanted: unknown): string {
  const { root: old } = parsed(source);
  const { root: fresh } = parsed({ file: source.file, text: after });
  const expected: unknown = old === undefined ? {} : valueOf(old);
  assign(expected as Record<string, unknown>, path, wanted);
  if (!isDeepStrictEqual(fresh === undefined ? {} : plain(valueOf(fresh)), plain(expected))) {
    throw brokenConfig(source.file, "is written in a way that cannot be edited safely");
  }
  return after;
}

function assign(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length > 0) assign((target[key] ??= {}) as Record<string, unknown>, rest, value);
  else if (value === undefined) Reflect.deleteProperty(target, key);
  else target[key] = value;
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
