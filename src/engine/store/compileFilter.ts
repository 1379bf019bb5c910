import type { Condition, FieldCondition, FieldRef, GeoPoint, Scalar } from "../../contract/filter.ts";
import { HeirloomError } from "../../contract/errors.ts";
import type { RowSet } from "../../contract/rowSet.ts";
import { comparableText } from "./comparable.ts";
import { fuzzyMatcher } from "./fuzzyMatch.ts";
import { latitudesWithin } from "./geometry.ts";
import { pointTest } from "./matchCondition.ts";
import { pathText, VALUE_TYPE } from "./metadataEntries.ts";
import { compilePattern } from "./pattern.ts";
import type { SqlValue } from "./sqlEngine.ts";
import { WORD_FIELDS, type WordField } from "./words.ts";

/** A condition as an SQL expression over a row of `memory`, true exactly where the condition holds (false or NULL elsewhere). */
export interface CompiledFilter {
  /** Depends on the shape of the condition only, so that the prepared statement is used again. */
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** What `holds_text(slot, text)` and `holds_point(slot, lat, lon)` in the expression call. */
  readonly texts: readonly ((text: string) => boolean)[];
  readonly points: readonly ((point: GeoPoint) => boolean)[];
  /** The same of `holds_row(slot, row)`. */
  readonly rows: readonly RowSet[];
}

/** SQLite binds at most 32,766 values in a statement. */
const MAX_VALUES = 30_000;
/** The time that SQLite takes to plan a statement grows with the square of the subqueries in it: 500 take it 0.1 s. */
const MAX_COMPARISONS = 500;
/** SQLite refuses expressions that are nested deeper than 1,000. */
const MAX_DEPTH = 100;

/** INVALID_INPUT for a pattern that is no pattern, and for a condition beyond what SQLite takes. */
export function compileFilter(condition: Condition): CompiledFilter {
  const compiler = new Compiler();
  const sql = compiler.expression(condition, 0);
  if (compiler.values.length > MAX_VALUES)
    throw new HeirloomError("INVALID_INPUT", `The filter compares with more than ${MAX_VALUES} values; split it.`);
  return { sql, values: compiler.values, texts: compiler.texts, points: compiler.points, rows: compiler.rows };
}

type Leaf = FieldCondition;

class Compiler {
  readonly values: SqlValue[] = [];
  readonly texts: ((text: string) => boolean)[] = [];
  readonly points: ((point: GeoPoint) => boolean)[] = [];
  readonly rows: RowSet[] = [];

  #comparisons = 0;

  expression(condition: Condition, depth: number): string {
    if (depth > MAX_DEPTH)
      throw new HeirloomError("INVALID_INPUT", `The filter is nested deeper than ${MAX_DEPTH} levels.`);
    switch (condition.op) {
      case "and":
      case "or": {
        const parts = condition.of.map((inner) => this.expression(inner, depth + 1));
        return joined(parts, condition.op === "and" ? " AND " : " OR ", condition.op === "and" ? "1" : "0");
      }
      case "not":
        // Not NOT: that of NULL, which a missing field gives, would be NULL.
        return `((${this.expression(condition.of, depth + 1)}) IS NOT TRUE)`;
      case "among":
        return `holds_row(${this.#bind(this.rows.push(condition.rows) - 1)}, row)`;
      case "ne":
        return `((${this.#leaf({ ...condition, op: "eq" })}) IS NOT TRUE)`;
      case "nin":
        return `((${this.#leaf({ ...condition, op: "in" })}) IS NOT TRUE)`;
      case "exists": {
        const present = this.#leaf(condition);
        return condition.value ? present : `((${present}) IS NOT TRUE)`;
      }
      default:
        return this.#leaf(condition);
    }
  }

  #leaf(leaf: Leaf): string {
    if (++this.#comparisons > MAX_COMPARISONS)
      throw new HeirloomError(
        "INVALID_INPUT",
        `The filter makes more than ${MAX_COMPARISONS} comparisons; use $in for a list of values.`,
      );
    const { ref } = leaf;
    if (ref.field === "metadata") return this.#metadata(leaf, ref.path);
    if (ref.field === "id") return leaf.op === "exists" ? "1" : this.#text("id", leaf);
    if (ref.field === "timestamp") return leaf.op === "exists" ? "1" : this.#number("timestamp", leaf);
    if (ref.field === "tags") {
      if (leaf.op === "exists") return "row IN (SELECT row FROM tag)";
      return `row IN (SELECT row FROM tag WHERE ${this.#word("word", ref.field, leaf)})`;
    }
    return leaf.op === "exists" ? `${ref.field} IS NOT NULL` : this.#word(ref.field, ref.field, leaf);
  }

