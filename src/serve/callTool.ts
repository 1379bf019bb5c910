import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import { type ErrorShape, toErrorShape } from "../contract/errors.ts";
import type { ShareResult } from "../contract/share.ts";
import type { ToolName } from "../contract/tools.ts";
import type { CallToolResult } from "./mcpSdk.ts";
import { parseArguments } from "./parseArguments.ts";
import type { RateLimits } from "./rateLimits.ts";
import { RESULT_TEXTS } from "./toolResults.ts";

/** Who calls, as far as limits need to know. */
export interface Caller {
  readonly context: RequestContext;
  /** The MCP session, else the connection: whom a capture without a sessionId is counted for. */
  readonly session: string;
}

/** Runs a tool. Whatever goes wrong becomes a result with `isError` and the code, so that the agent can mend its call. */
export async function callTool(
  engine: EngineApi,
  limits: RateLimits,
  name: ToolName,
  given: unknown,
  caller: Caller,
  onInternalError: (error: unknown) => void,
): Promise<CallToolResult> {
  try {
    const { structuredContent, text } = await TOOL_CALLS[name](engine, limits, given, caller);
    return { content: [{ type: "text", text }], structuredContent };
  } catch (thrown) {
    const shape = toErrorShape(thrown);
    if (shape.code === "INTERNAL") onInternalError(thrown);
    return failure(shape);
  }
}

export function failure(error: ErrorShape): CallToolResult {
  return {
    content: [{ type: "text", text: `${error.code}: ${error.message}` }],
    structuredContent: { error },
    isError: true,
  };
}

interface Answer {
  readonly structuredContent: Record<string, unknown>;
  readonly text: string;
}

type ToolCall = (engine: EngineApi, limits: RateLimits, given: unknown, caller: Caller) => Promise<Answer>;

/** What nobody accepted is for a person to read, in `heirloom share review` or the explorer: no agent is given its words. */
function withoutUnaccepted(result: ShareResult): ShareResult {
  const { pending, files } = result;
  return {
    ...result,
    ...(pending === undefined
      ? {}
      : { pending: pending.map(({ text: _text, known: _known, title: _title, ...shown }) => shown) }),
    ...(files === undefined
      ? {}
      : {
          files: files.map(({ title, ...file }) =>
            title === undefined || file.state === "pending" || file.state === "refused" ? file : { ...file, title },
          ),
        }),
  };
}

function answer<Result extends object>(result: Result, text: (result: Result) => string): Answer {
  return { structuredContent: result as Record<string, unknown>, text: text(result) };
}

const TOOL_CALLS: Readonly<Record<ToolName, ToolCall>> = {
  "capture-memory": async (engine, limits, given, caller) => {
    const input = parseArguments("capture-memory", given);
    await limits.admitCapture(input.sessionId ?? caller.session, caller.context.workspace ?? "");
    return answer(await engine.capture(input, caller.context), RESULT_TEXTS["capture-memory"]);
  },
  "retrieve-memories": async (engine, _limits, given, caller) =>
    answer(
      await engine.retrieve(parseArguments("retrieve-memories", given), caller.context),
      RESULT_TEXTS["retrieve-memories"],
    ),
  "build-context": async (engine, _limits, given, caller) =>
    answer(
      await engine.buildContext(parseArguments("build-context", given), caller.context),
      RESULT_TEXTS["build-context"],
    ),
  "revise-memory": async (engine, _limits, given, caller) =>
    answer(await engine.revise(parseArguments("revise-memory", given), caller.context), RESULT_TEXTS["revise-memory"]),
  memory_feedback: async (engine, _limits, given, caller) =>
    answer(
      await engine.feedback(parseArguments("memory_feedback", given), caller.context),
      RESULT_TEXTS.memory_feedback,
    ),
  "forget-memory": async (engine, _limits, given, caller) =>
    answer(await engine.forget(parseArguments("forget-memory", given), caller.context), RESULT_TEXTS["forget-memory"]),
  memory_upsert_with_merge: async (engine, limits, given, caller) => {
    const input = parseArguments("memory_upsert_with_merge", given);
    if (input.dryRun !== true) {
      const counts = new Map<string, number>();
      for (const { sessionId = caller.session } of input.items) counts.set(sessionId, (counts.get(sessionId) ?? 0) + 1);
      for (const [session, count] of counts) await limits.admitCapture(session, caller.context.workspace ?? "", count);
    }
    return answer(await engine.upsert(input, caller.context), RESULT_TEXTS.memory_upsert_with_merge);
  },
  memory_relate: async (engine, _limits, given, caller) =>
    answer(await engine.relate(parseArguments("memory_relate", given), caller.context), RESULT_TEXTS.memory_relate),
  memory_lineage: async (engine, _limits, given, caller) =>
    answer(await engine.lineage(parseArguments("memory_lineage", given), caller.context), RESULT_TEXTS.memory_lineage),
  memory_share: async (engine, _limits, given, caller) => {
    const input = parseArguments("memory_share", given);
    return answer(withoutUnaccepted(await engine.share(input, caller.context)), RESULT_TEXTS.memory_share);
  },
  memory_get_document: async (engine, _limits, given, caller) =>
    answer(
      await engine.document(parseArguments("memory_get_document", given), caller.context),
      RESULT_TEXTS.memory_get_document,
    ),
  locate_relevant_files: async (engine, _limits, given, caller) =>
    answer(
      await engine.locate(parseArguments("locate_relevant_files", given), caller.context),
      RESULT_TEXTS.locate_relevant_files,
    ),
  search_codebase: async (engine, _limits, given, caller) =>
    answer(
      await engine.searchCode(parseArguments("search_codebase", given), caller.context),
      RESULT_TEXTS.search_codebase,
    ),
  analyze_implementation: async (engine, _limits, given, caller) =>
    answer(
      await engine.analyze(parseArguments("analyze_implementation", given), caller.context),
      RESULT_TEXTS.analyze_implementation,
    ),
  get_code_chunk: async (engine, _limits, given, caller) =>
    answer(
      await engine.codeChunk(parseArguments("get_code_chunk", given), caller.context),
      RESULT_TEXTS.get_code_chunk,
    ),
  context_grep: async (engine, _limits, given, caller) =>
    answer(await engine.grep(parseArguments("context_grep", given), caller.context), RESULT_TEXTS.context_grep),
  get_project_stats: async (engine, _limits, given, caller) =>
    answer(
      await engine.projectStats(parseArguments("get_project_stats", given), caller.context),
      RESULT_TEXTS.get_project_stats,
    ),
  index_control: async (engine, _limits, given, caller) =>
    answer(
      await engine.indexControl(parseArguments("index_control", given), caller.context),
      RESULT_TEXTS.index_control,
    ),
  get_context_progressive: async (engine, _limits, given, caller) =>
    answer(
      await engine.contextProgressive(parseArguments("get_context_progressive", given), caller.context),
      RESULT_TEXTS["build-context"],
    ),
  context_packs: async (engine, _limits, given, caller) =>
    answer(await engine.packs(parseArguments("context_packs", given), caller.context), RESULT_TEXTS.context_packs),
  "git-state": async (engine, _limits, given, caller) => {
    parseArguments("git-state", given);
    return answer(await engine.gitState(caller.context), RESULT_TEXTS["git-state"]);
  },
  "health-check": async (engine, _limits, given, caller) => {
    const { detailed } = parseArguments("health-check", given);
    return answer(await engine.health(detailed ?? false, caller.context), RESULT_TEXTS["health-check"]);
  },
};
