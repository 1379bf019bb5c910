import { z } from "zod";

/** What a question wants to know; `task` where it says what is to be done, and where nothing speaks for anything else. */
export const INTENTS = [
  "error",
  "usage",
  "why",
  "recent",
  "test",
  "symbol",
  "where",
  "how",
  "configuration",
  "task",
] as const;
export type IntentName = (typeof INTENTS)[number];

export const intentResult = z.object({
  name: z.enum(INTENTS).describe("What the question was taken for"),
  confidence: z.number().describe("0..1"),
  why: z.array(z.string()).describe("The rules that spoke for it"),
});
export type Intent = Readonly<z.infer<typeof intentResult>>;
