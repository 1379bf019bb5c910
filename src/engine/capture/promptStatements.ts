import type { Kind } from "../../contract/kinds.ts";

/** Something lasting that a person told an agent. */
export interface PromptStatement {
  readonly kind: Extract<Kind, "decision" | "rule" | "preference">;
  /** The sentence as it was written. */
  readonly text: string;
}

const MOST_STATEMENTS = 5;
const SHORTEST_WORDS = 4;
const LONGEST = 400;

const DECIDED =
  /\b(?:we|i)(?:['’]ve| have| had)? (?:all )?(?:now )?(?:decided|agreed|settled on|chose|chosen|opted|standardi[sz]ed on)\b|\b(?:the|our) (?:decision|convention|policy) is\b/iu;
const RULE =
  /^(?:please,? |so,? |and |also,? |important: ?|note: ?|remember: ?|rule: ?)*(?:(?:you |we |it )?(?:must|should|shall) )?(?:always|never|from now on|in (?:the )?future|make sure (?:to |you |that )?(?:always|never)|remember (?:to|that|not to)\b|do not ever|don['’]t ever)\b/iu;
const MUST = /\b(?:you|we|code|tests?|functions?|files?|commits?) (?:must|should|shall) (?:always|never)\b/iu;
const INSTEAD = /\b(?:use|using|prefer|choose|write|call|run) .{2,120}? (?:instead of|rather than|over|not) \S/iu;
const PREFERS = /\b(?:i|we) (?:always |usually )?(?:prefer|favou?r)\b/iu;

/** Asked, supposed or told of others: nothing was decided. */
const NOT_SAID =
  /\?\s*$|^(?:should|could|would|can|do|does|did|have|has|is|are|was|what|why|how|when|who|which)\b|\bif (?:we|i|you)\b|\b(?:maybe|perhaps|might|not sure|whether|never ?mind|haven['’]t|have not|hasn['’]t|didn['’]t decide|not decided)\b/iu;
/** Said of what is on the table, not for later. */
const ONLY_NOW =
  /\b(?:here|this (?:time|once|line|function|test|case|file|one|branch)|for now|temporarily|in this (?:pr|commit|change))\b/iu;

/**
 * Decisions and rules that a prompt states. Conservative: what is asked, supposed, quoted, in code, or said of the work at hand only is
 * left out, since a rule that nobody gave does more harm than one that has to be given twice.
 */
export function promptStatements(prompt: string): readonly PromptStatement[] {
  const found = new Map<string, PromptStatement>();
  for (const sentence of sentencesOf(prompt)) {
    const kind = kindOf(sentence);
    if (kind !== undefined && !found.has(sentence.toLowerCase()))
      found.set(sentence.toLowerCase(), { kind, text: sentence });
    if (found.size === MOST_STATEMENTS) break;
  }
  return [...found.values()];
}

function kindOf(sentence: string): PromptStatement["kind"] | undefined {
  if (NOT_SAID.test(sentence)) return undefined;
  if (DECIDED.test(sentence)) return "decision";
  if (RULE.test(sentence) || MUST.test(sentence)) return "rule";
  if (ONLY_NOW.test(sentence)) return undefined;
  if (INSTEAD.test(sentence)) return "rule";
  return PREFERS.test(sentence) ? "preference" : undefined;
}

/** Sentences and list items of plain text, without code, quotations, logs and markup. */
function sentencesOf(prompt: string): readonly string[] {
  const plain = prompt
    .replace(/(`{3,}|~{3,})[\s\S]*?(?:\1|$)/gu, "\n")
    .replace(/<([a-z][\w-]*)\b[^>]*>[\s\S]*?<\/\1>/giu, "\n")
    .split("\n")
    .filter((line) => !/^\s*(?:>|\||\+ |at |\d+[:|]|[$#%] |[\w./-]+:\d+)/u.test(line))
    .map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/u, ""));
  return plain
    .flatMap((line) => line.split(/(?<=[.!?…])\s+(?=[\p{Lu}"'`(])/u))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.length <= LONGEST && sentence.split(/\s+/u).length >= SHORTEST_WORDS);
}
