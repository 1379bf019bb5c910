import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import type { GrepResult } from "../contract/grep.ts";
import type { Options } from "./parseCommand.ts";
import { UsageError } from "./parseCommand.ts";
import { note, print, printable, printJson } from "./printing.ts";
import { toolArguments } from "./toolArguments.ts";

export async function grep(
  engine: EngineApi,
  context: RequestContext,
  pattern: string,
  options: Options,
): Promise<void> {
  const result = await engine.grep(toolArguments("context_grep", givenOf(pattern, options)), context);
  if (options.flag("json")) {
    printJson(result);
    return;
  }
  for (const { path, root, lines } of result.files ?? [])
    print(printable(`${placeOf(path, root)}${lines === undefined ? "" : `:${lines}`}`));
  for (const match of result.matches) for (const line of linesOf(match)) print(printable(line));
  const { counts, truncated, pending, missing = [] } = result;
  for (const { root, why } of missing) note(printable(`${root} could not be asked: ${why}`));
  if (truncated === "limit") note("There are more: narrow the pattern or the files, or raise --limit.");
  if (truncated === "time") note("It took too long to look through everything: narrow the pattern or the files.");
  if (pending !== undefined) note(`${pending} files are not indexed yet and were not looked through.`);
  if (counts.files === 0) note(`Nothing matches in ${counts.searched} files.`);
}

function givenOf(pattern: string, options: Options): Readonly<Record<string, unknown>> {
  if (options.flag("files") && options.flag("count")) throw new UsageError("Give --files or --count, not both");
  return {
    pattern,
    fixedStrings: options.flag("fixed-strings"),
    word: options.flag("word"),
    case: options.text("case"),
    before: options.integer("before"),
    after: options.integer("after"),
    mode: options.flag("files") ? "files" : options.flag("count") ? "count" : "lines",
    limit: options.integer("limit"),
    pathGlob: options.text("glob"),
    language: options.text("language"),
    pack: options.text("pack"),
  };
}

const placeOf = (path: string, root: string | undefined): string => (root === undefined ? path : `${root}: ${path}`);

/** As grep prints them, so that an editor's terminal makes links of them. */
function linesOf(match: GrepResult["matches"][number]): readonly string[] {
  const { line, column, text, before = [], after = [] } = match;
  const place = placeOf(match.path, match.root);
  return [
    ...before.map((one, at) => `${place}-${line - before.length + at}-${one}`),
    `${place}:${line}:${column}:${text}`,
    ...after.map((one, at) => `${place}-${line + 1 + at}-${one}`),
  ];
}
