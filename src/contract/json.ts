import { z } from "zod";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

/**
 * Where a value holds a key named `__proto__`, which what checks the value would leave out without a word: a filter would then match more than
 * was asked. Undefined where there is none. May throw RangeError for what is nested deeper than the stack.
 */
export function droppedKey(value: unknown, path = ""): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    const found = key === "__proto__" ? place : droppedKey(inner, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());
