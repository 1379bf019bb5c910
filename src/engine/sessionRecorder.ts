import { createHash } from "node:crypto";
import { HeirloomError, toErrorShape } from "../contract/errors.ts";
import type { SessionEvent } from "../contract/hooks.ts";
import { commandOutcome, errorLines } from "./capture/commandOutcome.ts";
import { hasOpenFailure, sameCommand, type SessionCandidate, sessionCandidates } from "./capture/sessionCandidates.ts";
import { mayMend } from "./capture/mendingCommand.ts";
import { readToolCall } from "./capture/toolCall.ts";
import type { SessionLogs } from "./operations/sessionLogs.ts";
import { type HookCall, insidePaths, type SessionHooksParts } from "./sessionCall.ts";
import { SessionUndoing } from "./sessionUndoing.ts";

/** What one event keeps of a text. It is screened whole before: a cut may fall into a secret. */
const LONGEST_PROMPT = 4_000;
const LONGEST_COMMAND = 500;
/** Longer texts are not looked at to their end. */
const LOOKED_AT = 65_536;

/** Writes down what an agent did, and makes memories of it. Nothing is written that was not screened for secrets. */
export class SessionRecorder {
  readonly #parts: SessionHooksParts;
  readonly #logs: SessionLogs;
  readonly #undoing: SessionUndoing;

  constructor(parts: SessionHooksParts, logs: SessionLogs) {
    this.#parts = parts;
    this.#logs = logs;
    this.#undoing = new SessionUndoing(parts, logs);
  }

  /** Whether an edit is undone by now; to be asked while the agent has done nothing since it was asked last. */
  undoneByPerson(call: HookCall): Promise<boolean> {
    return this.#undoing.settle(call, "person");
  }

  /** The prompt without secrets. */
  async prompted(call: HookCall): Promise<string> {
    await this.#undoing.settle(call, "person");
    const [text = ""] = await this.#parts.redact([wholeLines(call.input.prompt ?? "")], call.root);
    if (text.trim() !== "")
      await this.#record(call, [{ type: "prompt", at: this.#now(), text: text.slice(0, LONGEST_PROMPT) }]);
    return text;
  }

  async toolUsed(call: HookCall): Promise<void> {
    const failed = call.event === "PostToolUseFailure";
    const tool = readToolCall(call.input);
    if (tool.kind === "edit" && !failed) await this.#edited(call, insidePaths(tool.paths, call));
    if (tool.kind === "command" && tool.command !== undefined) {
      await this.#ran(call, tool.command, failed);
      if (mayMend(tool.command)) await this.#undoing.settle(call, "agent");
    }
  }

