import type { AnalyzeResult } from "../contract/analyze.ts";
import { counted } from "../contract/counted.ts";
import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import { LIST_NAMES, linesOfList, listsOf, SECTIONS } from "../engine/code/analyze/reportSections.ts";
import { awaitIndex } from "./awaitIndex.ts";
import type { Options } from "./parseCommand.ts";
import { note, print, printable, printJson } from "./printing.ts";
import { toolArguments } from "./toolArguments.ts";

/** A terminal shows so many lines of code without scrolling far. */
const MOST_CODE_LINES = 30;

/** Everything that is known of one symbol or file, for a person to read. */
export async function explain(
  engine: EngineApi,
  context: RequestContext,
  target: string,
  options: Options,
): Promise<void> {
  const given = {
    target,
    depth: options.integer("depth"),
    budget: options.integer("budget"),
    pack: options.text("pack"),
  };
  // Of a tree that is indexed in part, what is asked may be in the other one.
  await awaitIndex(engine, context);
  const result = await engine.analyze(toolArguments("analyze_implementation", given), context);
  if (options.flag("json")) {
    printJson(result);
    return;
  }
  if (result.pending !== undefined) note(`${counted(result.pending, "file is", "files are")} not indexed yet`);
  for (const line of report(result)) print(printable(line));
  for (const { root, why } of result.missing ?? []) note(printable(`${root} could not be asked: ${why}`));
  for (const { what, count, why } of result.dropped) note(printable(`left out: ${count} of ${what}, ${why}`));
}

function report(result: AnalyzeResult): readonly string[] {
  const { definition, impact, root } = result;
  const { path, startLine, endLine, kind, name, signature, doc, text } = definition;
  const lists = listsOf(result);
  const code = text?.split("\n") ?? [];
  const { symbols, files, tests, uncertain, isCut } = impact;
  return [
    `${kind} ${name}  ${root === undefined ? "" : `${root}: `}${path}:${startLine}-${endLine}`,
    ...(signature === undefined ? [] : [`    ${signature}`]),
    ...(doc === undefined ? [] : [`    ${doc}`]),
    ...(result.uncommitted === true ? ["    its lines differ from HEAD"] : []),
    ...LIST_NAMES.flatMap((list) => {
      const lines = linesOfList(list, lists[list]);
      return lines.length === 0 ? [] : ["", SECTIONS[list].title, ...lines.map((line) => `    ${line}`)];
    }),
    "",
    "Impact of a change",
    `    ${isCut ? "at least " : ""}${counted(symbols, "place", "places")} in ${counted(files, "file", "files")}, ${counted(tests, "test", "tests")} among them`,
    ...(uncertain === 0 ? [] : [`    ${counted(uncertain, "call", "calls")} more may be of it, by the name alone`]),
    ...(code.length === 0 ? [] : ["", "Code", ...code.slice(0, MOST_CODE_LINES).map((line) => `    ${line}`)]),
    ...(code.length > MOST_CODE_LINES ? [`    … ${code.length - MOST_CODE_LINES} more lines`] : []),
  ];
}
