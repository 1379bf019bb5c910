import type { z } from "zod";
import { HeirloomError } from "../contract/errors.ts";
import { droppedKey } from "../contract/json.ts";
import { ARGUMENT_ALIASES, TOOLS, type ToolName } from "../contract/tools.ts";

/** One thing that is wrong with the arguments of a call. */
export interface FieldProblem {
  /** Dotted path of the argument; empty for the whole. */
  readonly field: string;
  readonly message: string;
}

type ToolInput<Name extends ToolName> = z.output<(typeof TOOLS)[Name]["input"]>;

/** The arguments of a tool call under the names of the contract, checked. INVALID_INPUT with `details.fields`. */
export function parseArguments<Name extends ToolName>(name: Name, given: unknown): ToolInput<Name> {
  const schema: z.ZodType = TOOLS[name].input;
  return checkArguments(schema, name, given) as ToolInput<Name>;
}

/** As `parseArguments`, of what is no tool's: `name` is what the error calls it. */
export function checkArguments<Schema extends z.ZodType>(
  schema: Schema,
  name: string,
  given: unknown,
): z.output<Schema> {
  const parsed = safeParse(schema, name, withoutAliases(given ?? {}));
  if (parsed.success) return parsed.data as z.output<Schema>;
  const fields = parsed.error.issues.slice(0, 20).flatMap(problemsOf);
  throw refused(name, fields);
}

function refused(name: string, fields: readonly FieldProblem[]): HeirloomError {
  const text = fields.map(({ field, message }) => (field === "" ? message : `${field}: ${message}`)).join("; ");
  return new HeirloomError("INVALID_INPUT", `Mend the arguments of ${name} and call it again. ${text}`, { fields });
}

/** Checking recurses; arguments that are nested deeper than the stack are the caller's fault. Over HTTP the body's bound comes first. */
function safeParse(schema: z.ZodType, name: string, given: unknown): z.ZodSafeParseResult<unknown> {
  try {
    const dropped = droppedKey(given);
    if (dropped !== undefined) throw refused(name, [{ field: dropped, message: "no key may be named __proto__" }]);
    return schema.safeParse(given);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new HeirloomError("INVALID_INPUT", "The arguments are nested too deep: flatten them and call again");
  }
}

/** The spellings of other systems become ours, at the top, in items and in anchors; where both are given, ours wins and the alias is refused as unknown. */
function withoutAliases(given: unknown): unknown {
  if (!isRecord(given)) return given;
  const renamed = renameKeys(given);
  for (const list of ["anchors", "items"]) {
    const within = renamed[list];
    if (Array.isArray(within)) renamed[list] = within.map(withoutAliases);
  }
  return renamed;
}

function renameKeys(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => {
      const own = Object.hasOwn(ARGUMENT_ALIASES, key) ? ARGUMENT_ALIASES[key] : undefined;
      return [own === undefined || Object.hasOwn(record, own) ? key : own, value];
    }),
  );
}

function problemsOf(issue: z.core.$ZodIssue): readonly FieldProblem[] {
  const field = issue.path.map(String).join(".");
  if (issue.code !== "unrecognized_keys") return [{ field, message: issue.message }];
  return issue.keys.map((key) => ({
    field: field === "" ? key : `${field}.${key}`,
    message: "There is no such argument",
  }));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
