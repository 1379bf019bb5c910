import { z } from "zod";
import { intentResult } from "./intent.ts";
import { pack } from "./packs.ts";
import { codeWarning } from "./warnings.ts";

const query = z.string().min(1).max(10_000);
const limit = (most: number, usual: number) => z.int().min(1).max(most).optional().describe(`Default ${usual}`);
const pathGlob = z.string().min(1).max(500).optional().describe("Only files whose path matches, such as src/**/*.ts");
const language = z.string().min(1).max(50).optional().describe("Only files of that language, such as typescript");
const line = z.int().min(1);
const reasons = z.array(z.string());
const pending = z.int().optional().describe("Files that are not indexed yet, and so not among these");
const paused = z.literal(true).optional().describe("Indexing is paused: changes since are not among these");

const root = z.string().min(1).max(4_096).optional().describe("Only this one of several folders: its name or path");
const ofRoot = z.string().optional().describe("Which folder it is in, where there are several");
const missing = z
  .array(z.object({ root: z.string(), why: z.string() }))
  .optional()
  .describe("Folders that could not be asked");

/** What other tools of the code take and tell as these do. */
export const codeFields = { pathGlob, language, root, ofRoot, pending, paused, missing, line } as const;

const symbol = z.object({
  name: z.string(),
  kind: z.string(),
  signature: z.string(),
  startLine: line,
  endLine: line,
});

export const locateInput = z.strictObject({ query, limit: limit(50, 10), pathGlob, language, root, pack });
export const locateResult = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      root: ofRoot,
      score: z.number().describe("0..1"),
      reasons,
      symbols: z.array(symbol).describe("Those that the question is likely about"),
      warnings: z.array(codeWarning).optional().describe("What went wrong there before: look before you edit"),
    }),
  ),
  intent: intentResult,
  pending,
  paused,
  missing,
});

export const SEARCH_MODES = ["hybrid", "text", "semantic"] as const;
export const searchCodeInput = z.strictObject({
  query,
  limit: limit(50, 10),
  pathGlob,
  language,
  pack,
  root,
  mode: z.enum(SEARCH_MODES).optional().describe("Default hybrid"),
});
export const searchCodeResult = z.object({
  chunks: z.array(
    z.object({
      id: z.string(),
      path: z.string(),
      root: ofRoot,
      startLine: line,
      endLine: line,
      symbol: z.string().optional(),
      text: z.string(),
      score: z.number().describe("0..1"),
      reasons,
    }),
  ),
  pending,
  paused,
  missing,
});

export const INDEX_ACTIONS = ["status", "sync", "rebuild", "clear"] as const;
export const indexInput = z.strictObject({
  action: z.enum(INDEX_ACTIONS).describe("sync returns when everything is indexed"),
  paths: z
    .array(z.string().min(1).max(1_000))
    .max(1_000)
    .optional()
    .describe("To clear or rebuild only these files or folders"),
  root,
});
export const INDEX_STATES = ["empty", "indexing", "ready", "failed", "paused", "off"] as const;
export const indexResult = z.object({
  state: z.enum(INDEX_STATES).describe("off and paused: a person said so"),
  files: z.int(),
  chunks: z.int(),
  symbols: z.int(),
  pending: z.int().describe("Files that are still to be indexed"),
  lastSync: z.string().optional().describe("ISO 8601"),
  leftOut: z.record(z.string(), z.int()).describe("Files that are not indexed, by reason"),
  problem: z.string().optional(),
  root: ofRoot,
  roots: z.array(z.string()).optional().describe("All folders whose code is asked about here, where there are several"),
});

export type LocateInput = Readonly<z.infer<typeof locateInput>>;
export type LocateResult = Readonly<z.infer<typeof locateResult>>;
export type SearchCodeInput = Readonly<z.infer<typeof searchCodeInput>>;
export type SearchCodeResult = Readonly<z.infer<typeof searchCodeResult>>;
export type IndexInput = Readonly<z.infer<typeof indexInput>>;
export type IndexResult = Readonly<z.infer<typeof indexResult>>;
