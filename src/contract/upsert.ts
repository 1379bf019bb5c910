import { z } from "zod";
import type { ErrorShape } from "./errors.ts";
import { memoryFields, optionalMemoryFields } from "./memory.ts";

export const MERGE_STRATEGIES = ["skip", "prefer_existing", "prefer_newer", "combine", "intelligent"] as const;
export type MergeStrategy = (typeof MERGE_STRATEGIES)[number];

/** So many items one call may have. */
export const MOST_UPSERTED = 100;

const item = z.strictObject({
  content: memoryFields.content,
  eventType: memoryFields.eventType.optional().describe("Default note"),
  ...optionalMemoryFields,
  sessionId: memoryFields.sessionId.optional(),
});

export const upsertInput = z.strictObject({
  items: z.array(item).min(1).max(MOST_UPSERTED).describe("As capture-memory takes them, in order"),
  similarityThreshold: z
    .number()
    .min(0.5)
    .max(1)
    .optional()
    .describe("From how alike on two are one, in words or in meaning; default: the settings'"),
  mergeStrategy: z
    .enum(MERGE_STRATEGIES)
    .optional()
    .describe(
      "Which text stays: the existing one (skip: store nothing), the newer one, both (combine), or intelligent (default): what says more, else the " +
        "newer; what contradicts is kept apart and reported",
    ),
  timeWindow: z
    .int()
    .min(1)
    .max(3_155_760_000)
    .optional()
    .describe("Merge only into memories of the last so many seconds"),
  dryRun: z.boolean().optional().describe("Only report what would happen"),
});

const report = z.object({
  index: z.int().describe("Of the item"),
  outcome: z.enum(["created", "merged", "skipped", "refused"]),
  id: z.string().optional().describe("The memory that has it now; none for a dry run's new one"),
  mergedWith: z.string().optional().describe("The memory that was there"),
  mergedWithItem: z.int().optional().describe("Where that came with the same call: its index"),
  similarity: z.number().optional().describe("0..1"),
  by: z.enum(["words", "meaning"]).optional().describe("What the similarity is of"),
  strategy: z.enum(MERGE_STRATEGIES),
  changes: z.array(z.string()).describe("Fields of mergedWith that changed"),
  reason: z.string().optional(),
  conflict: z
    .object({
      id: z.string().optional(),
      existing: z.array(z.string()).describe("Numbers, names, negations, … that only the existing text has"),
      incoming: z.array(z.string()),
    })
    .optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});

export const upsertResult = z.object({
  created: z.int(),
  merged: z.int(),
  skipped: z.int(),
  refused: z.int(),
  redactions: z.int().describe("How many secrets were taken out"),
  comparedBy: z.enum(["words", "words and meaning"]),
  report: z.array(report).describe("One an item, in order"),
  dryRun: z.boolean(),
  undoToken: z.string().optional().describe("forget-memory with undo takes all of it back"),
});

export type UpsertInput = Readonly<z.infer<typeof upsertInput>>;
export type UpsertResult = Readonly<z.infer<typeof upsertResult>>;
export type UpsertReport = Readonly<Omit<z.infer<typeof report>, "error">> & { readonly error?: ErrorShape };
