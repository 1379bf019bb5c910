import { z } from "zod";
import { KINDS } from "./kinds.ts";
import { RELATIONS } from "./memory.ts";

export const RELATE_ACTIONS = ["relate", "withdraw", "contradictions"] as const;

export const relateInput = z.strictObject({
  action: z
    .enum(RELATE_ACTIONS)
    .optional()
    .describe(
      "relate (default): say how two memories stand; withdraw it; contradictions: list those that may be opposed",
    ),
  from: z.string().min(1).max(128).optional().describe("The memory that supersedes, contradicts or confirms"),
  to: z.string().min(1).max(128).optional().describe("The other one"),
  relation: z
    .enum(RELATIONS)
    .optional()
    .describe(
      "supersedes: the other one is hidden where both are inherited; contradicts: both are shown, and say so; confirms; compatible: they look opposed, and both hold",
    ),
  reason: z.string().trim().min(1).max(1000).optional(),
  limit: z.int().min(1).max(200).optional().describe("Of contradictions; default 50"),
});

const side = z.object({
  id: z.string(),
  kind: z.enum(KINDS),
  title: z.string(),
  content: z.string(),
  timestamp: z.number(),
  branch: z.string().optional(),
  commit: z.string().optional(),
});

export const contradiction = z.object({
  /** The newer one first. */
  a: side,
  b: side,
  why: z.string().describe("What is opposed"),
  anchors: z.array(z.string()).describe("Places that both speak of"),
  sureness: z.number().min(0).max(1),
});

export const relateResult = z.object({
  from: z.string().optional(),
  to: z.string().optional(),
  relation: z.enum(RELATIONS).optional(),
  since: z.string().optional().describe("HEAD when it was said: it holds where that is inherited"),
  withdrawn: z.boolean().optional(),
  contradictions: z.array(contradiction).optional(),
});

export type RelateInput = Readonly<z.infer<typeof relateInput>>;
export type RelateResult = Readonly<z.infer<typeof relateResult>>;
export type Contradiction = Readonly<z.infer<typeof contradiction>>;
