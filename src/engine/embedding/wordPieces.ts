const NONE = -1;
/** Whole words are looked up by their hash in a table of this many places: four for each of 30,000. */
const TABLE = 1 << 17;
const LONGEST_WORD = 63;
const MOST_REMEMBERED = 100_000;

/**
 * Cuts text into the pieces of a vocabulary. Words are runs of ASCII letters of one case (camelCase and acronyms are cut apart) or of at most
 * four digits; everything else separates. A word that the vocabulary lacks is taken by its longest pieces, of which those that continue are
 * written with `##` before them.
 */
export class WordPieces {
  readonly #ids: ReadonlyMap<string, number>;
  readonly #longest: number;
  readonly #table = new Int32Array(TABLE).fill(NONE);
  /** Characters of all pieces, and where those of each begin. */
  readonly #characters: Uint8Array;
  readonly #starts: Uint32Array;
  readonly #word = new Uint8Array(LONGEST_WORD);
  readonly #remembered = new Map<string, readonly number[]>();

  /** `vocabulary`: the pieces by their number, ASCII in lower case. */
  constructor(vocabulary: readonly string[]) {
    this.#ids = new Map(vocabulary.map((piece, id) => [piece, id]));
    this.#longest = vocabulary.reduce((most, piece) => Math.max(most, piece.length), 0);
    this.#starts = new Uint32Array(vocabulary.length + 1);
    for (const [id, piece] of vocabulary.entries()) this.#starts[id + 1] = (this.#starts[id] ?? 0) + piece.length;
    this.#characters = new Uint8Array(this.#starts[vocabulary.length] ?? 0);
    for (const [id, piece] of vocabulary.entries()) {
      const start = this.#starts[id] ?? 0;
      for (let at = 0; at < piece.length; at++) this.#characters[start + at] = piece.charCodeAt(at);
      if (piece.startsWith("##")) continue;
      let hash = SEED;
      for (let at = 0; at < piece.length; at++) hash = step(hash, piece.charCodeAt(at));
      let place = placeOf(hash);
      while (this.#table[place] !== NONE) place = (place + 1) & (TABLE - 1);
      this.#table[place] = id;
    }
  }

  /** Calls `visit` with the number of each piece, in the order of the text. */
  scan(text: string, visit: (id: number) => void): void {
    const word = this.#word;
    for (let at = 0; at < text.length;) {
      const end = endOfWord(text, at);
      if (end === at) {
        at++;
        continue;
      }
      const length = Math.min(end - at, LONGEST_WORD);
      let hash = SEED;
      for (let offset = 0; offset < length; offset++) {
        const code = text.charCodeAt(at + offset);
        const lower = isUpper(code) ? code | 32 : code;
        word[offset] = lower;
        hash = step(hash, lower);
      }
      const id = this.#find(hash, length);
      if (id === NONE) for (const piece of this.#piecesOf(length)) visit(piece);
      else visit(id);
      at = end;
    }
  }

  #find(hash: number, length: number): number {
    for (let place = placeOf(hash); ; place = (place + 1) & (TABLE - 1)) {
      const id = this.#table[place] ?? NONE;
      if (id === NONE) return NONE;
      const start = this.#starts[id] ?? 0;
      if ((this.#starts[id + 1] ?? 0) - start !== length) continue;
      let same = 0;
      while (same < length && this.#characters[start + same] === this.#word[same]) same++;
      if (same === length) return id;
    }
  }

  #piecesOf(length: number): readonly number[] {
    const word = String.fromCharCode(...this.#word.subarray(0, length));
    const known = this.#remembered.get(word);
    if (known !== undefined) return known;
    const pieces: number[] = [];
    for (let at = 0; at < word.length;) {
      let taken = 0;
      for (let size = Math.min(word.length - at, this.#longest); size > 0 && taken === 0; size--) {
        const id = this.#ids.get(`${at === 0 ? "" : "##"}${word.slice(at, at + size)}`);
        if (id === undefined) continue;
        pieces.push(id);
        taken = size;
      }
      // A vocabulary holds every letter and digit; one that does not gets on without.
      at += Math.max(1, taken);
    }
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(word, pieces);
    return pieces;
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
