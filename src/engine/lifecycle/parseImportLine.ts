import { HeirloomError } from "../../contract/errors.ts";
import { importLine, type ImportLine } from "../../contract/importLine.ts";
import { droppedKey } from "../../contract/json.ts";
import { isServerMemoryLine, memoryFromServerMemory } from "./serverMemory.ts";

/** The most that one line may hold, in UTF-16 units: a memory of 1 MB with every character escaped, and its metadata, stay below it. */
export const MAX_LINE_LENGTH = 4 * 1_048_576;

/**
 * One line of an import: our own format, or that of @modelcontextprotocol/server-memory. Undefined for a blank line, which is no error.
 * INVALID_INPUT with `details.fields` ({field, message} each) when the line is no JSON object or a field is wrong;
 * PAYLOAD_TOO_LARGE when it is longer than `MAX_LINE_LENGTH`. The kind's name is left to admission, which knows the aliases.
 */
export function parseImportLine(line: string): ImportLine | undefined {
  if (line.length > MAX_LINE_LENGTH) {
    throw new HeirloomError("PAYLOAD_TOO_LARGE", "the line is longer than 4 MB; split the memory into several");
  }
  if (line.trim() === "") return undefined;
  const value = parseJson(line);
  const dropped = line.includes("__proto__") || line.includes("\\u") ? droppedKey(value) : undefined;
  if (dropped !== undefined) {
    const fields = [{ field: dropped, message: "no key may be named __proto__" }];
    throw new HeirloomError("INVALID_INPUT", `${dropped}: no key may be named __proto__`, { fields });
  }
  if (isServerMemoryLine(value)) return memoryFromServerMemory(value);
  const parsed = importLine.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => ({ field: fieldName(issue.path), message: issue.message }));
  throw new HeirloomError(
    "INVALID_INPUT",
    fields.map(({ field, message }) => (field === "" ? message : `${field}: ${message}`)).join("; "),
    { fields },
  );
}

function parseJson(line: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HeirloomError(
      "INVALID_INPUT",
      `the line is not JSON (${oneLine(reason)}); each line must be one JSON object`,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new HeirloomError("INVALID_INPUT", "the line is JSON, but not an object; each line must be one JSON object");
  }
  return value;
}

/** `anchors[0].path`, as a person would write it. */
function fieldName(path: readonly PropertyKey[]): string {
  let name = "";
  for (const key of path) name += typeof key === "number" ? `[${key}]` : `${name === "" ? "" : "."}${String(key)}`;
  return name;
}

/** V8 quotes the line in its message, which may be long and hold line ends. */
const oneLine = (text: string): string => {
  const flat = text.replace(/\s+/gu, " ");
  return flat.length > 160 ? `${flat.slice(0, 160)}…` : flat;
};
