import { z } from "zod";

/** What went wrong before at a place of the code: a gotcha that is anchored there. */
export const codeWarning = z.object({
  id: z.string().describe("Of the memory"),
  text: z.string().describe("What it says, on one line"),
  commit: z.string().optional().describe("The commit that it belongs to"),
  symbols: z.array(z.string()).optional().describe("Those of the file that it speaks of; absent: the whole file"),
});
export type CodeWarning = Readonly<z.infer<typeof codeWarning>>;
