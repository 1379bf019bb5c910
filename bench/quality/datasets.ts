import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One question with the keys of what answers it. */
export interface Question {
  readonly query: string;
  readonly gold: ReadonlySet<string>;
}

/** Memories that are searched together, and what is asked of them. */
export interface Collection {
  /** Lines of an import, each with its key as `metadata.key`. */
  readonly lines: readonly string[];
  readonly questions: readonly Question[];
  /** When they are asked, in milliseconds; now where the memories tell no time. */
  readonly askedAt?: number;
}

export interface Dataset {
  readonly name: string;
  /** How many results of a question are looked at. */
  readonly depth: number;
  readonly collections: readonly Collection[];
}

/** What `../shared/data/eval` holds, see its README for sources and licences: for measuring, none of it is part of the project. */
export function readDatasets(folder: string): readonly Dataset[] {
  return [conversations(folder), functions(folder)];
}

interface Conversation {
  readonly conversation: Readonly<Record<string, unknown>>;
  readonly qa: readonly {
    readonly question: string;
    readonly evidence?: readonly string[];
    readonly category: number;
  }[];
}
interface Turn {
  readonly dia_id: string;
  readonly speaker: string;
  readonly text?: string;
  readonly blip_caption?: string;
}

/** LoCoMo (snap-research/locomo): each turn is a memory, each session a session. Questions that have no answer are left out. */
function conversations(folder: string): Dataset {
  const collections = (read(folder, "locomo-dev.json") as readonly Conversation[]).map(({ conversation, qa }) => {
    const known = new Set<string>();
    let last = 0;
    const lines = Object.keys(conversation)
      .filter((name) => /^session_\d+$/u.test(name))
      .flatMap((sessionId) => {
        const start = timeOf(String(conversation[`${sessionId}_date_time`]));
        return (conversation[sessionId] as readonly Turn[]).map((turn, index) => {
          known.add(turn.dia_id);
          last = Math.max(last, start + 1000 * index);
          const shown = turn.blip_caption === undefined ? "" : ` [${turn.blip_caption}]`;
          return JSON.stringify({
            eventType: "conversation",
            scope: "repo",
            content: `${turn.speaker}: ${turn.text ?? ""}${shown}`,
            timestamp: new Date(start + 1000 * index).toISOString(),
            sessionId,
            metadata: { key: turn.dia_id },
          });
        });
      });
    const questions = qa.flatMap(({ question, evidence = [], category }) => {
      const named = evidence.flatMap((text) => [...text.matchAll(/D:?(\d+):(\d+)/gu)]);
      const gold = new Set(
        named.map(([, session, turn]) => `D${Number(session)}:${Number(turn)}`).filter((key) => known.has(key)),
      );
      return category === UNANSWERABLE || gold.size === 0 ? [] : [{ query: question, gold }];
    });
    return { lines, questions, askedAt: last + DAY_MS };
  });
  return { name: "conversations", depth: 20, collections };
}

const DAY_MS = 86_400_000;

const UNANSWERABLE = 5;

/** "1:56 pm on 8 May, 2023" */
function timeOf(said: string): number {
  const [, time = "12:00 pm", day = said] = /^(.*) on (.*)$/u.exec(said) ?? [];
  return Date.parse(`${day} ${time} UTC`);
}

/** CoSQA (Jun-jie-Huang/CoCLR): each function is a memory without a title. */
function functions(folder: string): Dataset {
  const lines = (read(folder, "cosqa-functions.json") as readonly string[]).map((content, index) =>
    JSON.stringify({ eventType: "code", scope: "repo", content, metadata: { key: String(index) } }),
  );
  const questions = (
    read(folder, "cosqa-dev.json") as readonly { readonly query: string; readonly gold: number }[]
  ).map(({ query, gold }) => ({ query, gold: new Set([String(gold)]) }));
  return { name: "functions", depth: 100, collections: [{ lines, questions }] };
}

const read = (folder: string, name: string): unknown => JSON.parse(readFileSync(join(folder, name), "utf8"));
