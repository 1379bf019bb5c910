import { random } from "../../corpus.ts";
import { cutSentence } from "./pair.ts";
import { PROGRAMMERS_WORDS } from "./programmersWords.ts";
import type { Wordnet } from "./wordnet.ts";

/** Asks what a text answers, in other words, by rules; the same questions for the same seed. */
export class Questioner {
  readonly #wordnet: Wordnet;
  readonly #next: () => number;

  constructor(wordnet: Wordnet, seed: number) {
    this.#wordnet = wordnet;
    this.#next = random(seed);
  }

  chance(share: number): boolean {
    return this.#next() < share;
  }

  pick<T>(from: readonly [T, ...T[]]): T {
    return from[Math.floor(this.#next() * from.length)] ?? from[0];
  }

  /** What one types into a search engine to find a function; undefined where the description is no sentence. */
  fromDescription(description: string): string | undefined {
    const [sentence] = cutSentence(description);
    const words = (sentence.match(/[A-Za-z][A-Za-z0-9']*/gu) ?? []).map((word) => word.toLowerCase());
    if (words.length < 3 || sentence.length > 160) return undefined;
    return this.fromWords(words.slice(0, 6 + Math.floor(this.#next() * 8)).join(" "));
  }

  fromWords(words: string): string {
    const kept = words.split(" ").filter((word) => !LITTLE.has(word) || this.chance(0.45));
    const said = kept.map((word, at) => this.#programmersWord(at === 0 ? (this.#wordnet.lemma(word) ?? word) : word));
    return this.pick(SEARCHES).replace("*", said.join(" "));
  }

  /** What is asked of a memory later: some of its words, often others that mean the same. Undefined where it says too little. */
  about(statement: string, speaker?: string): string | undefined {
    const sentences = statement.split(/(?<=[.!?])\s+/u);
    const sentence = this.chance(0.7) ? (sentences[Math.floor(this.#next() * sentences.length)] ?? "") : statement;
    const words = (sentence.match(/[A-Za-z][A-Za-z0-9_-]+/gu) ?? []).map((word) => word.toLowerCase());
    const telling = words.filter((word) => word.length > 2 && !UNTELLING.has(word));
    if (telling.length < 3) return undefined;
    const count = 2 + Math.floor(this.#next() * (Math.min(6, telling.length) - 1));
    // Each word is left out with what is still to leave out of what is left.
    let left = count;
    const asked = telling.filter((_, at) => {
      if (!this.chance(left / (telling.length - at))) return false;
      left--;
      return true;
    });
    const said = asked.map((word) =>
      this.chance(0.45) ? this.#otherWord(word) : this.chance(0.6) ? word : (this.#wordnet.lemma(word) ?? word),
    );
    const begin = this.chance(0.75) ? this.pick(QUESTIONS) : "";
    return [begin, ...(speaker === undefined ? [] : [speaker]), ...said].join(" ").trim();
  }

  #programmersWord(word: string): string {
    const others = PROGRAMMERS_WORDS.get(word);
    if (others !== undefined && this.chance(0.4)) return others[Math.floor(this.#next() * others.length)] ?? word;
    return this.chance(0.12) ? this.#otherWord(word) : word;
  }

  #otherWord(word: string): string {
    const lemma = this.#wordnet.lemma(word);
    if (lemma === undefined) return word;
    const others = this.#wordnet.synonyms(lemma);
    if (others.length === 0 || !this.chance(0.8)) return lemma;
    return others[Math.floor(this.#next() * others.length)] ?? lemma;
  }
}

/** `*` is what is sought. */
const SEARCHES = [
  "python *",
  "* python",
  "* in python",
  "how to * in python",
  "how to * python",
  "python how to *",
  "python function to *",
  "how do i * in python",
  "using python to *",
  "*",
  "how to *",
] as const;

const QUESTIONS = [
  "when did",
  "what did",
  "what is",
  "how many",
  "how long",
  "where did",
  "which",
  "who",
  "why did",
  "how does",
  "what kind of",
  "what are",
  "has",
  "does",
  "is",
  "what was",
  "how often",
  "where does",
  "what does",
  "did",
  "when is",
  "when was",
  "how can i",
  "how to",
  "find",
  "remember the",
  "we decided",
  "what about",
  "tell me about",
  "user asked about",
  "where is",
  "why is",
  "what happened with",
  "can you remind me",
] as const;

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));
const LITTLE = words(
  "a an the of to in on for with from by as is are be given this that it its if and or whether which will should returns return",
);
const UNTELLING = words(
  "a an the and or but if then of to in on at for with from by as is are was were be been being am do does did have has had i you he she it we " +
    "they me him her us them my your his its our their this that these those not no yes so very just too also can could will would should may " +
    "might must there here what when where which who whom why how than about into over under up down out off again more most some any all each " +
    "s t re ve ll d m don didn doesn isn wasn oh well yeah ok okay really think know like get got",
);
