/**
 * The English (Porter2) stemmer of Martin Porter's Snowball: https://snowballstem.org/algorithms/english/stemmer.html
 * Takes a word of the letters a to z in lower case; anything else should not be given to it.
 */
export function stemEnglish(word: string): string {
  if (word.length <= 2) return word;
  const exception = EXCEPTIONS.get(word);
  if (exception !== undefined) return exception;

  // A y that is a consonant is written Y until the end.
  let stem = word.includes("y") ? word.replace(/^y/, "Y").replace(/([aeiouy])y/g, "$1Y") : word;
  const r1 = startOfR1(stem);
  const r2 = regionAfter(stem, r1);

  stem = removePlural(stem);
  if (INVARIANT_AFTER_PLURAL.has(stem)) return stem;
  stem = removePastAndProgressive(stem, r1);
  if (/[yY]$/.test(stem)) stem = stem.replace(/(.[^aeiouy])[yY]$/, "$1i");
  stem = replaceDerivation(stem, r1);
  stem = replaceEnding(stem, r1, r2);
  stem = removeEnding(stem, r2);
  return removeFinalLetter(stem, r1, r2).replaceAll("Y", "y");
}

const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ["skis", "ski"],
  ["skies", "sky"],
  ["dying", "die"],
  ["lying", "lie"],
  ["tying", "tie"],
  ["idly", "idl"],
  ["gently", "gentl"],
  ["ugly", "ugli"],
  ["early", "earli"],
  ["only", "onli"],
  ["singly", "singl"],
  ["sky", "sky"],
  ["news", "news"],
  ["howe", "howe"],
  ["atlas", "atlas"],
  ["cosmos", "cosmos"],
  ["bias", "bias"],
  ["andes", "andes"],
]);

const INVARIANT_AFTER_PLURAL: ReadonlySet<string> = new Set([
  "inning",
  "outing",
  "canning",
  "herring",
  "earring",
  "proceed",
  "exceed",
  "succeed",
]);

/** R1 starts after the first consonant that follows a vowel; three prefixes are set apart so that their words stay distinct. */
function startOfR1(word: string): number {
  const prefix = /^(?:gener|commun|arsen)/.exec(word);
  return prefix === null ? regionAfter(word, 0) : prefix[0].length;
}

/** After the first consonant that follows a vowel, from `from` on. */
function regionAfter(word: string, from: number): number {
  for (let index = from + 1; index < word.length; index++) {
    if (!isVowel(word, index) && isVowel(word, index - 1)) return index + 1;
  }
  return word.length;
}

function isVowel(word: string, index: number): boolean {
  switch (word.charCodeAt(index)) {
    case 0x61: // a
    case 0x65: // e
    case 0x69: // i
    case 0x6f: // o
    case 0x75: // u
    case 0x79: // y
      return true;
    default:
      return false;
  }
}

function removePlural(word: string): string {
  const last = word.charAt(word.length - 1);
  if (last !== "s" && last !== "d") return word;
  if (word.endsWith("sses")) return word.slice(0, -2);
  if (/ie[ds]$/.test(word)) return word.slice(0, word.length > 4 ? -2 : -1);
  if (/[us]s$/.test(word) || !word.endsWith("s")) return word;
  return /[aeiouy].+s$/.test(word) ? word.slice(0, -1) : word;
}

