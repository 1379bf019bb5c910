import { stemEnglish } from "./indexing/englishStemmer.ts";
import { FUNCTION_WORDS } from "./indexing/functionWords.ts";

/** A sentence as the rules for contradictions see it. Words are stems of words of matter. */
export interface Statement {
  readonly words: ReadonlySet<string>;
  /** Numbers and versions, each as often as it stands there. */
  readonly numbers: readonly string[];
  /** What the sentence says not of: the word of matter after each negation of what it states. */
  readonly negated: readonly string[];
  /** The same of negations in a condition or an aside ("if it is not set"): they say when something holds, and take nothing back. */
  readonly negatedConditions: readonly string[];
  /** Words that stand in a condition or an aside and nowhere else. */
  readonly conditions: ReadonlySet<string>;
}

const NEGATIONS: ReadonlySet<string> = new Set(
  "not no never none nor neither without cannot nothing avoid cant wont dont doesnt didnt isnt arent wasnt werent hasnt havent shouldnt mustnt wouldnt couldnt".split(
    " ",
  ),
);
/** What follows, up to the next comma, is a condition. */
const CONDITIONAL: ReadonlySet<string> = new Set("if when whenever unless until while where once".split(" "));
const LINK = /https?:\/\/\S+/gu;
const TOKEN = /`+[^`]*`+|v?\d+(?:[.,_]\d+)*|\p{L}[\p{L}\p{N}_'\u2019-]*|[,;:.](?=\s|$)|[()]/gu;
const TOKEN_IN_CODE = /v?\d+(?:[.,_]\d+)*|\p{L}[\p{L}\p{N}_'\u2019-]*/gu;

/** Reads a sentence. `matter` are stems that count although they are of function words. English. */
export function readSentence(text: string, matter: ReadonlySet<string>): Statement {
  const reader = new Reader(matter);
  // A link is a name, whatever it is made of.
  for (const [at, [token]] of [...text.replaceAll(LINK, "").matchAll(TOKEN)].entries())
    if (token === "(") reader.beginAside();
    else if (token === ")") reader.endAside();
    else if (/^[,;:.]/u.test(token)) reader.endClause();
    else if (token.startsWith("`")) for (const [word] of token.matchAll(TOKEN_IN_CODE)) reader.readName(word);
    // "Not Found" and "None" amid a sentence are names.
    else if (at > 0 && /^N[a-z]/u.test(token)) reader.readName(token);
    else reader.read(token);
  return reader.statement();
}

class Reader {
  readonly #matter: ReadonlySet<string>;
  readonly #words = new Set<string>();
  readonly #stated = new Set<string>();
  readonly #numbers: string[] = [];
  readonly #negated: string[] = [];
  readonly #negatedConditions: string[] = [];
  #isCondition = false;
  #isAside = false;
  #negation: "none" | "of what is stated" | "of a condition" = "none";
  #before = "";

  constructor(matter: ReadonlySet<string>) {
    this.#matter = matter;
  }

  statement(): Statement {
    const conditions = new Set([...this.#words].filter((word) => !this.#stated.has(word)));
    const [numbers, negated] = [this.#numbers, this.#negated];
    return { words: this.#words, numbers, negated, negatedConditions: this.#negatedConditions, conditions };
  }

  /** What stands in brackets is said beside the rest, as a condition is. */
  beginAside(): void {
    this.#isAside = true;
    this.endClause();
  }

  endAside(): void {
    this.#isAside = false;
    this.endClause();
  }

  endClause(): void {
    this.#isCondition = this.#isAside;
    this.#negation = "none";
    this.#before = ",";
  }

  read(token: string): void {
    const word = token.toLowerCase().replaceAll(/['\u2019]/gu, "");
    if (CONDITIONAL.has(word)) this.#isCondition = true;
    if (NEGATIONS.has(word)) this.#negate(word);
    else if (isNumber(word)) this.#addNumber(word);
    else if (!FUNCTION_WORDS.has(word)) this.#addMatter(stemEnglish(word));
    else if (this.#matter.has(stemEnglish(word))) this.#addWord(stemEnglish(word));
    this.#before = word;
  }

  /** A name is matter, and negates nothing. */
  readName(token: string): void {
    const word = token.toLowerCase();
    if (isNumber(word)) this.#addNumber(word);
    else this.#addMatter(stemEnglish(word));
    this.#before = word;
  }

  #negate(word: string): void {
    // "This one, not that one" sets two things apart, and "without" and "with no" say how.
    if (this.#before === "," && word === "not") return;
    const saysHow = word === "without" || (this.#before === "with" && word === "no");
    this.#negation = this.#isCondition || saysHow ? "of a condition" : "of what is stated";
  }

  #addMatter(stem: string): void {
    this.#addWord(stem);
    if (this.#negation === "of what is stated") this.#negated.push(stem);
    if (this.#negation === "of a condition") this.#negatedConditions.push(stem);
    this.#negation = "none";
  }

  #addWord(stem: string): void {
    this.#words.add(stem);
    if (!this.#isCondition) this.#stated.add(stem);
  }

  #addNumber(word: string): void {
    this.#numbers.push(word.replaceAll(/^v|[,_]|(?:\.0+)+$/gu, ""));
  }
}

const isNumber = (word: string): boolean => /^v?\d/u.test(word);
