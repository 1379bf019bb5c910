import type { z } from "zod";
import { HeirloomError } from "../contract/errors.ts";
import type { ToolName } from "../contract/tools.ts";
import { checkArguments, type FieldProblem, parseArguments } from "../serve/parseArguments.ts";
import { UsageError } from "./parseCommand.ts";

/**
 * The options of a command as the arguments of the tool that it calls; those that were not given are no arguments. What the tool's shape
 * refuses is wrong usage of the command.
 */
export function toolArguments<Name extends ToolName>(
  name: Name,
  given: Readonly<Record<string, unknown>>,
): ReturnType<typeof parseArguments<Name>> {
  return usage(() => parseArguments(name, defined(given)));
}

/** As `toolArguments`, for what no tool takes. */
export function checkedArguments<Schema extends z.ZodType>(
  schema: Schema,
  name: string,
  given: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  return usage(() => checkArguments(schema, name, defined(given)));
}

function usage<Arguments>(parse: () => Arguments): Arguments {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof HeirloomError) || error.code !== "INVALID_INPUT") throw error;
    const fields = (error.details?.["fields"] ?? []) as readonly FieldProblem[];
    throw new UsageError(fields.map(({ field, message }) => `${field}: ${message}`).join("; "));
  }
}

function defined(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
}
