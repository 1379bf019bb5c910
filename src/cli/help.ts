import { type CommandName, COMMANDS, type CommandSpec, COMMON_OPTIONS, type OptionSpec } from "../contract/commands.ts";

/** The help text of one command, or of all. */
export function helpText(command: CommandName | undefined): string {
  if (command === undefined) {
    const rows = Object.entries(COMMANDS).map(([name, spec]: [string, CommandSpec]): [string, string] => [
      `${name}${spec.arguments === undefined ? "" : ` ${spec.arguments}`}`,
      spec.summary,
    ]);
    return [
      "heirloom: a memory for coding agents that follows the code's own history",
      "",
      "usage: heirloom COMMAND [OPTIONS]",
      "",
      ...table(rows),
      "",
      "Options of every command:",
      ...optionRows(COMMON_OPTIONS),
      "",
      "heirloom COMMAND --help says more. Exit code: 0 done, 1 failed, 2 wrong usage.",
    ].join("\n");
  }
  const spec: CommandSpec = COMMANDS[command];
  return [
    `usage: heirloom ${command}${spec.arguments === undefined ? "" : ` ${spec.arguments}`} [OPTIONS]`,
    "",
    `${spec.summary}.`,
    ...(Object.keys(spec.options).length === 0 ? [] : ["", "Options:", ...optionRows(spec.options)]),
    "",
    "Options of every command:",
    ...optionRows(COMMON_OPTIONS),
  ].join("\n");
}

function optionRows(options: Readonly<Record<string, OptionSpec>>): readonly string[] {
  return table(
    Object.entries(options).map(([name, { value, description }]) => [
      `--${name}${value === undefined ? "" : ` ${value}`}`,
      description,
    ]),
  );
}

function table(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.min(34, Math.max(...rows.map(([left]) => left.length)));
  return rows.map(([left, right]) =>
    left.length > width ? `  ${left}\n  ${" ".repeat(width)}  ${right}` : `  ${left.padEnd(width)}  ${right}`,
  );
}
