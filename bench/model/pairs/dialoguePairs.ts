import type { SourceFile } from "../sourceFiles.ts";
import { oneLine, type Pair } from "./pair.ts";
import type { Questioner } from "./questioner.ts";

interface Turn {
  readonly speaker: string;
  readonly text: string;
}

const SHORTEST_TURN = 20;
const QUESTIONS_A_TURN = 3;

/** Synthetic-Persona-Chat: what one says of himself with the turn that tells it, turns that follow each other, and questions about turns. */
export function personaPairs(files: readonly SourceFile[], questioner: Questioner): Pair[] {
  const pairs: Pair[] = [];
  for (const { text } of files)
    for (const [first = "", second = "", conversation = ""] of rowsOfCsv(text).slice(1)) {
      const names = { "User 1": questioner.pick(NAMES), "User 2": questioner.pick(NAMES) };
      const personas = { "User 1": first.split("\n"), "User 2": second.split("\n") };
      const turns = turnsOf(conversation);
      pairs.push(
        ...conversationPairs(
          turns.map(({ speaker, text: said }) => ({ speaker: names[speaker as "User 1"], text: said })),
          questioner,
        ),
      );
      for (const { speaker, text: said } of turns) {
        const told = personas[speaker as "User 1"].find((fact) => sharedWords(fact, said) >= 2);
        if (told !== undefined) pairs.push({ kind: "fact-turn", left: oneLine(told), right: said });
      }
      for (const facts of [first, second]) {
        const about = facts.split("\n");
        for (const [at, fact] of about.entries()) {
          pairs.push(...questionsAbout({ speaker: questioner.pick(NAMES), text: oneLine(fact) }, questioner));
          const next = about[at + 1];
          if (next !== undefined) pairs.push({ kind: "next-turn", left: oneLine(fact), right: oneLine(next) });
        }
      }
    }
  return pairs;
}

/** Taskmaster-4: turns that follow each other, and questions about them. */
export function taskPairs(files: readonly SourceFile[], questioner: Questioner): Pair[] {
  return files.flatMap(({ text }) =>
    (
      JSON.parse(text) as { readonly utterances?: readonly { readonly speaker: string; readonly text: string }[] }[]
    ).flatMap(({ utterances = [] }) => {
      const names: Record<string, string> = {};
      const turns = utterances.map(({ speaker, text: said }) => ({
        speaker: (names[speaker] ??= questioner.pick(NAMES)),
        text: oneLine(said.replace(/<[^>]*>/gu, ""), 300),
      }));
      return conversationPairs(
        turns.filter(() => questioner.chance(0.2)),
        questioner,
      );
    }),
  );
}

/** Sentences that ask for the same: CLINC150 (JSON), Banking77 (CSV). */
export function intentPairs(files: readonly SourceFile[], questioner: Questioner): Pair[] {
  const byIntent = new Map<string, string[]>();
  const add = (sentence: string, intent: string): void => {
    const known = byIntent.get(intent);
    if (known === undefined) byIntent.set(intent, [sentence]);
    else known.push(sentence);
  };
  for (const { path, text } of files) {
    if (path.endsWith(".csv"))
      for (const [sentence = "", intent = ""] of rowsOfCsv(text).slice(1)) add(sentence, intent);
    else
      for (const [part, rows] of Object.entries(
        JSON.parse(text) as Record<string, readonly (readonly [string, string])[]>,
      ))
        if (!part.startsWith("oos")) for (const [sentence, intent] of rows) add(sentence, intent);
  }
  return [...byIntent].flatMap(([intent, sentences]) =>
    sentences.flatMap((sentence) => {
      const other = questioner.pick(sentences as [string, ...string[]]);
      return [
        { kind: "intent", left: oneLine(sentence), right: oneLine(other) },
        ...(questioner.chance(0.3)
          ? [{ kind: "intent", left: intent.replace(/_/gu, " "), right: oneLine(sentence) }]
          : []),
      ];
    }),
  );
}

/** Questions about prose of any kind. */
export function statementQuestions(statements: Iterable<string>, questioner: Questioner): Pair[] {
  const pairs: Pair[] = [];
  for (const statement of statements) {
    const name = questioner.chance(0.3) ? questioner.pick(NAMES) : undefined;
    const question = questioner.about(statement, name);
    if (question !== undefined)
      pairs.push({
        kind: "question-statement",
        left: question,
        right: name === undefined ? statement : `${name}: ${statement}`,
      });
  }
  return pairs;
}

function conversationPairs(turns: readonly Turn[], questioner: Questioner): Pair[] {
  return turns.flatMap((turn, at) => {
    if (turn.text.length < SHORTEST_TURN) return [];
    const next = turns[at + 1];
    const followed = next !== undefined && next.text.length >= SHORTEST_TURN;
    return [
      ...(followed ? [{ kind: "next-turn", left: turn.text, right: next.text }] : []),
      ...questionsAbout(turn, questioner),
    ];
  });
}

/** Each asks for other words of the turn, mostly by the name of who said it. */
function questionsAbout({ speaker, text }: Turn, questioner: Questioner): Pair[] {
  return Array.from({ length: QUESTIONS_A_TURN }, () =>
    questioner.about(text, questioner.chance(0.8) ? speaker : undefined),
  ).flatMap((question) =>
    question === undefined ? [] : [{ kind: "question-turn", left: question, right: `${speaker}: ${text}` }],
  );
}

const turnsOf = (conversation: string): Turn[] =>
  conversation.split("\n").flatMap((line) => {
    const [, speaker = "", text = ""] = /^(User [12]): (.*)$/u.exec(line) ?? [];
    return speaker === "" ? [] : [{ speaker, text: oneLine(text) }];
  });

function sharedWords(a: string, b: string): number {
  const words = new Set(a.toLowerCase().match(/[a-z]{4,}/gu));
  return new Set(
    b
      .toLowerCase()
      .match(/[a-z]{4,}/gu)
      ?.filter((word) => words.has(word)),
  ).size;
}

/** RFC 4180. */
function rowsOfCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gu)) {
    rows.at(-1)?.push(quoted?.replace(/""/gu, '"') ?? bare ?? "");
    if (end !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}

const NAMES = [
  "Anna",
  "Ben",
  "Carlos",
  "Dana",
  "Erik",
  "Fatima",
  "Greg",
  "Hana",
  "Ivan",
  "Julia",
  "Kevin",
  "Lena",
  "Marco",
  "Nina",
  "Oscar",
  "Priya",
  "Quinn",
  "Rosa",
  "Sam",
  "Tina",
  "Uma",
  "Victor",
  "Wendy",
  "Xavier",
  "Yuki",
  "Zoe",
  "Alice",
  "Bob",
  "user",
  "assistant",
] as const;
