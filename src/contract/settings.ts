import { z } from "zod";
import { KINDS } from "./kinds.ts";
import { DEFAULT_MODEL, isModelName, isRerankerName } from "./models.ts";

const on = z.boolean().default(true);

/** Every setting of the engine and its server, with its default. The hash of these values names a benchmark's conditions. */
export const settingsSchema = z.strictObject({
  secrets: z.enum(["redact", "refuse"]).default("redact").describe("What happens to content that holds a secret"),
  duplicateSimilarity: z
    .number()
    .min(0.5)
    .max(1)
    .default(0.85)
    .describe("Jaccard similarity of word shingles from which on two memories are one"),
  duplicateMeaning: z
    .strictObject({
      default: z.number().min(0.5).max(1).default(0.85),
      kinds: z.partialRecord(z.enum(KINDS), z.number().min(0.5).max(1)).default({}),
    })
    .prefault({})
    .describe(
      "Cosine of their vectors from which on two memories may be one, and other values by kind; needs an embedding",
    ),
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
    .enum(["built-in", "transformers", "none"])
    .default("built-in")
    .describe(
      "What compares memories by meaning beside words and context: nothing, the built-in model, or `embeddingModel`",
    ),
  embeddingModel: z
    .string()
    .refine(isModelName, "the id of a model on the hub, OWNER/NAME, or the absolute path of a folder")
    .default(DEFAULT_MODEL)
    .describe("Model of transformers.js: one that `heirloom model download` fetched, or a folder that holds one"),
  reranker: z
    .string()
    .refine(isRerankerName, "nothing, the id of a model on the hub, OWNER/NAME, or the absolute path of a folder")
    .default("")
    .describe(
      "Cross-encoder of transformers.js that reads the best results together with the query: a model as for `embeddingModel`; empty: none",
    ),
  signals: z
    .strictObject({
      meaning: on.describe("Closeness in meaning, where there is a model"),
      context: on.describe("What stands beside a memory in its session, in its document and at its anchors"),
      expansion: z
        .boolean()
        .default(false)
        .describe("Words of the best results that the query lacks; off, as it costs time and gains little"),
      reranker: on.describe("How well the best results answer as `reranker` reads them, where there is one"),
      anchor: on.describe("The query names the file or symbol that a memory is about"),
      time: on.describe("The query names a time, and the memory is of it"),
      recency: on.describe("Of two that match as well, the newer one first"),
      freshness: on.describe("Lower where the code that a memory speaks of has changed, and more where it is gone"),
      use: on.describe("What was helpful before, and what was called wrong or stale"),
      kind: on.describe("Rules, gotchas, decisions and preferences before what merely happened"),
      diversity: on.describe("What says nearly the same as a better result, by its words or its vector, comes later"),
    })
    .prefault({})
    .describe("What search ranks by beside words; each can be switched off"),
  learning: on.describe("Whether the weights of the signals follow what was helpful here"),
  negativeMemory: on.describe(
    "Whether what was reverted, undone or failed is kept as gotchas, and told before an agent edits there",
  ),
  code: z
    .strictObject({
      folders: z
        .record(z.string(), z.array(z.string().min(1).max(4_096)).max(20))
        .default({})
        .describe("By the absolute path of a folder; absolute paths, or relative to it"),
    })
    .prefault({})
    .describe("Folders whose code is asked together with that of a folder"),
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
