import { z } from "zod";
import { analyzeInput, analyzeResult, chunkInput, chunkResult } from "./analyze.ts";
import {
  codeFields,
  indexInput,
  indexResult,
  locateInput,
  locateResult,
  searchCodeInput,
  searchCodeResult,
} from "./codeTools.ts";
import { DETAIL_LEVELS } from "./detail.ts";
import { documentInput, documentResult } from "./document.ts";
import { filterInput } from "./filter.ts";
import { grepInput, grepResult } from "./grep.ts";
import { intentResult } from "./intent.ts";
import { SCOPES } from "./kinds.ts";
import { jsonObject } from "./json.ts";
import { lineageInput, lineageResult } from "./lineageReview.ts";
import { shareInput, shareResult } from "./share.ts";
import { pack, packsInput, packsResult } from "./packs.ts";
import { memoryFields, optionalMemoryFields, memoryView } from "./memory.ts";
import { relateInput, relateResult } from "./relate.ts";
import { projectStatsInput, projectStatsResult } from "./projectStats.ts";
import { OUTCOMES } from "./use.ts";
import { upsertInput, upsertResult } from "./upsert.ts";

export const PROFILES = ["core", "code", "lifecycle", "admin"] as const;
export type Profile = (typeof PROFILES)[number];

export const DEDUPE = ["none", "skip", "merge"] as const;

const captureInput = z.strictObject({
  eventType: memoryFields.eventType.describe("What happened, in the caller's own words: decision, gotcha, note, …"),
  content: memoryFields.content.describe("The text to remember, at most 1 MB"),
  kind: memoryFields.kind.optional(),
  scope: memoryFields.scope.optional(),
  title: memoryFields.title.optional(),
  tags: memoryFields.tags.optional(),
  metadata: memoryFields.metadata.optional(),
  anchors: memoryFields.anchors.optional().describe("The code that it speaks of"),
  ttlSeconds: memoryFields.ttlSeconds.optional().describe("Never returned after this many seconds"),
  dedupe: z.enum(DEDUPE).optional().describe("What to do with a (near-)duplicate; default merge"),
  idempotencyKey: z.string().min(1).max(256).optional().describe("The same key never stores twice"),
  supersedes: z
    .array(z.string().min(1).max(128))
    .max(20)
    .optional()
    .describe("Memories that no longer hold: hidden wherever this one is seen"),
  sessionId: memoryFields.sessionId.optional(),
});
const captureResult = z.object({
  id: z.string(),
  outcome: z.enum(["created", "merged", "duplicate"]),
  redactions: z.int().describe("How many secrets were taken out"),
  provenance: z.object({
    branch: z.string().optional(),
    commit: z.string().optional(),
    dirty: z.boolean(),
    pending: z.boolean().describe("It waits for the next commit made from this HEAD"),
  }),
  warnings: z.array(z.string()).optional().describe("What may have been meant otherwise; it is stored all the same"),
});

const retrieveInput = z.strictObject({
  query: z.string().max(10_000).describe('What to look for; "" lists the newest'),
  limit: z.int().min(1).max(100).optional().describe("Default 10"),
  cursor: z.string().max(4096).optional().describe("nextCursor of the page before"),
  filters: filterInput.optional(),
  scope: z.enum(SCOPES).optional(),
  includeHidden: z.boolean().optional().describe("Also those that this HEAD does not inherit"),
  asOf: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("A commit as git names it, or a time such as 2026-11-28T09:00:00Z: answers as it would have then"),
  pack,
  explain: z.boolean().optional().describe("Also return the plan"),
});
const planResult = z.object({
  strategy: z.enum(["filter-first", "index-first", "list"]),
  why: z.string(),
  estimatedRows: z.number(),
  actualRows: z.int(),
  estimatedCost: z.number().describe("In row visits"),
  rejected: z.array(z.object({ strategy: z.string(), estimatedCost: z.number() })),
  steps: z.array(z.object({ step: z.string(), rows: z.int(), ms: z.number() })),
  memoryBytes: z.int().describe("Working memory of the query: bit sets and accumulators"),
});
const retrieveResult = z.object({
  memories: z.array(memoryView),
  nextCursor: z.string().optional(),
  tookMs: z.number(),
  plan: planResult.optional(),
});

