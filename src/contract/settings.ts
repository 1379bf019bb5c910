import { z } from "zod";

/** Every setting of the engine and its server, with its default. The hash of these values names a benchmark's conditions. */
export const settingsSchema = z.strictObject({
  secrets: z.enum(["redact", "refuse"]).default("redact").describe("What happens to content that holds a secret"),
  duplicateSimilarity: z
    .number()
    .min(0.5)
    .max(1)
    .default(0.85)
    .describe("Jaccard similarity of word shingles from which on two memories are one"),
  rateLimit: z
    .strictObject({
      enabled: z.boolean().default(true),
      capturesPerSessionPerMinute: z.int().min(1).default(100),
      capturesPerWorkspacePerHour: z.int().min(1).default(1000),
    })
    .prefault({})
    .describe("Limits on captures; reads are not limited"),
  maxStoreBytes: z
    .int()
    .min(1_048_576)
    .default(1_073_741_824)
    .describe("Journal and snapshots of one store may not grow past this; a capture that would is STORAGE_FULL"),
  embedding: z
    .enum(["built-in", "none"])
    .default("none")
    .describe("What compares memories by meaning beside words and context: nothing, or the built-in model"),
  queryTimeoutMs: z.int().min(10).max(60_000).default(2_000).describe("A search that takes longer is QUERY_TIMEOUT"),
  forgetGraceHours: z
    .int()
    .min(0)
    .max(8_760)
    .default(24)
    .describe("How long a forgotten memory can be brought back before compaction removes its text"),
});
export type Settings = Readonly<z.infer<typeof settingsSchema>>;

export const defaultSettings: Settings = settingsSchema.parse({});
