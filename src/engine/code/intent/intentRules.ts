import type { IntentName } from "../../../contract/intent.ts";
import type { CodeQuestion } from "../codeQuestion.ts";
import type { Trace } from "./readTrace.ts";

/** What rules look at beside the text. */
export interface QuestionFacts extends Pick<CodeQuestion, "text" | "names" | "paths"> {
  readonly trace: Trace;
}

export interface IntentRule {
  readonly intent: IntentName;
  /** What is told where it speaks: it follows "the question". */
  readonly says: string;
  readonly weight: number;
  readonly when: RegExp | ((facts: QuestionFacts) => boolean);
}

const has =
  (kind: Trace["frames"][number]["kind"]) =>
  ({ trace }: QuestionFacts): boolean =>
    trace.frames.some((frame) => frame.kind === kind);

/** Words beside names and paths. */
const wordsBeside = ({ text, names, paths }: QuestionFacts): number =>
  [...names, ...paths]
    .toSorted((a, b) => b.length - a.length)
    .reduce((left, name) => left.replaceAll(name, " "), text)
    .match(/[\p{L}\p{N}]{2,}/gu)?.length ?? 0;

/** Every rule that holds adds its weight to its intent; none knows of another. Weights are judged, not fitted. */
export const INTENT_RULES: readonly IntentRule[] = [
  { intent: "error", says: "holds a stack trace", weight: 4, when: has("frame") },
  { intent: "error", says: "holds what a compiler, linter or test runner reports", weight: 4, when: has("report") },
  {
    intent: "error",
    says: "names an exception or an error code",
    weight: 2,
    when: /\b(?:[A-Z]\w*(?:Error|Exception)|Traceback|SIG(?:SEGV|ABRT|KILL|TERM)|segmentation fault|core dumped|E(?:NOENT|ACCES|PERM|PIPE|EXIST|MFILE|ADDRINUSE|CONN\w+|TIMEDOUT|NOSPC)|(?:TS|CS|CA|MSB)\d{4}|error\[E\d{4}\])(?!\w)|\bpanic: /u,
  },
  {
    intent: "error",
    says: "says that something fails",
    weight: 1,
    when: /\b(?:crash(?:es|ed|ing)?|throws?|threw|fail(?:s|ed|ing|ure)?|hangs?|does(?:n['’]t| not) work|not working|is not a function|cannot read propert\w+|stack ?trace|traceback|deadlocks?|segfaults?)\b/iu,
  },
  {
    intent: "usage",
    says: "asks who calls, uses or implements something",
    weight: 3,
    when: /\b(?:who|what|which \w+|anything|anyone|all (?:that|places that)) (?:else )?(?:calls?|uses?|imports?|depends? on|references?|invokes?|implements?|extends?|consumes?)\b|\b(?:callers?|call ?sites?|usages?|uses|references|consumers?|implementations|implementers|subclasses) of\b|\bwhere (?:is|are|do we|does \w+) .{1,80}?\b(?:used?|call(?:ed)?|referenced|imported|invoked)\b/iu,
  },
  {
    intent: "usage",
    says: "asks what a change reaches",
    weight: 2,
    when: /\b(?:impact of|affected by|what (?:breaks|happens) if (?:i|we) (?:change|remove|rename|delete)|safe to (?:change|remove|rename|delete)|depends? on)\b/iu,
  },
  {
    intent: "why",
    says: "asks why",
    weight: 3,
    when: /\bwhy\b|\bhow come\b|\bwhat(?:['’]s| is| was| were) the (?:reason|rationale|motivation|point)\b|\breasons? (?:for|behind|why)\b/iu,
  },
  {
    intent: "why",
    says: "asks for a decision",
    weight: 1.5,
    when: /\b(?:decisions?|decided|rationale|trade-?offs?|design choice|did we choose|chosen over|agreed)\b/iu,
  },
  {
    intent: "recent",
    says: "asks what changed, or when",
    weight: 3,
    when: /\b(?:what|who|which|when)\b.{0,40}\b(?:changed|added|removed|introduced|committed|modified|touched|merged|rewr(?:ote|itten))\b|\b(?:recent(?:ly)?|latest|last|newest) (?:changes?|changed|commits?|work|merges?|edits?|modified)\b|\b(?:changed|added|merged|committed|worked on) (?:yesterday|today|lately|recently|last \w+|this (?:week|month|sprint))\b|\bgit (?:log|blame|history)\b|\bwhen (?:was|were|did)\b/iu,
  },
  {
    intent: "test",
    says: "asks for tests",
    weight: 3,
    when: /\b(?:tests?|specs?|test cases?|coverage|fixtures?|mocks?) (?:of|for|cover\w*|that|around)\b|\b(?:which|what|where) (?:are |is )?(?:the )?(?:\w+ )?tests?\b|\b(?:unit|integration|e2e|regression|end-to-end) tests?\b|\b(?:is|are) .{1,60} tested\b|^\s*test(?:\([^)]*\))?!?:/iu,
  },
  { intent: "test", says: "speaks of tests", weight: 1, when: /\b(?:tests?|testing|specs?|assertions?)\b/iu },
  {
    intent: "symbol",
    says: "is hardly more than a name",
    weight: 3,
    when: (facts) => facts.names.length > 0 && facts.text.length < 200 && wordsBeside(facts) <= 1,
  },
  {
    intent: "symbol",
    says: "asks what a name stands for",
    weight: 2,
    when: ({ text, names }) =>
      names.length > 0 &&
      /\b(?:what(?:['’]s| is| are| does)|(?:definition|declaration|signature|type|parameters|arguments) of|defined?|declared?)\b/iu.test(
        text,
      ),
  },
  { intent: "where", says: "asks where", weight: 2, when: /\bwhere\b/iu },
  {
    intent: "where",
    says: "asks for a file or place",
    weight: 2,
    when: /\b(?:which|what) (?:files?|modules?|class(?:es)?|functions?|places?|folders?|director(?:y|ies)|components?|packages?)\b|^\s*(?:find|locate|look for|show me)\b|\b(?:code|file|place|logic) (?:that|which|responsible)\b/iu,
  },
  {
    intent: "how",
    says: "asks how",
    weight: 2,
    when: /\bhow (?:do|does|is|are|can|should|would|to|did|was|were)\b/iu,
  },
  {
    intent: "how",
    says: "asks for an explanation",
    weight: 2,
    when: /\b(?:explain|walk me through|describe|overview|architecture|what happens (?:when|after|before|if))\b|\bhow .{1,60} works?\b|\bwhat does .{1,60} do\b/iu,
  },
  {
    intent: "configuration",
    says: "speaks of settings, builds or dependencies",
    weight: 1.5,
    when: /\b(?:config\w*|settings?|env(?:ironment)? (?:var\w*|file)|feature flags?|tsconfig\w*|package\.json|dependenc(?:y|ies)|docker\w*|ci|workflows?|eslint\w*|prettier|linters?|bundler|makefile)\b|^\s*(?:build|ci|chore)(?:\([^)]*\))?!?:/iu,
  },
  {
    intent: "configuration",
    says: "writes a name as settings are written",
    weight: 0.5,
    when: /\b[A-Z][A-Z\d]+_[A-Z\d_]{2,}\b/u,
  },
  {
    intent: "task",
    says: "is written as a commit's subject is",
    weight: 2,
    when: /^\s*(?:docs|feat|fix|perf|refactor|revert|style|types?|wip)(?:\([^)]*\))?!?:/iu,
  },
  {
    intent: "task",
    says: "says what is to be done",
    weight: 2,
    when: /^\s*(?:please |let['’]s |we (?:need|want|should) to |i (?:need|want) to )?(?:add|fix|implement|remove|rename|refactor|support|allow|make|use|update|change|improve|handle|move|replace|write|create|drop|avoid|prevent|ensure|migrate|deprecate|convert|extract|expose|introduce|optimi[sz]e|bump|port|split|merge|clean|simplify|warn|correct|revert)(?:e?[sd]|ing)?\b/iu,
  },
];
