import { z } from "zod";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());