  async #edited(call: HookCall, paths: readonly string[]): Promise<void> {
    const last = (await this.#logs.read(call.sessionId)).events.at(-1);
    const shown = await this.#parts.redact(paths, call.root);
    const made: SessionEvent[] = [];
    for (const [index, path] of shown.entries()) {
      // A path that holds a secret is not one that could be looked at later.
      const change = path === paths[index] ? await this.#undoing.mark(call, path) : undefined;
      if (change !== undefined || last?.type !== "edit" || last.path !== path)
        made.push({ type: "edit", at: this.#now(), path, ...(change === undefined ? {} : { change }) });
    }
    await this.#record(call, made);
    await this.#undoing.settle(call, "agent");
  }

  /** A command that succeeded is worth a line only where it had failed before, or may have mended another that did. */
  async #ran(call: HookCall, given: string, failed: boolean): Promise<void> {
    const outcome = commandOutcome(call.input, failed);
    if (outcome === undefined) return;
    const [command = "", output = ""] = await this.#parts.redact([wholeLines(given), outcome.output], call.root);
    const said = { type: "command", at: this.#now(), command: command.slice(0, LONGEST_COMMAND) } as const;
    if (outcome.failed) return this.#record(call, [{ ...said, error: errorLines(output) }]);
    const { events } = await this.#logs.read(call.sessionId);
    const last = events.findLast(
      (event) => event.type === "command" && sameCommand(event.command) === sameCommand(said.command),
    );
    const succeeds = last?.type === "command" && last.error !== undefined;
    if (succeeds || (mayMend(said.command) && hasOpenFailure(events))) await this.#record(call, [said]);
  }

  /** Makes memories of what happened since the last time; ids of those that were made or brought up to date. */
  async condense(call: HookCall): Promise<readonly string[]> {
    await this.#undoing.settle(call, "person");
    await this.#noteUse(call);
    const made: string[] = [];
    const { events, captured } = await this.#logs.read(call.sessionId);
    for (const candidate of sessionCandidates(call.sessionId, events)) {
      const { key, how, input } = candidate;
      const of = createHash("sha256").update(input.content).digest("hex").slice(0, 16);
      const known = captured.get(key);
      if (known !== undefined && (how === "once" || known.of === of)) continue;
      const id = await this.#keep(call, candidate, known?.id);
      if (id === undefined) continue;
      await this.#logs.append(call.sessionId, [{ type: "captured", key, id, of }]);
      made.push(id);
    }
    return made;
  }

  /** What was said to the agent and speaks of code that it then edited was of use, as far as anybody can see without being told. */
  async #noteUse(call: HookCall): Promise<void> {
    const { engine, recall, logger } = this.#parts;
    const { said, used, events } = await this.#logs.read(call.sessionId);
    const edited = new Set(events.flatMap((event) => (event.type === "edit" ? [event.path] : [])));
    const fresh = edited.size === 0 ? [] : [...said.keys()].filter((id) => !used.has(id));
    const ids: string[] = [];
    for (const id of fresh) {
      // It may have been forgotten since, or what was said was only its beginning.
      const found = await recall.get(id, call.context).catch(() => undefined);
      if (found?.memory.anchors.some(({ path }) => edited.has(path)) === true) ids.push(id);
    }
    if (ids.length === 0) return;
    await this.#logs.append(call.sessionId, [{ type: "used", ids }]);
    await engine.feedback({ ids, outcome: "used" }, call.context).catch((error: unknown) => {
      logger.log("info", "What was of use in a session is not noted", { code: toErrorShape(error).code });
    });
  }

  /** The id of the memory; undefined when it cannot be one. */
  async #keep(
    call: HookCall,
    { key, input }: SessionCandidate,
    known: string | undefined,
  ): Promise<string | undefined> {
    const { engine, logger } = this.#parts;
    try {
      if (known === undefined) {
        const asked = { ...input, idempotencyKey: key, sessionId: call.sessionId };
        return (await engine.capture(asked, call.context)).id;
      }
      const { content, title, anchors, metadata } = input;
      await engine.revise(
        {
          id: known,
          content,
          ...(title === undefined ? {} : { title }),
          ...(anchors === undefined ? {} : { anchors }),
          ...(metadata === undefined ? {} : { metadata }),
          reason: "the session went on",
        },
        call.context,
      );
      return known;
    } catch (error) {
      // Somebody forgot it, or what the session did is no memory: neither is asked again before something changes.
      const code = error instanceof HeirloomError ? error.code : "INTERNAL";
      if (!["NOT_FOUND", "INVALID_INPUT", "FORBIDDEN_PATH"].includes(code)) throw error;
      logger.log("info", "A session's event is not remembered", { code });
      return undefined;
    }
  }

  #record(call: HookCall, events: readonly SessionEvent[]): Promise<void> {
    return this.#logs.append(call.sessionId, events);
  }

  #now(): number {
    return this.#parts.clock.now();
  }
}

/** As much as is looked at, ended where a line ends: half of one may hold half of a secret. */
function wholeLines(text: string): string {
  if (text.length <= LOOKED_AT) return text;
  const head = text.slice(0, LOOKED_AT);
  return head.slice(0, head.lastIndexOf("\n") + 1);
}
