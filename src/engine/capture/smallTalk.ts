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

/** Whether a prompt says nothing that a memory could be about: go on, thanks, run the tests again. */
export function isSmallTalk(prompt: string): boolean {
  const words = prompt.toLowerCase().match(/[\p{L}\p{N}_][\p{L}\p{N}_'’.-]*/gu) ?? [];
  return !words.some((word) => !WORDS_OF_TALK.has(word.replaceAll("’", "'").replace(/[.'-]+$/u, "")));
}
