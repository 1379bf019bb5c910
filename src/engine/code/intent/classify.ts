import { type Intent, INTENTS, type IntentName } from "../../../contract/intent.ts";
import { INTENT_RULES, type QuestionFacts } from "./intentRules.ts";

/** What the task has before any rule speaks: it is what is left where none does. */
const PRIOR = 0.5;

/**
 * The intent for which the rules that hold weigh most; of equal ones the first of `INTENTS`. Its confidence is its share of everything that was weighed, the
 * prior of `task` included.
 */
export function classify(facts: QuestionFacts): Intent {
  const spoke = INTENT_RULES.filter(({ when }) => (when instanceof RegExp ? when.test(facts.text) : when(facts)));
  const weights = new Map<IntentName, number>(INTENTS.map((name) => [name, name === "task" ? PRIOR : 0]));
  for (const { intent, weight } of spoke) weights.set(intent, (weights.get(intent) ?? 0) + weight);
  const [name] = INTENTS.toSorted((a, b) => (weights.get(b) ?? 0) - (weights.get(a) ?? 0));
  const chosen = name ?? "task";
  const whole = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const why = spoke.filter(({ intent }) => intent === chosen).map(({ says }) => `the question ${says}`);
  return {
    name: chosen,
    confidence: Math.round((100 * (weights.get(chosen) ?? 0)) / whole) / 100,
    why: why.length === 0 ? ["no rule speaks for anything else"] : why,
  };
}
