import { parseArgs } from "node:util";
import { type CommandName, COMMANDS, type CommandSpec, COMMON_OPTIONS, type OptionSpec } from "../contract/commands.ts";

export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export interface ParsedCommand {
  readonly command: CommandName;
  readonly arguments: readonly string[];
  readonly options: Options;
}

/** The command line is not of the form that help shows; exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Options of one call, read by their declared type. */
export class Options {
  readonly #values: OptionValues;

  constructor(values: OptionValues) {
    this.#values = values;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" ? value : undefined;
  }

  list(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? (value as readonly string[]) : [];
  }

  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^-?\d+$/u.test(text)) throw new UsageError(`--${name} takes a whole number, not "${text}"`);
    return Number(text);
  }

  object(name: string): Readonly<Record<string, unknown>> | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === "object" && value !== null && !Array.isArray(value))
        return value as Readonly<Record<string, unknown>>;
    } catch {
      // falls through to the error below
    }
    throw new UsageError(`--${name} takes a JSON object such as '{"kind":"decision"}'`);
  }
}

export function parseCommand(
  argv: readonly string[],
): ParsedCommand | { readonly help: CommandName | undefined } | { readonly version: true } {
  const name = argv[0];
  if (name === "--version" || name === "-V") return { version: true };
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    const topic = argv[1];
    return { help: topic !== undefined && isCommand(topic) ? topic : undefined };
  }
  if (!isCommand(name)) throw new UsageError(`There is no command "${name}". heirloom --help lists them.`);
  const spec: CommandSpec = COMMANDS[name];
  const options: Readonly<Record<string, OptionSpec>> = { ...COMMON_OPTIONS, ...spec.options };
  const parsed = (() => {
    try {
      return parseArgs({
        args: argv.slice(1),
        allowPositionals: true,
        options: Object.fromEntries(
          Object.entries(options).map(([key, option]) => [
            key,
            { type: option.type, multiple: option.multiple ?? false },
          ]),
        ),
      });
    } catch (error) {
      throw new UsageError(
        `${error instanceof Error ? error.message : String(error)} heirloom ${name} --help shows what it takes.`,
      );
    }
  })();
  if (parsed.values["help"] === true) return { help: name };
  const count = parsed.positionals.length;
  if (count < (spec.least ?? 0)) throw new UsageError(`heirloom ${name} needs ${spec.arguments ?? "an argument"}.`);
  if (count > (spec.most ?? 0))
    throw new UsageError(`heirloom ${name} takes ${spec.arguments ?? "no argument"}; quote a text with spaces.`);
  return { command: name, arguments: parsed.positionals, options: new Options(parsed.values as OptionValues) };
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name);