function removePastAndProgressive(word: string, r1: number): string {
  if (!/(?:ed|ng|ly)$/.test(word)) return word;
  const eed = /eed(?:ly)?$/.exec(word);
  if (eed !== null) return eed.index >= r1 ? word.slice(0, eed.index + 2) : word;
  const ending = /(?:ed|edly|ing|ingly)$/.exec(word);
  if (ending === null) return word;
  const rest = word.slice(0, ending.index);
  if (!/[aeiouy]/.test(rest)) return word;
  if (/(?:at|bl|iz)$/.test(rest)) return `${rest}e`;
  if (/(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(rest)) return rest.slice(0, -1);
  return isShort(rest, r1) ? `${rest}e` : rest;
}

/** A word is short when R1 is empty and it ends in a short syllable. */
function isShort(word: string, r1: number): boolean {
  return r1 >= word.length && endsInShortSyllable(word);
}

function endsInShortSyllable(word: string): boolean {
  return /[^aeiouy][aeiouy][^aeiouywxY]$/.test(word) || /^[aeiouy][^aeiouy]$/.test(word);
}

/** Endings and what replaces them, by their last letter; in each group the order of the list, which is longest first. */
function byLastLetter(
  endings: readonly (readonly [string, string])[],
): ReadonlyMap<string, readonly (readonly [string, string])[]> {
  const groups = new Map<string, (readonly [string, string])[]>();
  for (const ending of endings) {
    const last = ending[0].slice(-1);
    groups.set(last, [...(groups.get(last) ?? []), ending]);
  }
  return groups;
}

const DERIVATIONS = byLastLetter([
  ["ational", "ate"],
  ["fulness", "ful"],
  ["iveness", "ive"],
  ["ization", "ize"],
  ["ousness", "ous"],
  ["biliti", "ble"],
  ["lessli", "less"],
  ["tional", "tion"],
  ["alism", "al"],
  ["aliti", "al"],
  ["ation", "ate"],
  ["entli", "ent"],
  ["fulli", "ful"],
  ["iviti", "ive"],
  ["ousli", "ous"],
  ["abli", "able"],
  ["alli", "al"],
  ["anci", "ance"],
  ["ator", "ate"],
  ["enci", "ence"],
  ["izer", "ize"],
  ["bli", "ble"],
  ["ogi", "og"],
  ["li", ""],
]);

function replaceDerivation(word: string, r1: number): string {
  for (const [ending, replacement] of DERIVATIONS.get(word.slice(-1)) ?? []) {
    if (!word.endsWith(ending)) continue;
    const start = word.length - ending.length;
    if (start < r1) return word;
    const before = word.charAt(start - 1);
    if (ending === "ogi" && before !== "l") return word;
    if (ending === "li" && !"cdeghkmnrt".includes(before)) return word;
    return word.slice(0, start) + replacement;
  }
  return word;
}

const ENDINGS = byLastLetter([
  ["ational", "ate"],
  ["tional", "tion"],
  ["alize", "al"],
  ["icate", "ic"],
  ["iciti", "ic"],
  ["ative", ""],
  ["ical", "ic"],
  ["ness", ""],
  ["ful", ""],
]);

function replaceEnding(word: string, r1: number, r2: number): string {
  for (const [ending, replacement] of ENDINGS.get(word.slice(-1)) ?? []) {
    if (!word.endsWith(ending)) continue;
    const start = word.length - ending.length;
    return start < (ending === "ative" ? r2 : r1) ? word : word.slice(0, start) + replacement;
  }
  return word;
}

/** Longest first. */
const REMOVED = byLastLetter(
  "ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic"
    .split(" ")
    .map((ending) => [ending, ""] as const),
);

function removeEnding(word: string, r2: number): string {
  for (const [ending] of REMOVED.get(word.slice(-1)) ?? []) {
    if (!word.endsWith(ending)) continue;
    const start = word.length - ending.length;
    if (start < r2 || (ending === "ion" && !"st".includes(word.charAt(start - 1)))) return word;
    return word.slice(0, start);
  }
  return word;
}

function removeFinalLetter(word: string, r1: number, r2: number): string {
  const last = word.length - 1;
  if (word.endsWith("e")) {
    return last >= r2 || (last >= r1 && !endsInShortSyllable(word.slice(0, -1))) ? word.slice(0, -1) : word;
  }
  return word.endsWith("ll") && last >= r2 ? word.slice(0, -1) : word;
}
