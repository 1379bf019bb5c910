import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import { KINDS } from "../contract/kinds.ts";
import { type GetPromptResult, type Prompt, ProtocolError, ProtocolErrorCode } from "./mcpSdk.ts";
import { DATA_NOTICE, quoteLine } from "./quoteMemory.ts";
import { memoryText, RESULT_TEXTS } from "./toolResults.ts";

const RECALL_BUDGET_TOKENS = 3000;
const HANDOFF_MEMORIES = 10;

export const PROMPTS: readonly Prompt[] = [
  {
    name: "recall",
    title: "Recall",
    description: "What is remembered about a question, ready to work with",
    arguments: [{ name: "query", description: "What you are about to work on", required: true }],
  },
  {
    name: "remember",
    title: "Remember",
    description: "Go through this conversation and store what is worth knowing later",
    arguments: [{ name: "topic", description: "Only what concerns this" }],
  },
  {
    name: "handoff",
    title: "Hand over",
    description: "Leave everything that the next session needs to go on from here",
  },
];

type Arguments = Readonly<Record<string, string>>;
type PromptText = (engine: EngineApi, given: Arguments, context: RequestContext) => Promise<string>;

/** Throws the protocol's invalid-params error for an unknown prompt or a missing argument. */
export async function getPrompt(
  engine: EngineApi,
  name: string,
  given: Arguments,
  context: RequestContext,
): Promise<GetPromptResult> {
  const prompt = PROMPTS.find((known) => known.name === name);
  const text = Object.hasOwn(PROMPT_TEXTS, name) ? PROMPT_TEXTS[name] : undefined;
  if (prompt === undefined || text === undefined) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no prompt ${quoteLine(name)}`);
  }
  const missing = prompt.arguments?.find(({ name: key, required }) => required === true && !given[key]?.trim());
  if (missing !== undefined) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `The prompt ${name} needs the argument ${missing.name}`);
  }
  return {
    description: prompt.description,
    messages: [{ role: "user", content: { type: "text", text: await text(engine, given, context) } }],
  };
}

const PROMPT_TEXTS: Readonly<Record<string, PromptText>> = {
  recall: async (engine, given, context) => {
    const query = given["query"] ?? "";
    const found = await engine.buildContext({ query, budget: RECALL_BUDGET_TOKENS }, context);
    return `I am about to work on this: ${query}

Below is what Heirloom remembers about it on the current commit. Use it like this:
1. Say in a few lines which of it bears on the task, citing memories by their id.
2. Rules and decisions hold unless I say otherwise; where one contradicts the code that you see, tell me before you act.
3. A memory marked drifted or orphaned speaks of code that has changed since: check the code first. Correct it with revise-memory if it is wrong.
4. If it leaves a question open, ask retrieve-memories with other words before you ask me.

${RESULT_TEXTS["build-context"](found)}`;
  },
  remember: (_engine, given) => {
    const topic = given["topic"]?.trim();
    const what =
      topic === undefined || topic === "" ? "this conversation" : `what this conversation says about: ${topic}`;
    return Promise.resolve(`Go through ${what}, and store with capture-memory what somebody who works on this code in a month would want to know and could not read from the code itself.

For each point:
1. Look with retrieve-memories whether it is known. If it is known but wrong or incomplete, use revise-memory instead.
2. Store one thing a memory, in full sentences: what holds, why, and what was tried or rejected. No transcript, no praise, no secrets.
3. Choose the kind: ${KINDS.join(", ")}. A decision says what was chosen over what; a rule says what must or must not be done; a gotcha says what surprises and how to avoid it.
4. Anchor it to the code that it speaks of (path, and symbol where there is one), so that it is marked when that code changes.
5. Leave the scope out for what belongs to this line of development; use repo for what holds on every branch, user for my own preferences.

Then list what you stored in one line each, with the ids. If nothing is worth keeping, say so and store nothing.`);
  },
  handoff: async (engine, _given, context) => {
    const [git, recent] = await Promise.all([
      engine.gitState(context),
      engine.retrieve({ query: "", limit: HANDOFF_MEMORIES }, context),
    ]);
    const known =
      recent.memories.length === 0
        ? "Nothing is remembered here yet."
        : `The newest memories, so that you do not repeat them. ${DATA_NOTICE}\n\n${recent.memories.map(memoryText).join("\n\n")}`;
    return `I am going to end this session, and somebody else, perhaps another agent, goes on from here. ${RESULT_TEXTS["git-state"](git)}

Store with capture-memory, eventType "handoff":
1. One memory of kind plan: the goal in my words, what is done and how it was verified, what is in progress (files and the exact next step), what is left, and what blocks it.
2. One memory of kind decision for each choice of this session that is not stored yet, with the reason and the alternatives that were rejected.
3. One memory of kind gotcha for each thing that cost time: the symptom, the cause, the way out, including what was tried without success.

Anchor each to the files that it speaks of. Do not store what the diff or the commit messages already say, and no secrets. Revise with revise-memory what has become wrong. Then give me a summary of at most ten lines, with the ids.

${known}`;
  },
};