  #word(column: string, field: WordField & FieldRef["field"], leaf: Leaf): string {
    const number = WORD_FIELDS.indexOf(field);
    if (leaf.op === "eq") {
      if (typeof leaf.value !== "string") return "0";
      return `${column} = (SELECT code FROM word WHERE field = ${number} AND text = ${this.#bind(leaf.value)})`;
    }
    const text = this.#text("text", leaf);
    return text === "0" ? "0" : `${column} IN (SELECT code FROM word WHERE field = ${number} AND ${text})`;
  }

  #metadata(leaf: Leaf, path: readonly string[]): string {
    if (leaf.op === "exists" && path.length === 0) return "1";
    const at = `path = (SELECT code FROM word WHERE field = ${WORD_FIELDS.indexOf("path")} AND text = ${this.#bind(pathText(path))})`;
    const entry = (type: keyof typeof VALUE_TYPE, test: string): string =>
      `row IN (SELECT row FROM entry WHERE ${at} AND type = ${VALUE_TYPE[type]} AND ${test})`;
    switch (leaf.op) {
      case "exists":
        return `row IN (SELECT row FROM entry WHERE ${at})`;
      case "near":
        return this.#position(at, leaf, latitudesWithin(leaf.center, leaf.km));
      case "within": {
        const latitudes = leaf.polygon.map((corner) => corner.lat);
        if (latitudes.length === 0) return this.#dropping(1, "0");
        return this.#position(at, leaf, [Math.min(...latitudes), Math.max(...latitudes)]);
      }
      case "eq":
        if (typeof leaf.value === "string") return entry("string", this.#text("value", leaf));
        if (typeof leaf.value === "number") return entry("number", this.#number("value", leaf));
        return leaf.value === null ? entry("null", "1") : entry("boolean", `value = ${Number(leaf.value)}`);
      case "in": {
        const tests = (["string", "number", "boolean", "null"] as const).flatMap((type) => {
          const values = leaf.values.filter((value) => (value === null ? "null" : typeof value) === type);
          if (values.length === 0) return [];
          if (type === "string") return `(type = ${VALUE_TYPE.string} AND ${this.#text("value", { ...leaf, values })})`;
          return `(type = ${VALUE_TYPE[type]} AND value IN (${values.map((value) => this.#bind(Number(value))).join()}))`;
        });
        if (tests.length === 0) return this.#dropping(1, "0");
        return `row IN (SELECT row FROM entry WHERE ${at} AND (${tests.join(" OR ")}))`;
      }
      case "gt":
      case "gte":
      case "lt":
      case "lte":
        return typeof leaf.value === "number"
          ? entry("number", this.#number("value", leaf))
          : entry("string", this.#text("value", leaf));
      default:
        return entry("string", this.#text("value", leaf));
    }
  }

  #position(
    at: string,
    leaf: Extract<Leaf, { op: "near" | "within" }>,
    [south, north]: readonly [number, number],
  ): string {
    const slot = this.points.push(pointTest(leaf)) - 1;
    const box = `lat BETWEEN ${this.#bind(south)} AND ${this.#bind(north)}`;
    return `row IN (SELECT row FROM position WHERE ${at} AND ${box} AND holds_point(${this.#bind(slot)}, lat, lon))`;
  }

  /** A test of a column that holds comparable text. */
  #text(column: string, leaf: Leaf): string {
    switch (leaf.op) {
      case "eq":
        return typeof leaf.value === "string" ? `${column} = ${this.#bind(leaf.value)}` : "0";
      case "in": {
        const texts = leaf.values.filter((value) => typeof value === "string").map(comparableText);
        return texts.length === 0
          ? "0"
          : `${column} IN (SELECT value FROM json_each(${this.#bind(JSON.stringify(texts))}))`;
      }
      case "gt":
      case "gte":
      case "lt":
      case "lte":
        return typeof leaf.value === "string" ? `${column} ${SIGN[leaf.op]} ${this.#bind(leaf.value)}` : "0";
      case "regex":
        return this.#holdsText(column, compilePattern(leaf.pattern));
      case "fuzzy":
        return this.#holdsText(column, fuzzyMatcher(leaf.text, leaf.distance));
      default:
        return "0";
    }
  }

  /** A test of a column that holds numbers. */
  #number(column: string, leaf: Leaf): string {
    switch (leaf.op) {
      case "eq":
        return typeof leaf.value === "number" ? `${column} = ${this.#bind(leaf.value)}` : "0";
      case "in": {
        const numbers = leaf.values.filter((value) => typeof value === "number");
        return numbers.length === 0 ? "0" : `${column} IN (${numbers.map((value) => this.#bind(value)).join()})`;
      }
      case "gt":
      case "gte":
      case "lt":
      case "lte":
        return typeof leaf.value === "number" ? `${column} ${SIGN[leaf.op]} ${this.#bind(leaf.value)}` : "0";
      default:
        return "0";
    }
  }

  #holdsText(column: string, holds: (text: string) => boolean): string {
    return `holds_text(${this.#bind(this.texts.push(holds) - 1)}, ${column})`;
  }

  #bind(value: Exclude<Scalar, null | boolean>): string {
    this.values.push(typeof value === "string" ? comparableText(value) : value);
    return "?";
  }

  /** An expression that needs none of the last `count` values that were bound. */
  #dropping(count: number, sql: string): string {
    this.values.length -= count;
    return sql;
  }
}

const SIGN = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;

/** Joins in halves: SQLite counts a chain of n operators as n levels of nesting. */
function joined(parts: readonly string[], operator: " AND " | " OR ", empty: string): string {
  if (parts.length <= 1) return parts[0] ?? empty;
  const half = parts.length >> 1;
  return `(${joined(parts.slice(0, half), operator, empty)}${operator}${joined(parts.slice(half), operator, empty)})`;
}