export { DETAIL_LEVELS } from "./detail.ts";
const contextInput = z.strictObject({
  query: z.string().min(1).max(10_000),
  budget: z.int().min(64).max(200_000).optional().describe("Tokens; default 4000"),
  limit: z.int().min(1).max(100).optional().describe("Candidates to consider; default 40"),
  filters: filterInput.optional(),
  detail: z
    .enum(DETAIL_LEVELS)
    .optional()
    .describe(
      "For every item: outline, titles and names; signatures, first sentences and declarations; implementation; full, whole files. Default: each as the budget is spent best",
    ),
  pack,
});
const progressiveInput = z.strictObject({
  query: contextInput.shape.query,
  detail: z.enum(DETAIL_LEVELS).optional().describe("As of build-context; of specificFiles by default implementation"),
  budget: contextInput.shape.budget,
  specificFiles: z
    .array(z.string().min(1).max(1_000))
    .max(100)
    .optional()
    .describe("Paths, or ends of paths, that are shown first and, without includeRelated, alone"),
  includeRelated: z
    .boolean()
    .optional()
    .describe("Also what they import, what imports or calls them, and what changes with them"),
  pack,
});
const contextResult = z.object({
  markdown: z.string(),
  tokens: z.int().describe("Of markdown"),
  items: z.array(
    z.object({
      ref: z.string().describe("Id of a memory, or path:first-last line of code, of several folders folder//path"),
      title: z.string().optional(),
      tokens: z.int(),
      why: z.string(),
      path: z.string().optional().describe("Of code"),
      root: codeFields.ofRoot,
      detail: z.enum(DETAIL_LEVELS).optional().describe("Of code: how much of the file is shown"),
    }),
  ),
  dropped: z.array(z.object({ ref: z.string(), title: z.string().optional(), why: z.string() })),
  stoppedBecause: z.string(),
  intent: intentResult.optional(),
  code: z
    .object({
      state: z.enum(["ready", "partial", "none", "off"]).describe("none: the code is not indexed yet"),
      pending: z.int().optional().describe("Files that are not indexed yet, and so not among these"),
    })
    .optional(),
});

const reviseInput = z.strictObject({
  id: z.string().min(1),
  content: memoryFields.content.optional(),
  ...optionalMemoryFields,
  pinned: z.boolean().optional().describe("First in lists"),
  reason: z.string().min(1).max(1000).optional(),
});
const reviseResult = z.object({ id: z.string(), revision: z.int() });

const feedbackInput = z.strictObject({
  id: z.string().min(1).optional(),
  ids: z.array(z.string().min(1)).max(100).optional(),
  outcome: z
    .enum(OUTCOMES)
    .optional()
    .describe("helpful: it answered; used: it was worked by; wrong; stale: no longer so"),
  reset: z.boolean().optional().describe("Give up what ranking has learned from outcomes"),
});
const feedbackResult = z.object({ recorded: z.int(), reset: z.boolean().optional() });

const forgetInput = z.strictObject({
  id: z.string().min(1).optional(),
  filters: filterInput.optional(),
  now: z.boolean().optional().describe("Also remove the text from disk at once; there is no undo"),
  dryRun: z.boolean().optional().describe("Only count what would be forgotten"),
  undo: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("The undoToken of an earlier call, or the id of one forgotten memory: brings them back"),
});
const forgetResult = z.object({
  forgotten: z.int(),
  restored: z.int().optional().describe("Memories that are back, or as they were before a merge"),
  ids: z.array(z.string()).describe("At most the first 100"),
  undoToken: z.string().optional(),
});

const gitStateResult = z.object({
  repository: z.boolean(),
  root: z.string().optional(),
  branch: z.string().optional(),
  head: z.string().optional(),
  detached: z.boolean(),
  dirty: z.boolean(),
  upstream: z.string().optional(),
  ahead: z.int().optional(),
  behind: z.int().optional(),
  remotes: z.array(z.object({ name: z.string(), url: z.string().describe("Without credentials") })),
  shallow: z.boolean().optional(),
});

