import { z } from "zod";
import { jsonObject } from "./json.ts";
import type { Memory } from "./memory.ts";

/** What the ids of documents begin with that are files of the workspace; the file's path follows. */
export const DOCUMENT_PREFIX = "document:";

export const documentInput = z.strictObject({
  parentId: z
    .string()
    .min(1)
    .max(4200)
    .optional()
    .describe("A document's id: document:PATH for a file of the workspace, else that of the one memory that it is"),
  itemId: z.string().min(1).max(128).optional().describe("Any memory of the document"),
  includeHidden: z.boolean().optional().describe("Also parts that this HEAD does not inherit"),
  from: z.int().min(0).optional().describe("Index of the first part to return; default 0"),
  limit: z.int().min(1).max(200).optional().describe("Parts to return; default 50"),
});

const MISSING = ["forgotten", "hidden", "expired", "not learned"] as const;

const part = z.object({
  id: z.string().describe("The memory that holds it; passages of one memory share it"),
  index: z.int().describe("Its place in the document, from 0"),
  text: z.string(),
  title: z.string().optional(),
  headings: z.array(z.string()).optional().describe("Above it, outermost first"),
  startLine: z.int().optional().describe("1-based: in the file, else in the memory's text"),
  endLine: z.int().optional(),
  tokens: z.int(),
  hiddenBecause: z.string().optional(),
  drift: z.enum(["changed", "gone"]).optional().describe("The file says something else here now, or nothing any more"),
  alsoHeldBy: z.array(z.string()).optional().describe("Further memories of the same section"),
});
const missingPart = z.object({
  id: z.string().optional().describe("Of its memory, where there is or was one"),
  why: z.enum(MISSING),
  reason: z.string(),
  headings: z.array(z.string()).optional(),
  startLine: z.int().optional(),
});

export const documentResult = z.object({
  parentId: z.string(),
  title: z.string().optional(),
  source: z.object({ path: z.string(), readable: z.boolean().describe("Whether the file is here now") }).optional(),
  parts: z.array(part).describe("In order"),
  count: z.int().describe("Parts of the document that are here, returned or not"),
  nextFrom: z.int().optional().describe("There are more parts: pass it as from"),
  complete: z.boolean().describe("Nothing is missing"),
  missing: z.array(missingPart),
  elsewhere: z
    .array(missingPart)
    .optional()
    .describe("Sections that the file has not at this HEAD, of other branches or earlier versions"),
  metadata: jsonObject,
});

export type DocumentInput = Readonly<z.infer<typeof documentInput>>;
export type DocumentResult = Readonly<z.infer<typeof documentResult>>;
export type DocumentPart = Readonly<z.infer<typeof part>>;
export type MissingPart = Readonly<z.infer<typeof missingPart>>;

/** The file that a memory is a section of; undefined where it is none of a document. */
export function documentPath({ eventType, metadata }: Pick<Memory, "eventType" | "metadata">): string | undefined {
  const mark = eventType === "document" ? metadata["document"] : undefined;
  if (mark === null || typeof mark !== "object" || Array.isArray(mark)) return undefined;
  const { path, section } = mark as { readonly path?: unknown; readonly section?: unknown };
  return typeof path === "string" && typeof section === "string" ? path : undefined;
}
