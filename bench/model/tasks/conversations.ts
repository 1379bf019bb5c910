import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Found, onePassage, type Question, type Task } from "./task.ts";

interface Turn {
  readonly dia_id: string;
  readonly speaker: string;
  readonly text?: string;
  readonly blip_caption?: string;
}
interface Conversation {
  readonly conversation: Readonly<Record<string, readonly Turn[] | string>>;
  readonly qa: readonly {
    readonly question: string;
    readonly evidence?: readonly string[];
    readonly category: number;
  }[];
}

const ADVERSARIAL = 5;

/** LoCoMo: the turn of a long conversation that answers a question. */
export const conversations = (folder: string): Task => ({
  name: "locomo-dev",
  *rounds() {
    const all = JSON.parse(readFileSync(join(folder, "locomo-dev.json"), "utf8")) as readonly Conversation[];
    for (const { conversation, qa } of all) {
      const documents = new Map<string, Found>();
      for (const [key, turns] of Object.entries(conversation))
        if (/^session_\d+$/u.test(key) && typeof turns !== "string")
          for (const { dia_id: id, speaker, text = "", blip_caption: caption = "" } of turns)
            documents.set(id, onePassage(`${speaker}: ${text}${caption === "" ? "" : ` [${caption}]`}`));
      const questions = qa.flatMap(({ question, evidence = [], category }): Question[] => {
        const named = evidence.flatMap((each) =>
          [...each.matchAll(/D:?(\d+):(\d+)/gu)].map(([, session, turn]) => `D${session}:${turn}`),
        );
        const answers = new Set(named.filter((id) => documents.has(id)));
        return category === ADVERSARIAL || answers.size === 0 ? [] : [{ text: question, answers }];
      });
      yield { documents, questions };
    }
  },
});
