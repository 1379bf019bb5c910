import { z } from "zod";
import { codeFields, indexResult } from "./codeTools.ts";

const count = z.int().min(0);
const sizes = { files: count, lines: count.describe("Line ends, as wc counts"), bytes: count };

export const projectStatsInput = z.strictObject({
  limit: z.int().min(1).max(50).optional().describe("Of each list of files and symbols; default 10"),
  root: codeFields.root,
});

export const projectStatsResult = z.object({
  total: z.object(sizes),
  languages: z.array(z.object({ language: z.string(), ...sizes })).describe("Most lines first"),
  roles: z
    .record(z.string(), z.object(sizes))
    .describe("What files are for, told by their paths: source, test, document, settings, …"),
  testShare: z.number().describe("0..1: lines of tests among those of sources and tests"),
  symbols: z.record(z.string(), count).describe("By kind"),
  largest: z.array(z.object({ path: z.string(), lines: count, bytes: count })),
  mostChanged: z.array(z.object({ path: z.string(), commits: count, last: z.string().describe("ISO 8601") })),
  mostImported: z.array(z.object({ path: z.string(), importers: count })),
  mostCalled: z
    .array(z.object({ symbol: z.string(), path: z.string(), calls: count }))
    .describe("By name, of names that one file defines"),
  manifests: z.array(
    z.object({
      path: z.string(),
      kind: z.string(),
      name: z.string().optional(),
      version: z.string().optional(),
      scripts: z.array(z.string()).optional(),
      dependencies: count.optional(),
    }),
  ),
  entryPoints: z.array(z.object({ path: z.string(), why: z.string() })),
  index: indexResult,
  root: codeFields.ofRoot,
  roots: indexResult.shape.roots,
  memories: z.object({
    anchored: count.describe("Visible ones that are anchored to code"),
    byKind: z.record(z.string(), count),
  }),
});

export type ProjectStatsInput = Readonly<z.infer<typeof projectStatsInput>>;
export type ProjectStatsResult = Readonly<z.infer<typeof projectStatsResult>>;
