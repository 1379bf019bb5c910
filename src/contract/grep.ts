import { z } from "zod";
import { codeFields } from "./codeTools.ts";
import { pack } from "./packs.ts";

export const CASES = ["smart", "sensitive", "insensitive"] as const;
export const GREP_MODES = ["lines", "files", "count"] as const;

const { pathGlob, language, root, ofRoot, pending, paused, missing, line } = codeFields;
const around = z.int().min(0).max(20).optional();

export const grepInput = z.strictObject({
  pattern: z.string().min(1).max(1_000).describe("A regular expression (RE2: no look-around), matched line by line"),
  fixedStrings: z.boolean().optional().describe("The pattern is plain text"),
  word: z.boolean().optional().describe("Only whole words"),
  case: z.enum(CASES).optional().describe("Default smart: case counts if the pattern has a capital"),
  before: around.describe("Lines shown before each"),
  after: around.describe("Lines shown after each"),
  mode: z.enum(GREP_MODES).optional().describe("Default lines; files: only which; count: how many lines in each"),
  limit: z.int().min(1).max(1_000).optional().describe("Lines, or files; default 100"),
  pathGlob,
  language,
  root,
  pack,
});

export const grepResult = z.object({
  matches: z.array(
    z.object({
      path: z.string(),
      root: ofRoot,
      line,
      column: z.int().min(1).describe("Of the first match, in UTF-16 units"),
      text: z.string().describe("The line; of a long one what stands around the match"),
      before: z.array(z.string()).optional(),
      after: z.array(z.string()).optional(),
      symbol: z.string().optional().describe("The innermost one that holds the line"),
    }),
  ),
  files: z
    .array(z.object({ path: z.string(), root: ofRoot, lines: z.int().optional() }))
    .optional()
    .describe("With mode files or count"),
  counts: z.object({ lines: z.int(), files: z.int(), searched: z.int().describe("Files that were looked through") }),
  truncated: z.enum(["limit", "time"]).optional().describe("Why there may be more than this"),
  pending,
  paused,
  missing,
});

export type GrepInput = Readonly<z.infer<typeof grepInput>>;
export type GrepResult = Readonly<z.infer<typeof grepResult>>;
