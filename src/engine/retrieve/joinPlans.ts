import type { PlanResult } from "../../contract/tools.ts";
import type { SearchStore, StorePlan } from "./storePlan.ts";

/** One explanation for all stores: that of the store with the most to search, with the figures of all of them together. */
export function joinPlans(stores: readonly SearchStore[], plans: readonly StorePlan[]): PlanResult {
  const sum = (of: (plan: StorePlan) => number) => plans.reduce((total, plan) => total + of(plan), 0);
  const leading = plans.reduce<StorePlan | undefined>(
    (most, plan) => (most === undefined || plan.estimatedCost > most.estimatedCost ? plan : most),
    undefined,
  );
  return {
    strategy: leading?.strategy ?? "list",
    why: leading?.why ?? "there is no store",
    estimatedRows: sum((plan) => plan.estimatedRows),
    actualRows: sum((plan) => plan.actualRows),
    estimatedCost: sum((plan) => plan.estimatedCost),
    rejected: leading?.rejected ?? [],
    steps: plans.flatMap((plan, index) =>
      plan.steps.map((step) => ({ ...step, step: `${stores[index]?.name ?? "store"}: ${step.step}` })),
    ),
    memoryBytes: sum((plan) => plan.bytes),
  };
}
