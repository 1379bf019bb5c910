import type { Json, JsonObject } from "../../contract/json.ts";
import { comparableText } from "./comparable.ts";
import { pointOf } from "./geometry.ts";

/** Sorts of values in the table `entry`. `present` stands for a list or an object as such. The numbers are part of the schema. */
export const VALUE_TYPE = { null: 0, boolean: 1, number: 2, string: 3, present: 4 } as const;

export interface MetadataEntry {
  /** `pathText` of the keys. */
  readonly path: string;
  readonly type: (typeof VALUE_TYPE)[keyof typeof VALUE_TYPE];
  readonly value: string | number;
}

export interface MetadataPosition {
  readonly path: string;
  readonly lat: number;
  readonly lon: number;
}

/** The keys from the top of the metadata down, as one text. */
export const pathText = (keys: readonly string[]): string => comparableText(JSON.stringify(keys));

/** Everything in the metadata that a filter can compare: scalars and the scalar elements of lists, each under its path. */
export function metadataEntries(metadata: JsonObject): {
  readonly entries: readonly MetadataEntry[];
  readonly positions: readonly MetadataPosition[];
} {
  const entries: MetadataEntry[] = [];
  const positions: MetadataPosition[] = [];
  const position = (path: string, value: Json): void => {
    const point = pointOf(value);
    if (point !== undefined) positions.push({ path, lat: point.lat, lon: point.lon });
  };
  const descend = (keys: readonly string[], value: Json): void => {
    const path = pathText(keys);
    if (value === null || typeof value !== "object") {
      entries.push(scalarEntry(path, value));
      return;
    }
    if (keys.length > 0) entries.push({ path, type: VALUE_TYPE.present, value: 0 });
    if (isList(value)) {
      for (const element of value) {
        if (element === null || typeof element !== "object") entries.push(scalarEntry(path, element));
        else position(path, element);
      }
      return;
    }
    position(path, value);
    for (const [key, inner] of Object.entries(value)) descend([...keys, key], inner);
  };
  descend([], metadata);
  return { entries, positions };
}

/** `Array.isArray` does not narrow a readonly array. */
export const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function scalarEntry(path: string, value: string | number | boolean | null): MetadataEntry {
  if (value === null) return { path, type: VALUE_TYPE.null, value: 0 };
  if (typeof value === "boolean") return { path, type: VALUE_TYPE.boolean, value: Number(value) };
  if (typeof value === "number") return { path, type: VALUE_TYPE.number, value };
  return { path, type: VALUE_TYPE.string, value: comparableText(value) };
}
