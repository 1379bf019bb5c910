const LONGEST = 400;
const MOST = 8;
/** A piece with fewer words of its own finds whatever shares one of them. */
const FEWEST_WORDS = 3;

/**
 * What to search for to answer a prompt: its sentences, since a score is the share of a question's words that a memory holds, and no memory
 * holds most of a long prompt. Short ones are joined with the next, and the words that only hold a talk together are left out: where few
 * memories hold them they would count as if they were what is asked. Empty for a prompt that says nothing that a memory could be about: go on,
 * thanks, run the tests again.
 */
export function promptQuestions(prompt: string): readonly string[] {
  const plain = prompt
    .replace(/(`{3,}|~{3,})[\s\S]*?(?:\1|$)/gu, "\n")
    .replace(/<([a-z][\w-]*)\b[^>]*>[\s\S]*?<\/\1>/giu, "\n")
    .trim();
  if (plain.startsWith("/") || tellingWords(plain) === 0) return [];
  const questions: string[] = [];
  let piece = "";
  for (const sentence of plain.split(/(?<=[.!?…])\s+|\n+/u)) {
    piece = `${piece} ${sentence}`.trim().slice(0, LONGEST);
    if (tellingWords(piece) < FEWEST_WORDS) continue;
    questions.push(withoutTalk(piece));
    piece = "";
  }
  return questions.length === 0 ? [withoutTalk(plain.slice(0, LONGEST))] : questions.slice(0, MOST);
}

/** The words of a sentence that a memory could be about, as they stand there. */
function withoutTalk(sentence: string): string {
  return sentence
    .split(/\s+/u)
    .filter((word) => !WORDS_OF_TALK.has(plainWord(word)))
    .join(" ");
}

/** How many of its words do more than hold a talk together, or tell an agent to go on. */
function tellingWords(text: string): number {
  const words = text.match(/[\p{L}\p{N}_][\p{L}\p{N}_'’.-]*/gu) ?? [];
  return words.map(plainWord).filter((word) => !WORDS_OF_TALK.has(word) && !WORDS_OF_GOING_ON.has(word)).length;
}

const plainWord = (word: string): string =>
  word
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/^[^\p{L}\p{N}_]+|[^\p{L}\p{N}_]+$/gu, "");

/** Words that hold a talk together. */
const WORDS_OF_TALK: ReadonlySet<string> = new Set(
  (
    "a about after again ah all also am an and any anyway are aren't as at be because been before being better between both but by can can't " +
    "cannot cool could couldn't did didn't do does doesn't doing don't during each else exactly for from get go good got great had has have having " +
    "he hello help her here hey hi him his how i i'd i'll i'm i've if in instead into is isn't it it's its just keep know let let's like little " +
    "look looks maybe me more most much my need next nice no not now of off oh ok okay on only or other our out over perfect please right same say " +
    "see she should shouldn't so some sorry still such sure tell than thank thanks that that's the their them then there there's these they thing " +
    "things think this those through to too try us very wait want was wasn't way we we're we've well were what what's when where which while who " +
    "why will with won't wonderful would wouldn't yeah yep yes yet you you're your"
  ).split(" "),
);

/** Words by which an agent is told to go on: with others they say what a prompt is about, without them nothing. */
const WORDS_OF_GOING_ON: ReadonlySet<string> = new Set(
  (
    "back check commit continue correct done exit fail failed failing fails fine fix make one proceed push redo run show start step stop take " +
    "test tests undo up work works wrong"
  ).split(" "),
);
