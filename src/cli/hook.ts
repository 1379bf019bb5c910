// Answers one hook of an agent, who waits: this file and what it imports load nothing that is not needed to ask a running process.
import { resolve } from "node:path";
import type { HookAnswer, HookEventName, HookInput } from "../contract/hooks.ts";
import { PEER_VERSION } from "../contract/peer.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { RequestContext } from "../contract/engineApi.ts";
import { findRepository } from "../engine/git/findRepository.ts";
import { storeNameAt } from "../engine/storeName.ts";
import { askPeerOnce } from "../serve/askPeerOnce.ts";
import { defaultDataFolder } from "../serve/dataFolder.ts";
import { findOwner } from "../serve/findOwner.ts";
import { circuitFolder, guarded } from "./hookBreaker.ts";
import { isWorthAsking, parseMessage, readInput } from "./hookMessage.ts";

/** How long an agent may be kept waiting, in milliseconds: where no process runs that could be asked, a store has to be opened. */
const DEADLINES: Readonly<Record<HookEventName, number>> = {
  SessionStart: 2_000,
  UserPromptSubmit: 2_000,
  PreToolUse: 2_000,
  PostToolUse: 2_000,
  PostToolUseFailure: 2_000,
  PreCompact: 4_000,
  Stop: 4_000,
  SessionEnd: 4_000,
};
const INPUT_MS = 1_000;

// Whatever happens, the agent goes on: a hook never fails.
process.on("uncaughtException", (error) => leave(error));
try {
  say(await answerHook(process.argv.slice(process.argv[2] === "hook" ? 3 : 2)));
} catch (error) {
  leave(error);
}

/** Standard output is opened only when there is something to say: that takes a millisecond. */
function say(answer: string): void {
  if (answer === "") process.exit(0);
  process.stdout.on("error", () => process.exit(0));
  process.stdout.write(answer, () => process.exit(0));
}

function leave(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`heirloom hook: ${message.replace(/\s+/gu, " ").slice(0, 500)}\n`, () => process.exit(0));
}

/** What is written to standard output; "" when there is nothing to say. */
async function answerHook(args: readonly string[]): Promise<string> {
  const { event, options } = readArguments(args);
  if (!isEvent(event)) throw new Error(`there is no event "${event}"; known are ${Object.keys(DEADLINES).join(", ")}`);
  const input = parseMessage(await readInput(process.stdin, INPUT_MS));
  if (!isWorthAsking(event, input)) return "";
  const workspace = resolve(options.get("workspace") ?? workspaceOf(input));
  const dataFolder = resolve(options.get("data") ?? defaultDataFolder());
  const agent = options.get("agent") ?? (process.env["CLAUDE_PROJECT_DIR"] === undefined ? undefined : "claude-code");
  const context = { workspace, ...(agent === undefined ? {} : { agent }) };
  const deadline = DEADLINES[event];
  const store = storeNameAt(workspace);
  const answer = await guarded(circuitFolder(dataFolder, store), event, deadline, () =>
    ask(event, input, context, { dataFolder, store }, deadline),
  );
  return answer.context === undefined ? "" : spoken(event, answer.context);
}

/** `EVENT --name value --name=value`, read without util.parseArgs: loading that takes some milliseconds of an agent. */
function readArguments(args: readonly string[]): {
  readonly event: string;
  readonly options: ReadonlyMap<string, string>;
} {
  const options = new Map<string, string>();
  let event = "";
  for (let at = 0; at < args.length; at++) {
    const option = /^--([a-z]+)(?:=(.*))?$/su.exec(args[at] ?? "");
    if (option === null) event = args[at] ?? "";
    else options.set(option[1] ?? "", option[2] ?? args[++at] ?? "");
  }
  return { event, options };
}

function isEvent(name: string): name is HookEventName {
  return Object.hasOwn(DEADLINES, name);
}

/** The agent's folder, unless it went astray: then that of its project. */
function workspaceOf(input: HookInput): string {
  const project = process.env["CLAUDE_PROJECT_DIR"];
  const here = input.cwd ?? project ?? process.cwd();
  if (project === undefined || project === "" || project === here) return here;
  const [theirs, ours] = [findRepository(here).repository?.commonDir, findRepository(project).repository?.commonDir];
  return theirs !== undefined && theirs === ours ? here : project;
}

/** Asks the process that owns the store, else opens the store here. */
async function ask(
  event: HookEventName,
  input: HookInput,
  context: RequestContext & { readonly workspace: string },
  { dataFolder, store }: { readonly dataFolder: string; readonly store: string },
  timeoutMs: number,
): Promise<HookAnswer> {
  const owner = await findOwner(store, dataFolder);
  if (owner !== undefined) {
    try {
      const message = { version: PEER_VERSION, arguments: [event, input], context };
      return (await askPeerOnce(owner, "engine.hook", message, { timeoutMs })) as HookAnswer;
    } catch (error) {
      // It has ended: the store is ours to open. One that lives and is silent would only be waited for again.
      const gone = error instanceof HeirloomError && error.code === "OWNER_UNREACHABLE";
      if (!gone || error.details?.["cause"] === "ETIMEDOUT") throw error;
    }
  }
  const { openHost } = await import("../serve/openHost.ts");
  const host = await openHost({
    workspace: context.workspace,
    dataFolder,
    profiles: ["core"],
    rateLimited: true,
    longLived: false,
    logLevel: "error",
  });
  try {
    return await host.engine.hooks.hook(event, input, context);
  } finally {
    await host.close();
  }
}

/** The answer that Claude Code and VS Code read; it decides nothing about the tool. */
function spoken(event: HookEventName, additionalContext: string): string {
  return `${JSON.stringify({ hookSpecificOutput: { hookEventName: event, additionalContext } })}\n`;
}
