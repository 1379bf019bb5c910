import type { RequestContext } from "../contract/engineApi.ts";
import {
  HOOK_EVENTS,
  type HookAnswer,
  type HookApi,
  type HookEventName,
  hookInput,
  type HookInput,
} from "../contract/hooks.ts";
import { namesPath } from "./capture/namesPath.ts";
import { promptQuestions } from "./capture/promptQuestions.ts";
import { SESSION_EVENT } from "./capture/sessionCandidates.ts";
import { readToolCall } from "./capture/toolCall.ts";
import { worthOf } from "./compose/groups.ts";
import { rankBrief } from "./compose/sessionBrief.ts";
import { rootOf } from "./lineage.ts";
import { SessionLogs } from "./operations/sessionLogs.ts";
import type { Recall } from "./recall.ts";
import type { Recalled } from "./seams.ts";
import { type HookCall, insidePaths, type SessionHooksParts } from "./sessionCall.ts";
import { SessionRecorder } from "./sessionRecorder.ts";
import { SessionSpeaker } from "./sessionSpeaker.ts";
import { SessionWarner } from "./sessionWarner.ts";

/** Tokens that an injection may take, its framing included. */
export const HOOK_BUDGETS = { SessionStart: 800, UserPromptSubmit: 600, PreToolUse: 400 } as const;

/**
 * A memory that scores less, weighed by the worth of its kind, says too little about a prompt to be worth its tokens. Measured by
 * `bench/hookRelevance.ts` on this repository's own history and documents: of prompts that these answer 15 in 16 score
 * more (9 in 10 of those held out), of others none of 16 (1 of 9).
 */
export const PROMPT_THRESHOLD = 0.245;
/** What looks like a match is none by itself: it makes up for no word of the prompt. */
export const OF_NO_WORD = { expansion: false } as const;
const PROMPT_CANDIDATES = 12;
const PATH_CANDIDATES = 60;
const BRIEF_CANDIDATES = 120;
const MOST_RECEIPTS = 1_000;
/** Which files a session touched answers no prompt. */
const TELLING = { eventType: { $ne: SESSION_EVENT } };

export interface EngineHooks extends HookApi {
  /** Takes what was said in sessions off the disk. */
  dropTexts(): Promise<void>;
}

/** What happens in an agent's session: what it is told, what it did, and the memories that are made of that. */
export function createSessionHooks(parts: SessionHooksParts): EngineHooks {
  return new SessionHooks(parts);
}

/** An agent waits for its hooks: a model that has to be loaded first is too late for this one. */
const PATIENCE_MS = 40;
/** How long ago a session may have changed something that is looked after, and how many sessions are. */
const QUIET_MS = 3 * 86_400_000;
const MOST_QUIET = 5;
const NOTHING: HookAnswer = { captured: [] };

class SessionHooks implements EngineHooks {
  readonly #parts: SessionHooksParts;
  readonly #logs: SessionLogs;
  readonly #speaker: SessionSpeaker;
  readonly #recorder: SessionRecorder;
  readonly #warner: SessionWarner;

  constructor(parts: SessionHooksParts) {
    this.#parts = parts;
    const { files, clock, logger, newId, storeFolder } = parts;
    this.#logs = new SessionLogs({ files, clock, logger, newId, folder: `${storeFolder}/sessions` });
    this.#speaker = new SessionSpeaker(parts, this.#logs);
    this.#recorder = new SessionRecorder(parts, this.#logs);
    this.#warner = new SessionWarner(parts, this.#logs);
  }

  async hook(event: HookEventName, given: HookInput, context: RequestContext): Promise<HookAnswer> {
    const started = this.#parts.clock.monotonic();
    const parsed = hookInput.safeParse(given);
    if (!parsed.success || !HOOK_EVENTS.includes(event)) {
      this.#parts.logger.log("debug", "A hook sent what is no event", { event: event.slice(0, 64) });
      return NOTHING;
    }
    const input = parsed.data;
    const sessionId = input.session_id;
    const place = await this.#parts.place(context.workspace ?? this.#parts.workspace);
    const call: HookCall = {
      event,
      input,
      sessionId,
      context: { ...context, sessionId },
      place,
      root: rootOf(place),
      started,
    };
    // Before this session's turn: two that wait for each other would wait forever.
    if (event === "SessionStart") await this.#settleOthers(call);
    return this.#logs.exclusively(sessionId, () => this.#answer(call));
  }

  dropTexts(): Promise<void> {
    return this.#logs.dropTexts();
  }

  receipts: HookApi["receipts"] = async ({ limit, sessionId }, context) =>
    this.#speaker.titled(await this.#logs.receipts(Math.max(1, Math.min(limit, MOST_RECEIPTS)), sessionId), context);

  async #answer(call: HookCall): Promise<HookAnswer> {
    switch (call.event) {
      case "SessionStart":
        return this.#brief(call);
      case "UserPromptSubmit":
        return this.#prompt(call);
      case "PreToolUse":
        return this.#beforeTool(call);
      case "PostToolUse":
      case "PostToolUseFailure":
        await this.#recorder.toolUsed(call);
        return NOTHING;
      case "PreCompact": {
        const captured = await this.#recorder.condense(call);
        await this.#forget(call.sessionId);
        return { captured };
      }
      case "Stop":
        return { captured: await this.#recorder.condense(call) };
      case "SessionEnd": {
        const captured = await this.#recorder.condense(call);
        await this.#logs.finish(call.sessionId);
        return { captured };
      }
    }
  }

