const LONGEST = 400;
const MOST = 8;
/** A piece with fewer words of its own finds whatever shares one of them. */
const FEWEST_WORDS = 3;

/**
 * What to search for to answer a prompt: its sentences, since a score is the share of a question's words that a memory holds, and no memory
 * holds most of a long prompt. Short ones are joined with the next. Empty for a prompt that says nothing that a memory could be about: go on,
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
    questions.push(piece);
    piece = "";
  }
  return questions.length === 0 ? [plain.slice(0, LONGEST)] : questions.slice(0, MOST);
}

/** How many of its words do more than hold a talk together. */
function tellingWords(text: string): number {
  const words = text.toLowerCase().match(/[\p{L}\p{N}_][\p{L}\p{N}_'’.-]*/gu) ?? [];
  return words.filter((word) => !WORDS_OF_TALK.has(word.replaceAll("’", "'").replace(/[.'-]+$/u, ""))).length;
}

/** Words that hold a talk together, and those by which an agent is told to go on. */
const WORDS_OF_TALK = new Set(
  (
    "a about again ah all also am an and any anyway are as at back be because been before better but by can check commit continue cool correct could " +
    "did do does done don't else exactly exit fail failed failing fails fine fix for from get go good got great had has have he hello help here hey hi " +
    "how i i'll i'm if in instead into is it it's its just keep know let let's like little look looks make maybe me more much my need next nice no not " +
    "now of off oh ok okay on one only or other our out over perfect please proceed push redo right run same say see she should show so some sorry start " +
    "step still stop sure take tell test tests thank thanks that that's the their them then there these they thing things think this those to too " +
    "try undo up us very wait want was way we well were what what's when where which who why will with wonderful work works would wrong yeah yep " +
    "yes yet you you're your"
  ).split(" "),
);
