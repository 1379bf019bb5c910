import type { Condition } from "../../contract/filter.ts";
import type { SearchStore } from "./storePlan.ts";

/** The condition with every comparison of freshness as the rows that it accepts where the request stands: the tables do not know that. */
export function withFreshRows(condition: Condition, { freshness }: Pick<SearchStore, "freshness">): Condition {
  if (freshness === undefined) return condition;
  switch (condition.op) {
    case "and":
    case "or":
      return { op: condition.op, of: condition.of.map((inner) => withFreshRows(inner, { freshness })) };
    case "not":
      return { op: "not", of: withFreshRows(condition.of, { freshness }) };
    case "among":
      return condition;
    default:
      return condition.ref.field === "freshness" ? { op: "among", rows: freshness.rowsWhere(condition) } : condition;
  }
}
