import { z } from "zod";
import { codeFields } from "./codeTools.ts";
import { pack } from "./packs.ts";

const { line, root, ofRoot, pending, paused, missing } = codeFields;
/** A place that shows what is said; the folder is told where it is another than that of the definition. */
const place = { path: z.string(), line, root: z.string().optional() };
/**
 * How it is known what a use means, the surest first:
 *   same-file        defined in the same file, where the use can see it
 *   imported         imported by name, or from a module that is
 *   package          in the same package, whose names need no import
 *   receiver         the text says of what type it is called on, and that has it
 *   only-definition  nothing says which, and the tree has only one of that name
 *   by-name          nothing says which, and there are several, or the name is one that everything has
 */
export const EDGE_CERTAINTIES = ["same-file", "imported", "package", "receiver", "only-definition", "by-name"] as const;

export const analyzeInput = z.strictObject({
  target: z.string().trim().min(1).max(1_000).describe("name, Container.name, path#symbol, path or path:line"),
  depth: z.int().min(1).max(5).optional().describe("Calls that impact follows; default 2"),
  budget: z.int().min(200).max(50_000).optional().describe("Tokens; default 4000"),
  pack,
  root,
});

const how = z.enum(EDGE_CERTAINTIES);
const used = z.object({
  ...place,
  symbol: z.string().optional().describe("What it stands in"),
  how,
  times: z.int().optional().describe("Where it is more than one"),
  through: z.string().optional().describe("The method of a base that it is called by"),
});
const named = z.object({ ...place, symbol: z.string() });

export const analyzeResult = z.object({
  target: z.string().describe("What was understood"),
  root: ofRoot,
  definition: z.object({
    path: z.string(),
    startLine: line,
    endLine: line,
    kind: z.string(),
    name: z.string(),
    signature: z.string().optional(),
    doc: z.string().optional(),
    language: z.string().optional(),
    text: z.string().optional().describe("Its code, from startLine on"),
    symbols: z
      .array(z.object({ name: z.string(), kind: z.string(), line }))
      .optional()
      .describe("Of a file"),
  }),
  others: z
    .array(z.object({ ...place, symbol: z.string(), kind: z.string() }))
    .describe("Other definitions of that name"),
  callers: z.array(used).describe("Of a file: what imports it"),
  callees: z.array(z.object({ ...place, symbol: z.string(), how, at: line.describe("Line of the call") })),
  imports: z.array(
    z.object({
      module: z.string(),
      line,
      path: z.string().optional(),
      root: place.root,
      names: z.array(z.string()).optional(),
    }),
  ),
  references: z.array(z.object(place)).describe("Where it is imported by name and not called"),
  bases: z.array(named),
  derived: z.array(named),
  tests: z.array(
    z.object({
      ...place,
      name: z.string().optional(),
      distance: z.int().describe("Calls between it and the target"),
      how: z.enum([...EDGE_CERTAINTIES, "named-after"]),
    }),
  ),
  impact: z.object({
    reached: z.array(z.object({ ...place, symbol: z.string(), distance: z.int() })),
    symbols: z.int().describe("How many are reached"),
    files: z.int(),
    tests: z.int(),
    uncertain: z.int().describe("Calls that were not followed: only the name says so"),
    isCut: z.boolean().describe("There may be more"),
  }),
  routes: z.array(z.object({ ...place, method: z.string(), route: z.string() })),
  configuration: z.array(z.object({ ...place, key: z.string() })),
  memories: z.array(
    z.object({
      id: z.string(),
      title: z.string().optional(),
      kind: z.string(),
      excerpt: z.string(),
      freshness: z.string(),
      why: z.string(),
    }),
  ),
  history: z.array(
    z.object({
      commit: z.string(),
      author: z.string(),
      date: z.string(),
      subject: z.string(),
      of: z.enum(["lines", "file"]),
    }),
  ),
  uncommitted: z.boolean().optional().describe("Its lines differ from HEAD"),
  changesWith: z
    .array(z.object({ path: z.string(), root: place.root, share: z.number() }))
    .describe("Of its commits, 0..1"),
  evidence: z.array(z.object({ ...place, of: z.string() })).describe("Where each statement can be checked"),
  tokens: z.int(),
  dropped: z.array(z.object({ what: z.string(), count: z.int(), why: z.string() })),
  pending,
  paused,
  missing,
});

export const chunkInput = z
  .strictObject({
    id: z
      .string()
      .min(1)
      .max(1_000)
      .optional()
      .describe("From search_codebase: path:start-end, of several folders folder//path:start-end"),
    path: z.string().min(1).max(1_000).optional(),
    startLine: line.optional(),
    endLine: line.optional(),
    symbol: z.string().min(1).max(500).optional(),
    root,
    before: z.int().min(0).max(500).optional().describe("Lines before it"),
    after: z.int().min(0).max(500).optional().describe("Lines after it"),
  })
  .refine(({ id, path }) => (id === undefined) !== (path === undefined), {
    message: "give id, or path with startLine and endLine or symbol",
    path: ["id"],
  })
  .refine(({ startLine, endLine }) => endLine === undefined || (startLine !== undefined && endLine >= startLine), {
    message: "endLine needs a startLine that is not after it",
    path: ["endLine"],
  });
export const chunkResult = z.object({
  path: z.string(),
  root: ofRoot,
  startLine: line,
  endLine: line,
  lines: z.int().describe("Of the file"),
  language: z.string().optional(),
  symbol: z.string().optional(),
  text: z.string(),
  heading: z
    .array(z.object({ name: z.string(), line, signature: z.string() }))
    .describe("What it stands in, outermost first"),
  imports: z.array(z.string()).describe("Modules that the file imports"),
  changed: z.boolean().describe("The file is not as it was indexed"),
});

export type AnalyzeInput = Readonly<z.infer<typeof analyzeInput>>;
export type AnalyzeResult = Readonly<z.infer<typeof analyzeResult>>;
export type ChunkInput = Readonly<z.infer<typeof chunkInput>>;
export type ChunkResult = Readonly<z.infer<typeof chunkResult>>;
