import { counted } from "../contract/counted.ts";
import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import { judgeInput, type PendingFile, type ShareRequest, type ShareResult } from "../contract/share.ts";
import { shortCommit } from "../contract/shortCommit.ts";
import { unifiedDiff } from "../serve/agents/unifiedDiff.ts";
import { type Options, UsageError } from "./parseCommand.ts";
import { note, print, printable, printJson } from "./printing.ts";
import { checkedArguments, toolArguments } from "./toolArguments.ts";

/** What is done instead of writing; at most one of them. */
const INSTEAD = {
  remove: "unshare",
  status: "status",
  review: "review",
  accept: "accept",
  refuse: "refuse",
  trust: "trust",
  "no-trust": "distrust",
} as const;
type Instead = keyof typeof INSTEAD;

/** Writes memories into files that git carries, and reads what came with it. Commits nothing. */
export async function share(
  engine: EngineApi,
  context: RequestContext,
  ids: readonly string[],
  options: Options,
): Promise<void> {
  const words = (Object.keys(INSTEAD) as Instead[]).filter((name) => options.flag(name));
  const [word] = words;
  if (words.length > 1)
    throw new UsageError(`heirloom share takes one of ${words.map((name) => `--${name}`).join(" and ")}.`);
  const action = word === undefined ? "share" : INSTEAD[word];
  if (ids.length > 0 && ["status", "review", "trust", "distrust"].includes(action))
    throw new UsageError(`heirloom share --${word ?? ""} takes no ID.`);
  const given = {
    ...{
      action,
      ids: ids.length === 0 ? undefined : ids,
      filters: options.object("filter"),
      kind: options.text("kind"),
    },
    ...{ author: options.text("author"), commit: options.text("commit"), to: options.text("to") },
    dryRun: options.flag("dry-run") || undefined,
  };
  const result = await engine.share(requestOf(action, given), context);
  if (options.flag("json")) printJson(result);
  else printResult(result, options.flag("dry-run"));
}

function requestOf(
  action: "share" | (typeof INSTEAD)[Instead],
  given: Readonly<Record<string, unknown>>,
): ShareRequest {
  if (action === "trust" || action === "distrust") return { action };
  if (action === "accept" || action === "refuse")
    return checkedArguments(judgeInput, `heirloom share --${action}`, given);
  return toolArguments("memory_share", given);
}

function printResult(result: ShareResult, dryRun: boolean): void {
  const { written, unchanged = 0, leftOut = [], files, pending, accepted, refused, problems } = result;
  for (const { change, path } of written ?? []) print(printable(`${dryRun ? "would be " : ""}${change} ${path}`));
  for (const { id, why } of leftOut) note(printable(`${id} is left out: it ${why}`));
  for (const { state, path, title, waitsFor } of files ?? []) {
    print(printable(`${state.padEnd(9)} ${path}${title === undefined ? "" : `  ${title}`}`));
    if (waitsFor !== undefined)
      print(printable(`          what it says of ${waitsFor.join(", ")} waits: not accepted here`));
  }
  for (const one of pending ?? []) printPending(one);
  if (accepted !== undefined) print(`${counted(accepted.length)} ${dryRun ? "would be " : ""}accepted`);
  if (refused !== undefined) print(`${counted(refused.length)} ${dryRun ? "would be " : ""}refused`);
  for (const { path, message } of problems) note(printable(`${path}: ${message}`));
  if (written !== undefined) {
    if (unchanged > 0)
      note(
        `${counted(unchanged)} ${unchanged === 1 ? "is" : "are"} shared already as ${unchanged === 1 ? "it is" : "they are"}`,
      );
    if (written.length > 0 && !dryRun) note("Look at the change with git diff, then commit it.");
    else if (written.length + unchanged + leftOut.length === 0)
      note("Nothing is shared. heirloom share ID..., --kind KIND or --filter JSON chooses memories.");
  }
  if (files?.length === 0) note(`${result.folder} holds no memories.`);
  if (pending !== undefined) {
    if (pending.length === 0) note("Nothing waits for review.");
    else note("heirloom share --accept ID..., or --refuse ID...; --author NAME and --commit COMMIT judge all of one.");
    if (result.trusted) note("What this repository shares is accepted unasked; --no-trust ends that.");
  }
}

function printPending({ id, change, path, author, commit, text, known }: PendingFile): void {
  const by = author === undefined ? "" : ` by ${author}`;
  const at = commit === undefined ? "" : ` in ${shortCommit(commit)}`;
  print(printable(`${id}  ${change}${by}${at}  ${path}`));
  if (change === "gone") print("    its file was deleted; accepting forgets the memory, which can be undone");
  else
    for (const line of unifiedDiff(path, known, text ?? "")
      .split("\n")
      .slice(0, -1))
      print(printable(`    ${line}`));
}
