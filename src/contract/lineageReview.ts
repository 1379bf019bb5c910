import { z } from "zod";
import { MAPPING_METHODS } from "./events.ts";

export const LINEAGE_ACTIONS = ["list", "accept", "refuse", "promote", "move"] as const;

export const lineageInput = z.strictObject({
  action: z
    .enum(LINEAGE_ACTIONS)
    .describe(
      "list: commits that may have taken the place of lost ones, and memories that this HEAD does not inherit; accept or refuse: one such pair; promote: memories to every branch; move: memories to another commit",
    ),
  from: z.string().min(4).max(64).optional().describe("Of a pair: the commit that is lost, or the beginning of its id"),
  to: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Of a pair: the commit that took its place. For move: where to, as git names it; default HEAD"),
  ids: z.array(z.string().min(1)).min(1).max(500).optional().describe("Memories to promote or move"),
  branch: z
    .string()
    .min(1)
    .max(250)
    .optional()
    .describe("Those that were learned on this branch and HEAD does not inherit"),
  commit: z
    .string()
    .min(4)
    .max(64)
    .optional()
    .describe("Those that were learned on this commit and HEAD does not inherit"),
  dryRun: z.boolean().optional().describe("Only say which memories it would be"),
});

const shown = z.object({ id: z.string(), kind: z.string(), title: z.string() });
const MEMORIES = "The newest of them";

const offered = z.object({
  from: z.string(),
  to: z.string(),
  subject: z.string().optional().describe("Of the commit that may have taken its place"),
  how: z.enum(MAPPING_METHODS),
  sureness: z.number().min(0).max(1),
  inherited: z.boolean().describe("Whether accepting it shows the memories here"),
  count: z.int(),
  memories: z.array(shown).describe(MEMORIES),
});
const elsewhere = z.object({
  branch: z.string().optional(),
  commit: z.string().optional(),
  subject: z.string().optional(),
  why: z.string(),
  count: z.int(),
  memories: z.array(shown).describe(MEMORIES),
});

export const lineageResult = z.object({
  offered: z.array(offered).optional().describe("Too doubtful to count before somebody says so, the surest first"),
  elsewhere: z.array(elsewhere).optional().describe("Not inherited here, by commit, the newest first"),
  more: z.boolean().optional().describe("There are more than are listed"),
  changed: z.int().optional().describe("Memories that are visible here, on every branch, or at another commit by now"),
  ids: z.array(z.string()).optional().describe("Of those, at most 100"),
  commit: z.string().optional().describe("Where they were moved to"),
});

export type LineageInput = Readonly<z.infer<typeof lineageInput>>;
export type LineageResult = Readonly<z.infer<typeof lineageResult>>;
