import type { HookEventName, HookInput } from "../contract/hooks.ts";
import { readEditChanges } from "../engine/capture/editChange.ts";
import { readToolCall, type ToolCall } from "../engine/capture/toolCall.ts";

/** More than any agent sends with a tool's whole output. */
const MOST_BYTES = 16 * 1_048_576;

/** Reads standard input to its end. Throws when there is too much of it, or it does not end in time. */
export function readInput(stream: NodeJS.ReadableStream, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const late = new Error(`standard input did not end within ${timeoutMs} ms`);
    const timer = setTimeout(() => reject(late), timeoutMs);
    stream.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) reject(new Error(`the event is larger than ${MOST_BYTES} bytes`));
      else chunks.push(chunk);
    });
    stream.once("error", reject);
    stream.once("end", () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).toString("utf8"));
    });
  });
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The event that an agent sent, in the names of the contract, with nothing but what is needed: of what is written into files no more than
 * the places that change.
 * Throws for what is no event.
 */
export function parseMessage(text: string): HookInput {
  const given = objectOf(parsed(text));
  if (given === undefined) throw new Error("standard input holds no JSON object");
  const string = (...names: readonly string[]): string | undefined =>
    names.map((name) => given[name]).find((value) => typeof value === "string" && value !== "") as string | undefined;
  const sessionId = string("session_id", "sessionId");
  if (sessionId === undefined) throw new Error("the event names no session");
  const toolName = string("tool_name", "toolName");
  const toolInput = objectOf(given["tool_input"] ?? given["toolInput"] ?? parsed(given["toolArgs"]));
  const tool = {
    ...(toolName === undefined ? {} : { tool_name: toolName }),
    ...(toolInput === undefined ? {} : { tool_input: toolInput }),
  };
  const { kind, paths, command } = readToolCall(tool);
  const response = given["tool_response"] ?? given["toolResponse"] ?? given["tool_result"] ?? given["toolResult"];
  const fields = {
    cwd: string("cwd"),
    source: string("source"),
    prompt: string("prompt"),
    trigger: string("trigger"),
    tool_name: toolName,
    tool_input:
      kind === "command"
        ? { command }
        : kind === "other"
          ? undefined
          : { files: paths, ...changesOf(kind, tool, response) },
    tool_response: kind === "command" ? response : undefined,
    error: kind === "command" ? given["error"] : undefined,
    is_interrupt: given["is_interrupt"],
  };
  const present = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return { session_id: sessionId, ...present };
}

/** Before and after of the places that an edit changes. */
function changesOf(
  kind: ToolCall["kind"],
  tool: Pick<HookInput, "tool_input">,
  response: unknown,
): { readonly changes?: object } {
  const changes = kind === "edit" ? readEditChanges({ ...tool, tool_response: response }) : [];
  return changes.length === 0 ? {} : { changes };
}

/** Whether the engine could have anything to say or to write down: most tools are none of its business. */
export function isWorthAsking(event: HookEventName, input: HookInput): boolean {
  const { kind } = readToolCall(input);
  if (event === "PreToolUse") return kind === "edit" || kind === "read";
  if (event === "PostToolUse") return kind === "edit" || kind === "command";
  return event !== "PostToolUseFailure" || kind === "command";
}

function objectOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
