import { z } from "zod";

/** What a memory speaks of. Lines are 1-based and inclusive. */
export const anchorInput = z
  .strictObject({
    path: z.string().min(1).max(4096).describe("Path relative to the workspace root, with forward slashes"),
    symbol: z.string().min(1).max(512).optional().describe("Name of a function, class or other symbol in that file"),
    startLine: z.int().min(1).optional().describe("First line, 1-based"),
    endLine: z.int().min(1).optional().describe("Last line, inclusive"),
  })
  .refine((a) => a.endLine === undefined || (a.startLine !== undefined && a.endLine >= a.startLine), {
    message: "endLine needs a startLine that is not after it",
    path: ["endLine"],
  });
export type Anchor = Readonly<z.infer<typeof anchorInput>>;

export const FRESHNESS = ["fresh", "drifted", "orphaned", "unanchored", "unchecked"] as const;
