import { z } from "zod";
import { helpText } from "../../src/cli/help.ts";
import { type CommandName, COMMANDS } from "../../src/contract/commands.ts";
import { ERROR_CODES } from "../../src/contract/errors.ts";
import { KIND_NAMES, KINDS, SCOPES } from "../../src/contract/kinds.ts";
import { settingsSchema } from "../../src/contract/settings.ts";
import { ARGUMENT_ALIASES, PROFILES, TOOLS } from "../../src/contract/tools.ts";

type Schema = {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
};

/** The page of docs/reference about the MCP tools, made of the contract. */
export function toolReference(): string {
  const parts = [
    "# MCP tools",
    "",
    "Made of `src/contract/tools.ts` by `npx vitest run test/docs -u`; do not edit.",
    "",
    `Profiles: ${PROFILES.join(", ")}; \`core\` is the default. Kinds: ${KINDS.join(", ")}. Scopes: ${SCOPES.join(", ")}.`,
    `Names of other systems that are understood as kinds: ${KIND_NAMES.slice(KINDS.length).join(", ")}.`,
    `Spellings of other systems that are understood as arguments: ${Object.keys(ARGUMENT_ALIASES).join(", ")}.`,
    `Error codes: ${ERROR_CODES.join(", ")}.`,
  ];
  for (const [name, tool] of Object.entries(TOOLS)) {
    parts.push("", `## ${name}`, "", `${tool.description} Profile: ${tool.profile}.`, "", "Arguments", "");
    parts.push(...table(z.toJSONSchema(tool.input, { io: "input" }) as Schema));
    parts.push("", "Result", "", ...table(z.toJSONSchema(tool.output, { io: "output" }) as Schema));
  }
  parts.push("", "## Settings", "", ...table(z.toJSONSchema(settingsSchema, { io: "input" }) as Schema));
  return `${parts.join("\n")}\n`;
}

export function cliReference(): string {
  const parts = [
    "# The `heirloom` command",
    "",
    "Made of `src/contract/commands.ts` by `npx vitest run test/docs -u`; do not edit.",
  ];
  parts.push("", "```text", helpText(undefined), "```");
  for (const name of Object.keys(COMMANDS) as readonly CommandName[])
    parts.push("", `## ${name}`, "", "```text", helpText(name), "```");
  return `${parts.join("\n")}\n`;
}

function table(schema: Schema): readonly string[] {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return ["None."];
  const rows = properties.map(([name, property]) => {
    const needed = schema.required?.includes(name) === true && property.default === undefined ? "yes" : "";
    const fallback = property.default === undefined ? "" : ` Default: \`${JSON.stringify(property.default)}\`.`;
    return `| ${name} | ${typeName(property)} | ${needed} | ${cell(`${property.description ?? ""}${fallback}`)} |`;
  });
  return ["| name | type | always | what |", "| --- | --- | --- | --- |", ...rows];
}

function typeName(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.join(", ");
  if (schema.type === "array") return `list of ${schema.items === undefined ? "anything" : typeName(schema.items)}`;
  if (schema.properties !== undefined) return `{${Object.keys(schema.properties).join(", ")}}`;
  return schema.type ?? "object";
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replace(/\s+/gu, " ").trim();
