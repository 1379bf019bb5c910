import { counted } from "../contract/counted.ts";
import { grouped } from "../contract/grouped.ts";
import type { PlanResult } from "../contract/tools.ts";

/** How a search went about it, in words; `--json` has the numbers. */
export function planText(plan: PlanResult): string {
  const rejected = plan.rejected.map(
    ({ strategy, estimatedCost }) => `${NAMES[strategy] ?? strategy} was estimated at ${visits(estimatedCost)}`,
  );
  return [
    `How this was found: ${NAMES[plan.strategy] ?? plan.strategy}, because ${plan.why}.`,
    `  estimated: ${rows(plan.estimatedRows)} for ${visits(plan.estimatedCost)}; found: ${rows(plan.actualRows)}`,
    ...(rejected.length === 0 ? [] : [`  not chosen: ${rejected.join("; ")}`]),
    ...plan.steps.map(({ step, rows: count, ms }) => `  ${step}: ${rows(count)} in ${milliseconds(ms)}`),
    `  working memory: ${size(plan.memoryBytes)}`,
  ].join("\n");
}

const NAMES: Readonly<Record<string, string>> = {
  "filter-first": "the filter first, then the words",
  "index-first": "the words first",
  list: "the newest, listed",
};

const rows = (count: number): string => counted(Math.round(count), "memory", "memories");
const visits = (cost: number): string => counted(Math.round(cost), "row visit", "row visits");
const milliseconds = (ms: number): string => (ms < 0.1 ? "less than 0.1 ms" : `${ms.toFixed(1)} ms`);
const size = (bytes: number): string => (bytes < 1_024 ? `${bytes} bytes` : `${grouped(Math.round(bytes / 1_024))} KB`);
