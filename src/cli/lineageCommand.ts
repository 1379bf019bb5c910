import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import { LINEAGE_ACTIONS, type LineageResult } from "../contract/lineageReview.ts";
import { citedCommit, shortCommit } from "../contract/shortCommit.ts";
import { type Options, UsageError } from "./parseCommand.ts";
import { note, print, printable, printJson } from "./printing.ts";
import { toolArguments } from "./toolArguments.ts";

export async function lineage(
  engine: EngineApi,
  context: RequestContext,
  [word = "list", ...names]: readonly string[],
  options: Options,
): Promise<void> {
  const action = LINEAGE_ACTIONS.find((one) => one === word);
  if (action === undefined)
    throw new UsageError(`heirloom lineage takes list, accept, refuse, promote or move, not "${word}".`);
  const judges = action === "accept" || action === "refuse";
  if (judges ? names.length !== 2 : action === "list" && names.length > 0)
    throw new UsageError(`heirloom lineage ${action} ${judges ? "needs two commits, FROM and TO" : "takes no names"}.`);
  const [from, to] = judges ? names : [undefined, options.text("to")];
  const given = {
    ...{ action, from, to, branch: options.text("branch"), commit: options.text("commit") },
    ids: judges || names.length === 0 ? undefined : names,
    dryRun: options.flag("dry-run") || undefined,
  };
  const result = await engine.lineage(toolArguments("memory_lineage", given), context);
  if (options.flag("json")) printJson(result);
  else if (action === "list") printList(result);
  else {
    const verb = {
      accept: "visible here again",
      refuse: "changed",
      promote: "promoted to every branch",
      move: "moved",
    };
    const where = result.commit === undefined ? "" : ` to ${shortCommit(result.commit)}`;
    print(`${result.changed ?? 0} ${options.flag("dry-run") ? "would be " : ""}${verb[action]}${where}`);
  }
}

function printList({ offered = [], elsewhere = [], more }: LineageResult): void {
  const titles = (memories: readonly { readonly id: string; readonly title: string }[]): string =>
    memories.map(({ id, title }) => `\n    ${id}  ${title}`).join("");
  for (const { from, to, subject, how, sureness, inherited, count, memories } of offered)
    print(
      printable(
        `${shortCommit(from)} may be ${shortCommit(to)}${subject === undefined ? "" : ` "${subject}"`} by now` +
          ` (${how}, ${Math.round(100 * sureness)} %${inherited ? "" : ", not inherited here either"}): ${count}${titles(memories)}\n` +
          `  heirloom lineage accept ${citedCommit(from)} ${citedCommit(to)}, or refuse`,
      ),
    );
  for (const { why, count, memories } of elsewhere) print(printable(`${why}: ${count}${titles(memories)}`));
  if (more === true) note("There are more.");
  if (elsewhere.length === 0) note("This HEAD inherits everything that is remembered of this repository.");
  else note("heirloom lineage promote ID... keeps memories on every branch; move ID... --to COMMIT takes them along.");
}
