/**
 * Cuts ASCII text as the pattern of cl100k_base does and calls `visit` for every piece. Gives up with false at the first run of `longest` or more
 * characters. In the order of the pattern's alternatives: a contraction; letters with any one character but a line end or digit before
 * them; up to three digits; signs with a space before and line ends after them; white space that ends the text; white space up to its
 * last line end; white space but for the last one of it; a white space.
 */
export function eachAsciiPiece(
  text: Uint8Array,
  length: number,
  longest: number,
  visit: (from: number, to: number) => void,
): boolean {
  for (let at = 0; at < length;) {
    const end = endOfPiece(text, at, length, longest);
    if (end - at >= longest) return false;
    visit(at, end);
    at = end;
  }
  return true;
}

function endOfPiece(text: Uint8Array, start: number, length: number, longest: number): number {
  const first = classOf(text, start, length);
  if (text[start] === APOSTROPHE) {
    const contraction = contractionAt(text, start, length);
    if (contraction > 0) return start + contraction;
  }
  if (first === LETTER) return endOf(LETTER, text, start + 1, length);
  if (first === DIGIT) {
    let end = start + 1;
    while (end < start + 3 && classOf(text, end, length) === DIGIT) end++;
    return end;
  }
  const second = classOf(text, start + 1, length);
  if (second === LETTER && !isLineEnd(text[start])) return endOf(LETTER, text, start + 2, length);
  if (first === SIGN || (text[start] === SPACE && second === SIGN)) {
    let end = endOf(SIGN, text, start + 1, length);
    while (end < length && isLineEnd(text[end])) end++;
    return end;
  }
  const end = endOf(WHITE, text, start + 1, length);
  if (end === length || end - start >= longest) return end;
  for (let last = end; last > start; last--) if (isLineEnd(text[last - 1])) return last;
  return end - start > 1 ? end - 1 : end;
}

function endOf(wanted: number, text: Uint8Array, from: number, length: number): number {
  let at = from;
  while (classOf(text, at, length) === wanted) at++;
  return at;
}

/** Length of `'s`, `'ll` and the like, 0 when there is none. */
function contractionAt(text: Uint8Array, start: number, length: number): number {
  const lower = (at: number): number => (at < length ? (text[at] ?? 0) | 32 : 0);
  const [one, two] = [lower(start + 1), lower(start + 2)];
  if (one === S || one === D || one === M || one === T) return 2;
  return (one === L && two === L) || (one === V && two === E) || (one === R && two === E) ? 3 : 0;
}

const APOSTROPHE = 39;
const SPACE = 32;
const [D, E, L, M, R, S, T, V] = [100, 101, 108, 109, 114, 115, 116, 118];

const isLineEnd = (code: number | undefined): boolean => code === 10 || code === 13;

const SIGN = 0;
const LETTER = 1;
const DIGIT = 2;
const WHITE = 3;
const END = 4;

const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[A-Za-z]/u.test(character)) return LETTER;
  if (/[0-9]/u.test(character)) return DIGIT;
  return /\s/u.test(character) ? WHITE : SIGN;
});

const classOf = (text: Uint8Array, at: number, length: number): number =>
  at < length ? (CLASSES[text[at] ?? 0] ?? SIGN) : END;
