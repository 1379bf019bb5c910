import type { RequestContext } from "../contract/engineApi.ts";
import type { HookAnswer, Receipt } from "../contract/hooks.ts";
import { documentInContext } from "./compose/agentDocuments.ts";
import { composeContext, CUT_TO_FIT } from "./compose/composeContext.ts";
import type { SessionLogs } from "./operations/sessionLogs.ts";
import type { Recalled } from "./seams.ts";
import { type HookCall, receiptOf, type SessionHooksParts } from "./sessionCall.ts";

/** What may be said to an agent now. */
export interface Saying {
  /** Names the bundle. */
  readonly about: string;
  readonly question?: string;
  readonly budget: number;
  readonly detail: "told" | "implementation";
  readonly candidates: readonly Recalled[];
  /** What was found and is not worth saying. */
  readonly left: readonly { readonly recalled: Recalled; readonly why: string }[];
}

/** What a receipt names at most of what was left out. */
const MOST_DROPPED = 20;
const TITLE_LENGTH = 120;
const IDS_AT_ONCE = 100;
const FORGOTTEN = "(forgotten)";

/** Says what has not been said in a session yet, within its budget, and leaves a receipt. */
export class SessionSpeaker {
  readonly #parts: SessionHooksParts;
  readonly #logs: SessionLogs;

  constructor(parts: SessionHooksParts, logs: SessionLogs) {
    this.#parts = parts;
    this.#logs = logs;
  }

  async say(call: HookCall, asked: Saying): Promise<HookAnswer> {
    const saying = withoutRead(asked, call.context.agent);
    const { said } = await this.#logs.read(call.sessionId);
    const fresh = saying.candidates.filter(
      ({ memory: { id } }) => !said.has(id) && (saying.detail === "implementation" || !said.has(begunMark(id))),
    );
    if (fresh.length === 0) return { captured: [] };
    await this.#parts.tokens.load();
    let composed = this.#compose(saying, fresh);
    const marks = marksOf(composed, saying);
    const wanted = [...new Set(marks.values())];
    if (wanted.length === 0) return { captured: [] };
    const mine = await this.#logs.claim(call.sessionId, this.#parts.newId(), wanted);
    // Another process's hook said some of them meanwhile.
    if (mine.size < wanted.length)
      composed = this.#compose(
        saying,
        fresh.filter(({ memory }) => mine.has(marks.get(memory.id) ?? "")),
      );
    if (composed.items.length === 0) return { captured: [] };
    const receipt = this.#receipt(call, saying, composed);
    await this.#logs.append(call.sessionId, [{ type: "receipt", receipt: untitled(receipt) }]);
    return { context: composed.markdown, receipt, captured: [] };
  }

  /** Receipts as they were written down, with the titles that their memories have now. */
  async titled(receipts: readonly Receipt[], context: RequestContext): Promise<readonly Receipt[]> {
    const ids = [
      ...new Set(receipts.flatMap(({ items, dropped }) => [...items, ...dropped].map(({ ref }) => idOf(ref)))),
    ];
    const titles = new Map<string, string>();
    for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
      const filters = { id: { $in: ids.slice(from, from + IDS_AT_ONCE) } };
      const { results } = await this.#parts.recall.search("", { filters, includeHidden: true }, IDS_AT_ONCE, context);
      for (const { memory } of results) titles.set(memory.id, titleOf(memory));
    }
    const named = <Entry extends { readonly ref: string }>(entry: Entry): Entry & { readonly title: string } => ({
      ...entry,
      title: titles.get(idOf(entry.ref)) ?? FORGOTTEN,
    });
    return receipts.map((receipt) => ({
      ...receipt,
      items: receipt.items.map(named),
      dropped: receipt.dropped.map(named),
    }));
  }

  #compose({ about, budget, detail }: Saying, candidates: readonly Recalled[]): ReturnType<typeof composeContext> {
    return composeContext(about, candidates, { budget, detail, tokens: this.#parts.tokens });
  }

  #receipt(call: HookCall, saying: Saying, composed: ReturnType<typeof composeContext>): Receipt {
    const spoken = new Set(idsOf(composed));
    const titles = new Map(
      [...saying.candidates, ...saying.left.map(({ recalled }) => recalled)].map(({ memory }) => [
        memory.id,
        titleOf(memory),
      ]),
    );
    const named = (ref: string): string => titles.get(idOf(ref)) ?? ref;
    const repeated = saying.candidates.filter(
      ({ memory }) => !spoken.has(memory.id) && !composed.dropped.some(({ ref }) => idOf(ref) === memory.id),
    );
    const dropped = [
      ...composed.dropped,
      ...repeated.map(({ memory }) => ({ ref: memory.id, why: "said before in this session" })),
      ...saying.left.map(({ recalled, why }) => ({ ref: recalled.memory.id, why })),
    ];
    return {
      ...receiptOf(call, this.#parts, saying.question),
      tokens: composed.tokens,
      budget: saying.budget,
      items: composed.items.map(({ ref, tokens, why }) => ({ ref, title: named(ref), tokens, why })),
      dropped: dropped.slice(0, MOST_DROPPED).map(({ ref, why }) => ({ ref, title: named(ref), why })),
    };
  }
}

/** What the agent has in its context already, since it reads that document itself, is not worth saying. */
function withoutRead(saying: Saying, agent: string | undefined): Saying {
  const candidates: Recalled[] = [];
  const left = [...saying.left];
  for (const recalled of saying.candidates) {
    const read = documentInContext(agent, recalled.memory);
    if (read === undefined) candidates.push(recalled);
    else left.push({ recalled, why: `the agent reads ${read} itself` });
  }
  return { ...saying, candidates, left };
}

/** What is noted of each memory that is told, by its id: one whose beginning alone a brief told may still be told whole. */
function marksOf({ items }: ReturnType<typeof composeContext>, { detail }: Saying): ReadonlyMap<string, string> {
  return new Map(
    items.map(({ ref, why }) => {
      const id = idOf(ref);
      return [id, detail === "told" && why.endsWith(CUT_TO_FIT) ? begunMark(id) : id];
    }),
  );
}

const begunMark = (id: string): string => `${id}~`;

/** As it is kept: a memory that is forgotten leaves no title. */
export const untitled = (receipt: Receipt): Receipt => ({
  ...receipt,
  items: receipt.items.map((item) => ({ ...item, title: "" })),
  dropped: receipt.dropped.map((item) => ({ ...item, title: "" })),
});

const idOf = (ref: string): string => ref.split("#", 1)[0] ?? ref;
const idsOf = ({ items }: ReturnType<typeof composeContext>): readonly string[] => [
  ...new Set(items.map(({ ref }) => idOf(ref))),
];

function titleOf({ title, content }: Recalled["memory"]): string {
  const line = (title ?? content.trimStart().split("\n", 1)[0] ?? "").replace(/\s+/gu, " ");
  return line.length > TITLE_LENGTH ? `${line.slice(0, TITLE_LENGTH - 1)}…` : line;
}
