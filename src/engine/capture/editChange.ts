import type { HookInput } from "../../contract/hooks.ts";

/** One place of a file that an agent's tool changes: the text that stood there and the text that stands there then. */
export interface EditChange {
  /** As the agent wrote it. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

type Fields = Readonly<Record<string, unknown>>;

const MOST_CHANGES = 50;
/** More text than this is a file that is written anew, in characters. */
const MOST_TEXT = 65_536;

/**
 * What an edit changes, as far as its tool tells; empty where it does not, or where it is much. After the edit the answer of the tool has whole
 * lines, which is better than what was asked for.
 */
export function readEditChanges({
  tool_input = {},
  tool_response,
}: Pick<HookInput, "tool_input" | "tool_response">): readonly EditChange[] {
  const own = textOf(tool_input, "file_path", "filePath", "path", "notebook_path") ?? "";
  const given = tool_input["changes"];
  const found = Array.isArray(given)
    ? (given as readonly unknown[]).flatMap((one) => changeOf(one, own))
    : (patched(tool_response, own) ?? [...asked(tool_input, own), ...ofPatchText(tool_input)]);
  const size = found.reduce((sum, { before, after }) => sum + before.length + after.length, 0);
  return found.length > MOST_CHANGES || size > MOST_TEXT ? [] : found;
}

/** `structuredPatch`, as Claude Code answers: hunks of lines that begin with a sign. */
function patched(response: unknown, path: string): readonly EditChange[] | undefined {
  const hunks = isObject(response) ? response["structuredPatch"] : undefined;
  if (!Array.isArray(hunks) || hunks.length === 0) return undefined;
  return (hunks as readonly unknown[]).flatMap((hunk) => {
    const lines = isObject(hunk) ? hunk["lines"] : undefined;
    const texts = Array.isArray(lines) ? lines.filter((line) => typeof line === "string") : [];
    return texts.length === 0 ? [] : [changeOfLines(path, texts)];
  });
}

function asked(input: Fields, path: string): readonly EditChange[] {
  const lists = [input["edits"], input["replacements"]].flatMap((list) =>
    Array.isArray(list) ? (list as readonly unknown[]) : [],
  );
  return [input, ...lists].flatMap((one) => changeOf(one, path));
}

function changeOf(one: unknown, path: string): readonly EditChange[] {
  if (!isObject(one)) return [];
  const before = textOf(one, "before", "old_string", "oldString", "old_str");
  const after = textOf(one, "after", "new_string", "newString", "new_str");
  const where = textOf(one, "path", "file_path", "filePath") ?? path;
  return before === undefined || after === undefined || where === "" ? [] : [{ path: where, before, after }];
}

/** `*** Update File: …` with hunks that begin with `@@`, as Codex and Copilot apply them. */
function ofPatchText(input: Fields): readonly EditChange[] {
  const text = textOf(input, "input", "patch");
  if (text?.includes("*** Update File: ") !== true) return [];
  return text.split(/^\*\*\* (?=(?:Add|Update|Delete) File: )/mu).flatMap((file) => {
    const path = /^Update File: (.+)$/mu.exec(file)?.[1]?.trim();
    if (path === undefined) return [];
    const hunks = file.split(/^@@.*$/mu).map((hunk) => hunk.split("\n").filter((line) => /^[ +-]/u.test(line)));
    return hunks.filter((lines) => lines.length > 0).map((lines) => changeOfLines(path, lines));
  });
}

function changeOfLines(path: string, lines: readonly string[]): EditChange {
  const side = (sign: string): string =>
    lines
      .filter((line) => line.startsWith(" ") || line.startsWith(sign))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  return { path, before: side("-"), after: side("+") };
}

function textOf(fields: Fields, ...names: readonly string[]): string | undefined {
  return names.map((name) => fields[name]).find((value): value is string => typeof value === "string");
}

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
