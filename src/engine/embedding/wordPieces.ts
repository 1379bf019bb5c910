const NONE = -1;
/** Pieces are looked up by their hash in a table of this many places: four for each of 30,000. */
const TABLE = 1 << 17;
const LONGEST_WORD = 63;
const NEW_LINE = 10;
const HASH_SIGN = 35;

/**
 * Cuts text into the pieces of a vocabulary. Words are runs of ASCII letters of one case (camelCase and acronyms are cut apart) or of at most
 * four digits; everything else separates. A word that the vocabulary lacks is taken by its longest pieces, of which those that continue are
 * written with `##` before them.
 */
export class WordPieces {
  /** Whether the last text held something that is no ASCII. */
  sawStrange = false;
  /** The pieces, and where each begins: one before that the one before has ended. */
  readonly #vocabulary: Uint8Array;
  readonly #starts: Uint32Array;
  readonly #longest: number;
  readonly #table = new Int32Array(TABLE).fill(NONE);
  readonly #word = new Uint8Array(LONGEST_WORD);
  /** By piece, how often the text at hand holds it; 0 between texts. */
  readonly #counts: Uint32Array;

  /** `vocabulary`: the pieces by their number, ASCII in lower case, a line each; there are `pieces`. */
  constructor(vocabulary: Uint8Array, pieces: number) {
    this.#vocabulary = new Uint8Array(vocabulary);
    this.#starts = new Uint32Array(pieces + 1);
    this.#counts = new Uint32Array(pieces);
    let longest = 0;
    for (let id = 0, at = 0; id < pieces; id++, at++) {
      let hash = SEED;
      const start = at;
      for (; at < vocabulary.length && vocabulary[at] !== NEW_LINE; at++) hash = step(hash, vocabulary[at] ?? 0);
      longest = Math.max(longest, at - start);
      this.#starts[id + 1] = at + 1;
      let place = placeOf(hash);
      while (this.#table[place] !== NONE) place = (place + 1) & (TABLE - 1);
      this.#table[place] = id;
    }
    this.#longest = longest;
  }

  /**
   * Writes the number of each distinct piece into `list`, in the order of the text, and how often it occurs beside it into `counts`; both are as long
   * as the vocabulary. Gives how many there are.
   */
  list(text: string, list: Uint32Array, counts: Float32Array): number {
    this.sawStrange = false;
    const word = this.#word;
    let length = 0;
    for (let at = 0; at < text.length;) {
      const end = endOfWord(text, at);
      if (end === at) {
        if (text.charCodeAt(at) > 127) this.sawStrange = true;
        at++;
        continue;
      }
      const letters = Math.min(end - at, LONGEST_WORD);
      let hash = SEED;
      for (let offset = 0; offset < letters; offset++) {
        const code = text.charCodeAt(at + offset);
        const lower = isUpper(code) ? code | 32 : code;
        word[offset] = lower;
        hash = step(hash, lower);
      }
      const id = this.#find(hash, 0, letters, 0);
      length = id === NONE ? this.#countPieces(letters, list, length) : this.#count(id, list, length);
      at = end;
    }
    for (let at = 0; at < length; at++) {
      const id = list[at] ?? 0;
      counts[at] = this.#counts[id] ?? 0;
      this.#counts[id] = 0;
    }
    return length;
  }

  /** Gives the length of the list, which a piece enters when it is first seen. */
  #count(id: number, list: Uint32Array, length: number): number {
    const before = this.#counts[id] ?? 0;
    this.#counts[id] = before + 1;
    if (before === 0) list[length] = id;
    return before === 0 ? length + 1 : length;
  }

  /** Takes a word that is none of the vocabulary by its longest pieces. */
  #countPieces(letters: number, list: Uint32Array, length: number): number {
    let entered = length;
    for (let at = 0; at < letters;) {
      const marks = at === 0 ? 0 : 2;
      let hash = at === 0 ? SEED : CONTINUED_SEED;
      let [taken, piece] = [0, NONE];
      for (let size = 1; size <= this.#longest && at + size <= letters; size++) {
        hash = step(hash, this.#word[at + size - 1] ?? 0);
        const id = this.#find(hash, at, size, marks);
        if (id === NONE) continue;
        piece = id;
        taken = size;
      }
      if (piece !== NONE) entered = this.#count(piece, list, entered);
      // A vocabulary holds every letter and digit; one that does not gets on without.
      at += Math.max(1, taken);
    }
    return entered;
  }

  /** The piece that is `marks` times `#` and then these letters of the word at hand. */
  #find(hash: number, from: number, letters: number, marks: number): number {
    const vocabulary = this.#vocabulary;
    for (let place = placeOf(hash); ; place = (place + 1) & (TABLE - 1)) {
      const id = this.#table[place] ?? NONE;
      if (id === NONE) return NONE;
      const start = this.#starts[id] ?? 0;
      if ((this.#starts[id + 1] ?? 0) - start !== marks + letters + 1) continue;
      if ((vocabulary[start] === HASH_SIGN) !== marks > 0) continue;
      let same = 0;
      while (same < letters && vocabulary[start + marks + same] === this.#word[from + same]) same++;
      if (same === letters) return id;
    }
  }
}

const isLower = (code: number): boolean => code >= 97 && code <= 122;
const isUpper = (code: number): boolean => code >= 65 && code <= 90;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** `[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]{1,4}`; `at` itself where none begins there. */
function endOfWord(text: string, at: number): number {
  const first = text.charCodeAt(at);
  let end = at + 1;
  if (isDigit(first)) {
    while (end < text.length && end - at < 4 && isDigit(text.charCodeAt(end))) end++;
    return end;
  }
  if (isUpper(first)) {
    while (end < text.length && isUpper(text.charCodeAt(end))) end++;
    const word = end < text.length && isLower(text.charCodeAt(end));
    if (!word) return end;
    // The last capital begins the word that follows; where it is the only one this is that word.
    if (end - at > 1) return end - 1;
  } else if (!isLower(first)) return at;
  while (end < text.length && isLower(text.charCodeAt(end))) end++;
  return end;
}

/** Hash of Bernstein, with xor. */
const SEED = 5381;
const step = (hash: number, code: number): number => (Math.imul(hash, 33) ^ code) | 0;
const placeOf = (hash: number): number => (hash ^ (hash >>> 15)) & (TABLE - 1);
/** Where the hash of a piece stands after its `##`. */
const CONTINUED_SEED = step(step(SEED, HASH_SIGN), HASH_SIGN);
