import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import { type Options, UsageError } from "./parseCommand.ts";
import { note, print, printable, printJson } from "./printing.ts";
import { toolArguments } from "./toolArguments.ts";

/** The tool's word for each of the command's. */
const ACTIONS: Readonly<Record<string, string>> = { list: "list", add: "save", remove: "remove" };

/** Lists, makes or removes the named scopes that this repository keeps. */
export async function packs(
  engine: EngineApi,
  context: RequestContext,
  [word = "list", name]: readonly string[],
  options: Options,
): Promise<void> {
  const action = ACTIONS[word];
  if (action === undefined) throw new UsageError(`heirloom packs takes list, add NAME or remove NAME, not "${word}".`);
  if ((action === "list") !== (name === undefined))
    throw new UsageError(`heirloom packs ${word} ${action === "list" ? "takes no name" : "needs a NAME"}.`);
  const definition = {
    description: options.text("description"),
    include: options.list("include"),
    exclude: options.list("exclude"),
    languages: options.list("language"),
    tags: options.list("tag"),
  };
  const given = { action, name, ...(action === "save" ? definition : {}) };
  const result = await engine.packs(toolArguments("context_packs", given), context);
  if (options.flag("json")) {
    printJson(result);
    return;
  }
  for (const { pack, field, message } of result.problems)
    note(printable(`${result.file}: not to be used: ${[pack, field, message].filter(Boolean).join(": ")}`));
  if (result.packs.length === 0)
    note(`There are no context packs. heirloom packs add NAME --include 'src/**' makes one in ${result.file}.`);
  for (const { name: one, description, ...parts } of result.packs) {
    print(printable(`${one}${description === undefined ? "" : `  ${description}`}`));
    for (const [part, values] of Object.entries(parts))
      if (values !== undefined && values.length > 0) print(printable(`    ${part}: ${values.join(", ")}`));
  }
}
