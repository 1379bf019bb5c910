/** What a character is to the tokenizer. */
export const SEPARATOR = 1;
export const LOWER = 2;
export const UPPER = 3;
export const DIGIT = 4;
export const MARK = 5;
/** Scripts that are written without spaces between words. */
export const UNSPACED = 6;
/** Pictographs, each a word of its own. */
export const PICTOGRAPH = 7;
/** `.`, `/` and `\` join names to dotted names and paths. */
export const PATH_JOINT = 8;
/** `_` and `-` join words to names. */
export const NAME_JOINT = 9;
export const APOSTROPHE = 10;

/** Class of the code point that starts at `index`. */
export function classAt(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  const known = CLASSES[unit] ?? 0;
  if (known !== 0) return known;
  if (unit >= 0xd800 && unit <= 0xdbff) return classify(String.fromCodePoint(text.codePointAt(index) ?? unit));
  const found = classify(String.fromCharCode(unit));
  CLASSES[unit] = found;
  return found;
}

/** Letters, digits and marks make words. */
export const isWord = (characterClass: number): boolean => characterClass >= LOWER && characterClass <= MARK;

/** UTF-16 units of the code point that starts at `index`. */
export function widthAt(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0xd800 && unit <= 0xdbff && index + 1 < text.length ? 2 : 1;
}

/** Whether a term is of a script that is written without spaces. */
export const isUnspacedTerm = (term: string): boolean => classAt(term, 0) === UNSPACED;

/** Class by UTF-16 unit, filled as units are met; 0 is not yet known. Surrogates stay 0. */
const CLASSES = new Uint8Array(0x1_0000);

const UNSPACED_SCRIPT =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]/u;

function classify(character: string): number {
  if (character === "_" || character === "-") return NAME_JOINT;
  if (character === "." || character === "/" || character === "\\") return PATH_JOINT;
  if (character === "'" || character === "\u2019") return APOSTROPHE;
  if (/\p{N}/u.test(character)) return DIGIT;
  if (/[\p{L}\p{M}]/u.test(character) && UNSPACED_SCRIPT.test(character)) return UNSPACED;
  if (/\p{Lu}/u.test(character)) return UPPER;
  if (/\p{L}/u.test(character)) return LOWER;
  if (/\p{M}/u.test(character)) return MARK;
  if (/\p{Extended_Pictographic}/u.test(character)) return PICTOGRAPH;
  return SEPARATOR;
}
