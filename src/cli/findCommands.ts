import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import { awaitIndex } from "./awaitIndex.ts";
import { counted } from "../contract/counted.ts";
import { bundleReport } from "./bundleReport.ts";
import type { Options } from "./parseCommand.ts";
import { planText } from "./planText.ts";
import { memoryLines, note, print, printable, printJson } from "./printing.ts";
import { toolArguments } from "./toolArguments.ts";

export async function search(
  engine: EngineApi,
  context: RequestContext,
  query: string,
  options: Options,
): Promise<void> {
  const given = {
    query,
    limit: options.integer("limit"),
    filters: options.object("filter"),
    scope: options.text("scope"),
    cursor: options.text("cursor"),
    pack: options.text("pack"),
    asOf: options.text("as-of"),
    includeHidden: options.flag("hidden") || undefined,
    explain: options.flag("explain") || undefined,
  };
  const result = await engine.retrieve(toolArguments("retrieve-memories", given), context);
  if (options.flag("json")) {
    printJson(result);
    return;
  }
  if (result.memories.length === 0) {
    note(await whyNothing(engine, context, options.flag("hidden")));
    return;
  }
  for (const memory of result.memories) print(memoryLines(memory, { whole: false, scored: query !== "" }));
  if (result.plan !== undefined) print(printable(planText(result.plan)));
  if (result.nextCursor !== undefined)
    note(`There is more. For the next page, give the same command and --cursor ${result.nextCursor}`);
}

/** Whoever asks an empty store has not been told yet how it is filled. */
async function whyNothing(engine: EngineApi, context: RequestContext, withHidden: boolean): Promise<string> {
  const { visible, hidden } = await engine.stats(context);
  if (visible + hidden === 0)
    return "Nothing is remembered here yet. heirloom start --once learns from the repository's history and documents.";
  return hidden === 0 || withHidden
    ? "Nothing is remembered about this."
    : `Nothing that is visible here matches; ${counted(hidden)} ${hidden === 1 ? "is" : "are"} hidden at this commit: --hidden searches ${hidden === 1 ? "it" : "them"} too.`;
}

export async function composeContext(
  engine: EngineApi,
  context: RequestContext,
  query: string,
  options: Options,
): Promise<void> {
  const common = {
    query,
    budget: options.integer("budget"),
    detail: options.text("detail"),
    pack: options.text("pack"),
  };
  const files = { specificFiles: options.list("file"), includeRelated: options.flag("related") || undefined };
  const rest = { limit: options.integer("limit"), filters: options.object("filter") };
  await awaitIndex(engine, context);
  const result =
    files.specificFiles.length === 0
      ? await engine.buildContext(toolArguments("build-context", { ...common, ...rest }), context)
      : await engine.contextProgressive(toolArguments("get_context_progressive", { ...common, ...files }), context);
  if (options.flag("json")) {
    printJson(result);
    return;
  }
  print(printable(result.markdown));
  if (options.flag("explain")) print(printable(bundleReport(result)));
  note(
    `${counted(result.tokens, "token", "tokens")}, ${counted(result.items.length, "item", "items")}, ${result.dropped.length} left out: ${result.stoppedBecause}`,
  );
  const { intent, code } = result;
  if (intent !== undefined)
    note(`taken for: ${intent.name} (${intent.confidence.toFixed(2)}), as ${intent.why.join("; ")}`);
  if (code?.state === "none" || code?.state === "partial")
    note(
      `The code is not ${code.state === "none" ? "" : "wholly "}indexed: heirloom index makes an index, heirloom start keeps it at hand.`,
    );
}

export async function show(engine: EngineApi, context: RequestContext, id: string, options: Options): Promise<void> {
  const { memory, view } = await engine.get(id, context);
  if (options.flag("json")) {
    printJson({
      ...view,
      content: memory.content,
      provenance: memory.provenance,
      mergedFrom: memory.mergedFrom,
    });
    return;
  }
  print(memoryLines({ ...view, content: memory.content }, { whole: true, scored: false }));
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["title", memory.title],
    ["tags", memory.tags.join(", ")],
    [
      "anchors",
      view.anchors
        .map(
          ({ path, symbol, startLine }) =>
            `${path}${symbol === undefined ? "" : `#${symbol}`}${startLine === undefined ? "" : `:${startLine}`}`,
        )
        .join(", "),
    ],
    ["metadata", Object.keys(memory.metadata).length === 0 ? "" : JSON.stringify(memory.metadata)],
    ["author", memory.provenance.author],
    ["agent", memory.provenance.agent],
    ["session", memory.sessionId],
    ["revision", String(memory.revision)],
    [
      "merged from",
      memory.mergedFrom.length === 0 ? "" : counted(memory.mergedFrom.length, "more capture", "more captures"),
    ],
  ];
  for (const [name, value] of facts) if (value !== undefined && value !== "") print(printable(`    ${name}: ${value}`));
}
