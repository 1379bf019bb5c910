/** Words as WordPieces cuts text into them. */
export const WORD = /[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]{1,4}/gu;
const LONGEST_WORD = 63;

/** Cuts text as WordPieces does, and tells the pieces in the order in which they stand, as often as they do: that is what training reads. */
export class PieceCutter {
  readonly #ids: ReadonlyMap<string, number>;
  readonly #longest: number;
  readonly #known = new Map<string, readonly number[]>();

  constructor(vocabulary: readonly string[]) {
    this.#ids = new Map(vocabulary.map((piece, id) => [piece, id]));
    this.#longest = vocabulary.reduce((most, piece) => Math.max(most, piece.length), 0);
  }

  /** Of text without diacritics. */
  piecesOf(text: string): number[] {
    return (text.match(WORD) ?? []).flatMap((word) => this.#piecesOfWord(word.slice(0, LONGEST_WORD).toLowerCase()));
  }

  #piecesOfWord(word: string): readonly number[] {
    const known = this.#known.get(word);
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
      at += Math.max(1, taken);
    }
    this.#known.set(word, pieces);
    return pieces;
  }
}
