import { stat } from "node:fs/promises";
import { counted } from "../contract/counted.ts";
import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import { exportFile } from "../serve/exportFile.ts";
import { type Options, UsageError } from "./parseCommand.ts";
import { note, print, printable, printJson } from "./printing.ts";
import { toolArguments } from "./toolArguments.ts";

/**
 * To a file whole or not at all: it is written beside and renamed. Without a file, to standard output. INVALID_INPUT where the file is there
 * and --force is not given.
 */
export async function exportTo(
  engine: EngineApi,
  context: RequestContext,
  path: string | undefined,
  options: Options,
): Promise<void> {
  if (path === undefined || path === "-") {
    for await (const line of engine.exportLines(context)) {
      if (!process.stdout.write(`${line}\n`)) await new Promise((resolve) => process.stdout.once("drain", resolve));
    }
    return;
  }
  if (!options.flag("force") && (await stat(path).catch(() => undefined))?.isFile() === true)
    throw new HeirloomError(
      "INVALID_INPUT",
      `${path} is there already: name another file, or give --force to replace it.`,
    );
  const lines = await exportFile(engine.exportLines(context), path);
  if (options.flag("json")) printJson({ exported: lines, file: path });
  else note(`${counted(lines)} exported to ${path}`);
}

export async function pin(engine: EngineApi, context: RequestContext, id: string, options: Options): Promise<void> {
  const pinned = !options.flag("undo");
  const result = await engine.revise(toolArguments("revise-memory", { id, pinned }), context);
  if (options.flag("json")) printJson({ ...result, pinned });
  else print(`${result.id} ${pinned ? "is pinned" : "is not pinned any more"}`);
}

export async function feedback(
  engine: EngineApi,
  context: RequestContext,
  ids: readonly string[],
  options: Options,
): Promise<void> {
  const given = {
    ids: ids.length === 0 ? undefined : ids,
    outcome: options.text("outcome"),
    reset: options.flag("reset") || undefined,
  };
  const result = await engine.feedback(toolArguments("memory_feedback", given), context);
  if (options.flag("json")) printJson(result);
  else if (result.reset === true) print("What ranking had learned from outcomes is given up");
  else print(`noted for ${result.recorded === 1 ? "1 memory" : `${result.recorded} memories`}`);
}

export async function forget(
  engine: EngineApi,
  context: RequestContext,
  id: string | undefined,
  options: Options,
): Promise<void> {
  const filters = options.object("filter");
  const undo = options.text("undo");
  if ([id, filters, undo].filter((one) => one !== undefined).length !== 1) {
    throw new UsageError("heirloom forget takes one of ID, --filter JSON and --undo TOKEN|ID");
  }
  const given = {
    id,
    filters,
    undo,
    now: options.flag("now") || undefined,
    dryRun: options.flag("dry-run") || undefined,
  };
  const result = await engine.forget(toolArguments("forget-memory", given), context);
  if (options.flag("json")) {
    printJson(result);
    return;
  }
  if (result.restored !== undefined) {
    const taken = result.forgotten === 0 ? "" : `, ${result.forgotten} forgotten that were created then`;
    print(`${result.restored} brought back${taken}`);
    return;
  }
  if (options.flag("dry-run")) {
    print(`${result.forgotten} would be forgotten`);
    return;
  }
  const undoHint =
    result.undoToken === undefined
      ? "; their text is gone from the disk"
      : `; to undo: heirloom forget --undo ${result.undoToken}`;
  print(`${result.forgotten} forgotten${undoHint}`);
}

/** What `heirloom list --forgotten` says: each can be brought back by its id. */
export async function listForgotten(engine: EngineApi, context: RequestContext, options: Options): Promise<void> {
  for (const name of ["filter", "cursor"] as const)
    if (options.text(name) !== undefined) throw new UsageError(`heirloom list --forgotten takes no --${name}`);
  const memories = await engine.forgotten(options.integer("limit") ?? 10, context);
  if (options.flag("json")) {
    printJson({ memories });
    return;
  }
  if (memories.length === 0) {
    note("Nothing that was forgotten can be brought back.");
    return;
  }
  for (const { id, kind, title, keptUntil } of memories) {
    print(printable(`${id}  ${kind}  ${title}`));
    print(
      `    can be brought back until ${new Date(keptUntil).toISOString()}: heirloom forget --undo ${printable(id)}`,
    );
  }
}
