import { FILTER_FIELDS, type FieldRef, type FilterField } from "../../contract/filter.ts";
import { childPath, filterError } from "./filterError.ts";
import { suggest } from "./suggest.ts";

const MAX_PATH_KEYS = 16;

/** Snake case, as other systems spell the fields. */
const FIELDS: ReadonlyMap<string, FilterField> = new Map<string, FilterField>([
  ...FILTER_FIELDS.map((field): [string, FilterField] => [field, field]),
  ["event_type", "eventType"],
  ["session_id", "sessionId"],
  ["workspace_id", "workspaceId"],
  ["git_branch", "gitBranch"],
  ["git_commit", "gitCommit"],
]);

/** The bounds of a time span that stand beside the fields. */
export const TIME_BOUNDS: ReadonlyMap<string, "gte" | "lte"> = new Map([
  ["startTime", "gte"],
  ["start_time", "gte"],
  ["endTime", "lte"],
  ["end_time", "lte"],
]);

const KNOWN_NAMES = [...FILTER_FIELDS, "metadata", "startTime", "endTime"];

/** The field that `key` names; `metadata` itself has an empty path. INVALID_INPUT when there is none. */
export function fieldOf(key: string, path: string): FieldRef {
  const field = FIELDS.get(key);
  if (field !== undefined) return { field };
  if (key === "metadata") return { field: "metadata", path: [] };
  if (key.startsWith("metadata.")) return metadataField([], key.slice("metadata.".length), childPath(path, key));
  throw filterError(
    childPath(path, key),
    `unknown field${suggest(key, KNOWN_NAMES) || `; known are ${FILTER_FIELDS.join(", ")} and metadata.path`}`,
  );
}

/** The metadata field below `parents` that `key`, keys joined by dots, leads to. */
export function metadataField(parents: readonly string[], key: string, path: string): FieldRef {
  const keys = [...parents, ...key.split(".")];
  if (keys.includes("")) throw filterError(path, "a metadata path has an empty key");
  if (keys.length > MAX_PATH_KEYS) throw filterError(path, `a metadata path has at most ${MAX_PATH_KEYS} keys`);
  return { field: "metadata", path: keys };
}
