import { z } from "zod";
import { jsonObject } from "./json.ts";
import { KINDS, SCOPES } from "./kinds.ts";
import { memoryFields, RELATIONS } from "./memory.ts";

const provenance = z.object({
  at: z.number(),
  author: z.string().optional(),
  agent: z.string().optional(),
  sessionId: z.string().optional(),
  branch: z.string().optional(),
  commit: z.string().optional(),
  dirty: z.boolean(),
  pending: z.boolean(),
  worktree: z.string().optional(),
});

const revision = z.object({
  revision: z.int().min(1),
  at: z.number(),
  author: z.string().max(1024).optional(),
  agent: z.string().max(1024).optional(),
  reason: z.string().max(1024).optional(),
  before: z.object({
    content: memoryFields.content.optional(),
    title: memoryFields.title.optional(),
    kind: z.enum(KINDS).optional(),
    scope: z.enum(SCOPES).optional(),
    tags: memoryFields.tags.optional(),
    anchors: memoryFields.anchors.optional(),
    metadata: jsonObject.optional(),
  }),
});

/** One line of JSON Lines import and export. Export writes every field, so that an import elsewhere gives the same memory. */
export const importLine = z.object({
  id: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[\w.:@-]+$/u, "may hold letters, digits and _ . : @ -")
    .optional(),
  content: memoryFields.content,
  eventType: memoryFields.eventType,
  kind: memoryFields.kind.optional(),
  scope: memoryFields.scope.optional(),
  title: memoryFields.title.optional(),
  tags: memoryFields.tags.optional(),
  metadata: jsonObject.optional(),
  timestamp: z.iso.datetime({ offset: true, local: true }).optional(),
  sessionId: memoryFields.sessionId.optional(),
  gitBranch: z.string().min(1).max(1024).optional(),
  gitCommit: z
    .string()
    .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/u, "must be a full commit id")
    .optional(),
  anchors: memoryFields.anchors.optional(),
  ttlSeconds: memoryFields.ttlSeconds.optional(),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
  provenance: provenance.optional(),
  mergedFrom: z.array(provenance).optional(),
  revision: z.int().min(1).optional(),
  history: z.array(revision).max(20).optional(),
  pinned: z.boolean().optional(),
  relations: z
    .array(
      z.object({
        is: z.enum(RELATIONS),
        id: z.string().min(1).max(128),
        since: z
          .string()
          .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/u)
          .optional(),
        at: z.number(),
        author: z.string().max(1024).optional(),
        agent: z.string().max(1024).optional(),
        reason: z.string().max(1024).optional(),
      }),
    )
    .max(100)
    .optional(),
  flags: z.array(z.enum(["high-entropy", "redacted"])).optional(),
});
export type ImportLine = Readonly<z.infer<typeof importLine>>;
