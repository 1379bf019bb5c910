import { type FileHandle, open } from "node:fs/promises";
import { HeirloomError } from "../contract/errors.ts";
import { parseAnchor } from "../contract/commands.ts";
import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import { counted } from "../contract/counted.ts";
import { shortCommit } from "../contract/shortCommit.ts";
import { DEDUPE } from "../contract/tools.ts";
import { readLines } from "../engine/lifecycle/readLines.ts";
import { type Options, UsageError } from "./parseCommand.ts";
import { endProgress, note, print, printable, printJson, progress } from "./printing.ts";
import { toolArguments } from "./toolArguments.ts";

export async function capture(
  engine: EngineApi,
  context: RequestContext,
  content: string,
  options: Options,
): Promise<void> {
  const eventType = options.text("type");
  if (eventType === undefined) throw new UsageError("heirloom capture needs --type, such as --type decision");
  const given = {
    eventType,
    content: content === "-" ? await readStdin() : content,
    kind: options.text("kind"),
    scope: options.text("scope"),
    title: options.text("title"),
    tags: options.list("tag"),
    anchors: options.list("anchor").map((anchor) => {
      try {
        return parseAnchor(anchor);
      } catch {
        throw new UsageError(`--anchor takes PATH, PATH#SYMBOL or PATH:L1-L2, not "${anchor}"`);
      }
    }),
    ttlSeconds: options.integer("ttl"),
    metadata: options.object("metadata"),
    sessionId: options.text("session"),
    dedupe: options.text("dedupe"),
    supersedes: options.list("supersedes"),
    idempotencyKey: options.text("key"),
  };
  const input = toolArguments("capture-memory", given);
  const result = await engine.capture(input, context);
  for (const warning of result.warnings ?? []) note(printable(`warning: ${warning}`));
  if (options.flag("json")) {
    printJson(result);
    return;
  }
  const { branch, commit, pending } = result.provenance;
  const place = commit === undefined ? "" : ` on ${branch ?? "a detached HEAD"} at ${shortCommit(commit)}`;
  const redacted = result.redactions === 0 ? "" : `; ${secretsTaken(result.redactions)}`;
  print(`${result.outcome} ${result.id}${place}${pending ? ", waiting for the next commit" : ""}${redacted}`);
}

/** A file of another kind has thousands of bad lines, which say no more than the first of them. */
const PROBLEMS_SHOWN = 20;

export async function importFile(
  engine: EngineApi,
  context: RequestContext,
  file: string,
  options: Options,
): Promise<void> {
  const dedupe = DEDUPE.find((mode) => mode === (options.text("dedupe") ?? "merge"));
  if (dedupe === undefined) throw new UsageError(`--dedupe takes ${DEDUPE.join(", ")}`);
  const input = file === "-" ? process.stdin : (await openedFile(file)).createReadStream();
  const result = await engine.importLines(readLines(input), { dedupe, onProgress: progress("imported") }, context);
  endProgress();
  for (const { line, message } of result.problems.slice(0, PROBLEMS_SHOWN)) note(printable(`line ${line}: ${message}`));
  const more = result.problems.length - PROBLEMS_SHOWN;
  if (more > 0)
    note(`… and ${counted(more, "more line", "more lines")} that could not be taken; --json lists them all`);
  if (options.flag("json")) printJson(result);
  else {
    print(
      `${counted(result.read, "line", "lines")} read: ${result.created} created, ${result.merged} merged, ${result.duplicates} known already, ` +
        `${result.problems.length} not taken; ${secretsTaken(result.redactions)}`,
    );
  }
  if (result.problems.length > 0 && result.problems.length === result.read) {
    throw new HeirloomError(
      "INVALID_INPUT",
      `None of the ${counted(result.read, "line", "lines")} could be imported: see the reasons above.`,
      {
        problems: result.problems,
      },
    );
  }
}

const secretsTaken = (count: number): string => `${counted(count, "secret", "secrets")} taken out`;

async function openedFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, "r");
    if (!(await file.stat()).isDirectory()) return file;
    await file.close();
  } catch (cause) {
    throw new HeirloomError(
      "INVALID_INPUT",
      `${path} cannot be opened: name an existing file of JSON Lines that you may read, or - for standard input.`,
      undefined,
      { cause },
    );
  }
  throw new HeirloomError("INVALID_INPUT", `${path} is a folder: name a file of JSON Lines, or - for standard input.`);
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/u, "");
}