  /** Also after a compaction and for a session that is taken up again: what was said before is then out of the agent's sight. */
  async #brief(call: HookCall): Promise<HookAnswer> {
    await this.#forget(call.sessionId);
    await this.#logs.prune(call.sessionId);
    const list = async (filters: Parameters<Recall["search"]>[1]["filters"]): Promise<readonly Recalled[]> =>
      (
        await this.#parts.recall.search(
          "",
          { ...(filters === undefined ? {} : { filters }) },
          BRIEF_CANDIDATES,
          call.context,
        )
      ).results;
    const found = await Promise.all([
      list({ pinned: true }),
      list({ kind: { $in: ["rule", "gotcha"] } }),
      list({ kind: "decision" }),
    ]);
    const branch = call.place.repository?.branch;
    return this.#speaker.say(call, {
      about: `rules, gotchas and decisions ${branch === undefined ? "for this folder" : `on ${branch}`}`,
      budget: HOOK_BUDGETS.SessionStart,
      detail: "told",
      candidates: rankBrief(found.flat(), this.#parts.clock.now()),
      left: [],
    });
  }

  /** Sessions that ended, or went quiet, are not asked again: what a person undid since is noticed when the next one starts. */
  async #settleOthers(call: HookCall): Promise<void> {
    if (!this.#parts.negativeMemory) return;
    const since = this.#parts.clock.now() - QUIET_MS;
    for (const sessionId of await this.#logs.changing(since, MOST_QUIET)) {
      if (sessionId === call.sessionId) continue;
      const other = { ...call, sessionId, context: { ...call.context, sessionId } };
      await this.#logs.exclusively(sessionId, async () => {
        if (await this.#recorder.undoneByPerson(other)) await this.#recorder.condense(other);
      });
    }
  }

  async #prompt(call: HookCall): Promise<HookAnswer> {
    const prompt = await this.#recorder.prompted(call);
    const pages = await Promise.all(
      promptQuestions(prompt).map((query) =>
        this.#parts.recall.search(
          query,
          { filters: TELLING, without: OF_NO_WORD },
          PROMPT_CANDIDATES,
          call.context,
          PATIENCE_MS,
        ),
      ),
    );
    const results = bestOfEach(pages.flatMap((page) => page.results));
    const candidates = results.filter(saysEnough);
    return this.#speaker.say(call, {
      about: "this prompt",
      question: prompt.slice(0, 200),
      budget: HOOK_BUDGETS.UserPromptSubmit,
      detail: "implementation",
      candidates,
      left: results
        .filter((recalled) => !saysEnough(recalled))
        .map((recalled) => ({ recalled, why: "little to do with the prompt" })),
    });
  }

  async #beforeTool(call: HookCall): Promise<HookAnswer> {
    const { kind, paths } = readToolCall(call.input);
    if (kind !== "edit" && kind !== "read") return NOTHING;
    const inside = insidePaths(paths, call);
    if (kind === "edit") await this.#recorder.undoneByPerson(call);
    const warned =
      kind === "edit" ? await this.#warner.warn(call, inside, Math.ceil(HOOK_BUDGETS.PreToolUse / 2)) : undefined;
    const candidates: Recalled[] = [];
    for (const path of inside) {
      // Commits and sessions touch files without saying anything of them.
      const filters = { kind: { $ne: "event" } };
      const { results } = await this.#parts.recall.search(
        path,
        { filters },
        PATH_CANDIDATES,
        call.context,
        PATIENCE_MS,
      );
      for (const recalled of results) {
        const why = namesPath(recalled.memory, path);
        if (why !== undefined && warned?.ids.has(recalled.memory.id) !== true)
          candidates.push({ ...recalled, reasons: [why] });
      }
    }
    const [shown = ""] = await this.#parts.redact([inside.slice(0, 3).join(", ")], call.root);
    const said = await this.#speaker.say(call, {
      about: shown,
      question: shown.slice(0, 200),
      budget: HOOK_BUDGETS.PreToolUse - (warned?.receipt.tokens ?? 0),
      detail: "implementation",
      candidates,
      left: [],
    });
    if (warned === undefined) return said;
    return {
      ...said,
      context: [warned.markdown, ...(said.context === undefined ? [] : [said.context])].join("\n"),
      receipt: said.receipt ?? warned.receipt,
    };
  }

  async #forget(sessionId: string): Promise<void> {
    if ((await this.#logs.read(sessionId)).said.size > 0) await this.#logs.append(sessionId, [{ type: "forgot" }]);
  }
}

const saysEnough = ({ score, memory }: Recalled): boolean => score * worthOf(memory.kind) >= PROMPT_THRESHOLD;

/** Each memory once, with the passage and score of the question that it answers best; best first. */
function bestOfEach(found: readonly Recalled[]): readonly Recalled[] {
  const best = new Map<string, Recalled>();
  for (const recalled of [...found].sort((a, b) => b.score - a.score))
    if (!best.has(recalled.memory.id)) best.set(recalled.memory.id, recalled);
  return [...best.values()];
}