const healthInput = z.strictObject({ detailed: z.boolean().optional() });
const healthResult = z.object({
  status: z.enum(["healthy", "degraded", "unhealthy"]),
  version: z.string(),
  uptimeSeconds: z.number(),
  components: z.record(
    z.string(),
    z.object({
      status: z.enum(["healthy", "degraded", "unhealthy"]),
      message: z.string(),
      details: jsonObject.optional(),
    }),
  ),
});

/**
 * Every MCP tool: its name, its profile, and its shapes. MCP's JSON Schema, the CLI's help and docs/reference/tools.md are made of this.
 * Descriptions are read by agents and paid for in tokens.
 */
export const TOOLS = {
  "capture-memory": {
    profile: "core",
    title: "Remember",
    description:
      "Store one thing worth knowing later (a decision, rule, gotcha, fact, …) on the current commit. Say what and why in full sentences.",
    input: captureInput,
    output: captureResult,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  },
  "retrieve-memories": {
    profile: "core",
    title: "Recall",
    description: "Find memories that the current commit inherits, best first, each with the reasons why it is there.",
    input: retrieveInput,
    output: retrieveResult,
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  "build-context": {
    profile: "core",
    title: "Build context",
    description:
      "Compose memories and code about a task or question into Markdown within a token budget, each item cited, at the level of detail that pays most.",
    input: contextInput,
    output: contextResult,
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  "revise-memory": {
    profile: "core",
    title: "Revise",
    description: "Correct or complete a memory. Fields that are given replace the old ones.",
    input: reviseInput,
    output: reviseResult,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  },
  memory_feedback: {
    profile: "lifecycle",
    title: "Feedback",
    description: "Say what became of memories that you were shown; later searches rank by it.",
    input: feedbackInput,
    output: feedbackResult,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  },
  locate_relevant_files: {
    profile: "core",
    title: "Locate",
    description:
      "Where in the code to look for a task, question, error or stack trace: files best first, each with why and its likely symbols.",
    input: locateInput,
    output: locateResult,
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  search_codebase: {
    profile: "core",
    title: "Search the code",
    description: "Passages of the code that answer a question, by words and meaning, with path and lines.",
    input: searchCodeInput,
    output: searchCodeResult,
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  analyze_implementation: {
    profile: "core",
    title: "Analyse",
    description:
      "All about one symbol or file: definition, callers, callees, tests, impact of a change, history, memories, each with path and line.",
    input: analyzeInput,
    output: analyzeResult,
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  get_code_chunk: {
    profile: "code",
    title: "Read code",
    description:
      "Lines of a file by id of a passage, by symbol or by line, with what they stand in and what the file imports.",
    input: chunkInput,
    output: chunkResult,
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  "health-check": {
    profile: "core",
    title: "Health",
    description: "Whether the memory engine works, and what to do if it does not.",
    input: healthInput,
    output: healthResult,
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  context_grep: {
    profile: "code",
    title: "Grep the code",
    description:
      "Lines of the indexed code that match a regular expression or plain text, each with path, line, column and the symbol around it.",
    input: grepInput,
    output: grepResult,
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  get_project_stats: {
    profile: "code",
    title: "Project statistics",
    description:
      "What there is in this repository: languages, symbols, largest, busiest and most used files, manifests, entry points, share of tests, memories about the code.",
    input: projectStatsInput,
    output: projectStatsResult,
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  index_control: {
    profile: "code",
    title: "Code index",
    description: "State of the code index; bring it up to date, make it anew, or clear it.",
    input: indexInput,
    output: indexResult,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  },
  get_context_progressive: {
    profile: "code",
    title: "Build context of files",
    description: "As build-context, led by files that you name, at the level of detail that you ask for.",
    input: progressiveInput,
    output: contextResult,
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  context_packs: {
    profile: "code",
    title: "Context packs",
    description:
      "List, save or remove the named scopes (globs, languages, tags) that this repository keeps and that other tools take as pack.",
    input: packsInput,
    output: packsResult,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  },
  "git-state": {
    profile: "code",
    title: "Git state",
    description: "Branch, HEAD, dirtiness, upstream and remotes of the workspace.",
    input: z.strictObject({}),
    output: gitStateResult,
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  "forget-memory": {
    profile: "lifecycle",
    title: "Forget",
    description: "Forget one memory by id, or all that match filters. Can be undone with undoToken unless now is set.",
    input: forgetInput,
    output: forgetResult,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  },
  memory_upsert_with_merge: {
    profile: "lifecycle",
    title: "Remember many",
    description:
      "Store many memories at once, each merged into one that says much the same where there is one. Reports every merge; one undoToken takes all back.",
    input: upsertInput,
    output: upsertResult,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  },
  memory_relate: {
    profile: "lifecycle",
    title: "Relate",
    description:
      "Say that a memory supersedes, contradicts or confirms another one, from this HEAD on, or take it back; list memories that may contradict each other.",
    input: relateInput,
    output: relateResult,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  },
  memory_lineage: {
    profile: "lifecycle",
    title: "Lineage",
    description:
      "Memories that this HEAD does not inherit, and commits that may have taken the place of theirs: list, accept or refuse a pair, promote memories to every branch, move them to another commit.",
    input: lineageInput,
    output: lineageResult,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  },
  memory_share: {
    profile: "lifecycle",
    title: "Share",
    description:
      "Memories that this repository carries as files in git: write or remove them, see what is shared, and what came with the repository. That does nothing before a person accepts it, in the explorer or with heirloom share.",
    input: shareInput,
    output: shareResult,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  },
  memory_get_document: {
    profile: "lifecycle",
    title: "Read a document",
    description:
      "Put a document together again that is remembered in parts: in order, with what is missing and why. By parentId or any memory of it.",
    input: documentInput,
    output: documentResult,
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
} as const;
export type ToolName = keyof typeof TOOLS;

export type CaptureInput = Readonly<z.infer<typeof captureInput>>;
export type CaptureResult = Readonly<z.infer<typeof captureResult>>;
export type RetrieveInput = Readonly<z.infer<typeof retrieveInput>>;
export type RetrieveResult = Readonly<z.infer<typeof retrieveResult>>;
export type PlanResult = Readonly<z.infer<typeof planResult>>;
export type BuildContextInput = Readonly<z.infer<typeof contextInput>>;
export type ProgressiveInput = Readonly<z.infer<typeof progressiveInput>>;
export type BuildContextResult = Readonly<z.infer<typeof contextResult>>;
export type ReviseInput = Readonly<z.infer<typeof reviseInput>>;
export type ReviseResult = Readonly<z.infer<typeof reviseResult>>;
export type FeedbackInput = Readonly<z.infer<typeof feedbackInput>>;
export type FeedbackResult = Readonly<z.infer<typeof feedbackResult>>;
export type ForgetInput = Readonly<z.infer<typeof forgetInput>>;
export type ForgetResult = Readonly<z.infer<typeof forgetResult>>;
export type GitStateResult = Readonly<z.infer<typeof gitStateResult>>;
export type HealthResult = Readonly<z.infer<typeof healthResult>>;

/** Spellings of other systems for argument names, understood by every tool. */
export const ARGUMENT_ALIASES: Readonly<Record<string, string>> = {
  event_type: "eventType",
  session_id: "sessionId",
  ttl_seconds: "ttlSeconds",
  idempotency_key: "idempotencyKey",
  include_hidden: "includeHidden",
  token_budget: "budget",
  tokenBudget: "budget",
  max_tokens: "budget",
  maxTokens: "budget",
  detail_level: "detail",
  detailLevel: "detail",
  max_results: "limit",
  maxResults: "limit",
  top_k: "limit",
  similarity_threshold: "similarityThreshold",
  merge_strategy: "mergeStrategy",
  time_window: "timeWindow",
  path_glob: "pathGlob",
  specific_files: "specificFiles",
  include_related: "includeRelated",
  parent_id: "parentId",
  item_id: "itemId",
  dry_run: "dryRun",
  undo_token: "undo",
  undoToken: "undo",
  start_line: "startLine",
  end_line: "endLine",
};
