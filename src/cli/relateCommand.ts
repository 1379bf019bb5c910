import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import { RELATIONS } from "../contract/memory.ts";
import { shortCommit } from "../contract/shortCommit.ts";
import { type Options, UsageError } from "./parseCommand.ts";
import { note, oneLine, print, printable, printJson } from "./printing.ts";
import { toolArguments } from "./toolArguments.ts";

export async function relate(
  engine: EngineApi,
  context: RequestContext,
  words: readonly string[],
  options: Options,
): Promise<void> {
  const result = await engine.relate(toolArguments("memory_relate", given(words, options)), context);
  if (options.flag("json")) {
    printJson(result);
    return;
  }
  const { from, to, relation, since, withdrawn, contradictions } = result;
  if (withdrawn === true) print(`nothing is said of ${from} and ${to} any more`);
  else if (contradictions === undefined)
    print(`${from} ${relation} ${to}${since === undefined ? "" : ` from ${shortCommit(since)} on`}`);
  else {
    for (const { a, b, why, anchors } of contradictions)
      print(
        printable(
          `${why}${anchors.length === 0 ? "" : ` at ${anchors.join(", ")}`}\n  ${a.id}  ${oneLine(a.content).slice(0, 160)}\n  ${b.id}  ${oneLine(b.content).slice(0, 160)}\n`,
        ),
      );
    if (contradictions.length === 0) note("No two memories that are seen here look opposed.");
    else note("heirloom relate ID supersedes ID says which holds; ID compatible ID that both do.");
  }
}

function given(words: readonly string[], options: Options): Readonly<Record<string, unknown>> {
  const more = { reason: options.text("reason"), limit: options.integer("limit") };
  const [from, second, third] = words;
  if (options.flag("withdraw")) {
    if (words.length !== 2) throw new UsageError("heirloom relate --withdraw needs the ids of two memories.");
    return { ...more, action: "withdraw", from, to: second };
  }
  if (words.length === 0) return { ...more, action: "contradictions" };
  const relation = RELATIONS.find((one) => one === second);
  if (relation === undefined || third === undefined)
    throw new UsageError(`heirloom relate takes ID, one of ${RELATIONS.join(", ")}, and ID.`);
  return { ...more, from, to: third, relation };
}
