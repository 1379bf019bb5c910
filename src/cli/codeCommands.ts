import { setTimeout } from "node:timers/promises";
import type { IndexResult } from "../contract/codeTools.ts";
import { counted } from "../contract/counted.ts";
import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import { citedCommit } from "../contract/shortCommit.ts";
import type { Options } from "./parseCommand.ts";
import { note, print, printable, printJson } from "./printing.ts";
import { toolArguments } from "./toolArguments.ts";

/** Milliseconds from one look at the files to the next, with `--watch`. */
const LOOK_MS = 1_000;

/** Brings the code index up to date; with `--watch` again and again, until the process is ended. */
export async function indexCode(engine: EngineApi, context: RequestContext, options: Options): Promise<void> {
  const action = options.flag("rebuild") ? "rebuild" : "sync";
  let told = await engine.indexControl(toolArguments("index_control", { action }), context);
  tell(told, options);
  while (options.flag("watch")) {
    await setTimeout(LOOK_MS);
    const next = await engine.indexControl(toolArguments("index_control", { action: "sync" }), context);
    if (next.files !== told.files || next.chunks !== told.chunks || next.symbols !== told.symbols) tell(next, options);
    told = next;
  }
}

function tell(result: IndexResult, options: Options): void {
  if (options.flag("json")) {
    printJson(result);
    return;
  }
  const { files, chunks, symbols, leftOut } = result;
  print(
    `${counted(files, "file", "files")}, ${counted(chunks, "passage", "passages")}, ${counted(symbols, "symbol", "symbols")}`,
  );
  for (const [reason, count] of Object.entries(leftOut)) note(`left out: ${count} ${printable(reason)}`);
}

export async function locate(
  engine: EngineApi,
  context: RequestContext,
  query: string,
  options: Options,
): Promise<void> {
  const given = {
    query,
    limit: options.integer("limit"),
    pathGlob: options.text("glob"),
    language: options.text("language"),
    pack: options.text("pack"),
  };
  const result = await engine.locate(toolArguments("locate_relevant_files", given), context);
  if (options.flag("json")) {
    printJson(result);
    return;
  }
  if (result.pending !== undefined) note(`${counted(result.pending, "file is", "files are")} not indexed yet`);
  const { name, confidence, why } = result.intent;
  note(`taken for: ${name} (${confidence.toFixed(2)}), as ${why.join("; ")}`);
  if (result.files.length === 0) note("No file of this folder has to do with it.");
  for (const { root, why } of result.missing ?? []) note(printable(`${root} could not be asked: ${why}`));
  for (const { path, root, score, reasons, symbols, warnings = [] } of result.files) {
    print(printable(`${score.toFixed(2)}  ${root === undefined ? path : `${root}: ${path}`}`));
    for (const reason of reasons) print(printable(`      ${reason}`));
    for (const { signature, startLine } of symbols) print(printable(`      ${startLine}: ${signature}`));
    for (const { id, text, commit } of warnings)
      print(
        printable(`      went wrong before${commit === undefined ? "" : ` (${citedCommit(commit)})`}: ${text} [${id}]`),
      );
  }
}
