import type { z } from "zod";
import { type JsonObject, jsonObject } from "./json.ts";
import type { RowSet } from "./rowSet.ts";

/** A filter as a caller writes it; `engine/retrieve/parseFilter.ts` turns it into a `Condition` or names what is wrong. */
export const filterInput: z.ZodType<JsonObject> = jsonObject.describe(
  "{field: value} or {field: {$eq|$ne|$in|$nin|$gt|$gte|$lt|$lte|$exists|$regex|$fuzzy|$near|$within: …}}, joined by " +
    "$and, $or, $not. Fields: id, kind, scope, eventType, sessionId, workspaceId, gitBranch, gitCommit, timestamp, tags, freshness, agent, pinned, metadata.path",
);

/** The fields of a memory that a filter may name; every other name must start with `metadata.`. */
export const FILTER_FIELDS = [
  "id",
  "kind",
  "scope",
  "eventType",
  "sessionId",
  "workspaceId",
  "gitBranch",
  "gitCommit",
  "timestamp",
  "tags",
  "freshness",
  "agent",
  "pinned",
] as const;
export type FilterField = (typeof FILTER_FIELDS)[number];

export type Scalar = string | number | boolean | null;
/** `path` is set for metadata only: the keys from the top of `metadata` down. */
export type FieldRef =
  { readonly field: FilterField } | { readonly field: "metadata"; readonly path: readonly string[] };

export type GeoPoint = { readonly lat: number; readonly lon: number };

/**
 * A filter after parsing, in a form with one meaning. Comparisons never coerce: a number equals a number, text equals text.
 * A list (tags, or an array in metadata) matches when any element does. `ne` and `nin` are the negation of `eq` and `in`, so a
 * missing field matches them; every other comparison with a missing field is false. `timestamp` compares in milliseconds.
 */
export type Condition =
  | { readonly op: "and" | "or"; readonly of: readonly Condition[] }
  | { readonly op: "not"; readonly of: Condition }
  /** These rows of the store that is asked: what is not told by the memory itself, such as its freshness in a work tree. No filter says so. */
  | { readonly op: "among"; readonly rows: RowSet }
  | { readonly op: "eq" | "ne"; readonly ref: FieldRef; readonly value: Scalar }
  | { readonly op: "in" | "nin"; readonly ref: FieldRef; readonly values: readonly Scalar[] }
  | { readonly op: "gt" | "gte" | "lt" | "lte"; readonly ref: FieldRef; readonly value: string | number }
  | { readonly op: "exists"; readonly ref: FieldRef; readonly value: boolean }
  | { readonly op: "regex"; readonly ref: FieldRef; readonly pattern: string }
  | { readonly op: "fuzzy"; readonly ref: FieldRef; readonly text: string; readonly distance: 1 | 2 }
  | { readonly op: "near"; readonly ref: FieldRef; readonly center: GeoPoint; readonly km: number }
  | { readonly op: "within"; readonly ref: FieldRef; readonly polygon: readonly GeoPoint[] };

/** A comparison of one field. */
export type FieldCondition = Exclude<Condition, { op: "and" | "or" | "not" | "among" }>;
