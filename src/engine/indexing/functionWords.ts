/**
 * English words that carry the grammar of a question and not its matter. They are indexed and looked up as any word; in a query they only weigh less
 * (idf alone does not see them in conversations and code, where "did" and "when" are rare). After the list of Snowball, with the modal verbs that it leaves out:
 * https://snowballstem.org/algorithms/english/stop.txt
 */
export function isFunctionWord(word: string): boolean {
  return FUNCTION_WORDS.has(word.toLowerCase().replace(/['\u2019]/gu, ""));
}

/** In lower case, without apostrophes. */
export const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  (
    "i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself " +
    "they them their theirs themselves what which who whom this that these those am is are was were be been being have has had having " +
    "do does did doing would should could ought im youre hes shes theyre ive youve weve theyve youd theyd youll theyll isnt arent " +
    "wasnt werent hasnt havent hadnt doesnt dont didnt wont wouldnt shant shouldnt cant cannot couldnt mustnt lets thats whos whats " +
    "heres theres whens wheres whys hows a an the and but if or because as until while of at by for with about against between into " +
    "through during before after above below to from up down in out on off over under again further then once here there when where " +
    "why how all any both each few more most other some such no nor not only own same so than too very can will shall must just also us"
  ).split(" "),
);
