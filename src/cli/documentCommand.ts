import { DOCUMENT_PREFIX } from "../contract/document.ts";
import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import type { Options } from "./parseCommand.ts";
import { note, print, printable, printJson } from "./printing.ts";
import { toolArguments } from "./toolArguments.ts";

/** The parts on standard output, one after the other; what is missing, and how to go on, on standard error. */
export async function document(
  engine: EngineApi,
  context: RequestContext,
  id: string,
  options: Options,
): Promise<void> {
  const given = {
    ...(id.startsWith(DOCUMENT_PREFIX) ? { parentId: id } : { itemId: id }),
    from: options.integer("from"),
    limit: options.integer("limit"),
    includeHidden: options.flag("hidden") || undefined,
  };
  const result = await engine.document(toolArguments("memory_get_document", given), context);
  if (options.flag("json")) {
    printJson(result);
    return;
  }
  for (const part of result.parts) {
    const drift = { changed: "the file says something else by now", gone: "the file has it no more" };
    const facts = [
      ...(part.startLine === undefined ? [] : [`line ${part.startLine}`]),
      ...(part.hiddenBecause === undefined ? [] : [`hidden: ${part.hiddenBecause}`]),
      ...(part.drift === undefined ? [] : [drift[part.drift]]),
    ];
    print(printable(`[${part.id}]${facts.length === 0 ? "" : ` ${facts.join(" · ")}`}\n${part.text}\n`));
  }
  for (const { id: of, why, reason, headings = [] } of result.missing)
    note(printable(`missing, ${why}: ${[...(of === undefined ? [] : [of]), ...headings].join(" › ")} (${reason})`));
  for (const { id: of, why, reason } of result.elsewhere ?? [])
    note(printable(`not in the file here, ${why}: ${of ?? ""} (${reason})`));
  note(
    `${result.parts.length} of ${result.count} parts of ${printable(result.parentId)}, ${result.complete ? "complete" : `${result.missing.length} missing`}` +
      (result.nextFrom === undefined ? "" : `; go on with --from ${result.nextFrom}`),
  );
}
