import type { SourceFile } from "../sourceFiles.ts";
import { oneLine, type Pair } from "./pair.ts";

interface Synset {
  readonly words: readonly string[];
  readonly definition: string;
  readonly examples: readonly string[];
  readonly above: readonly string[];
  readonly derived: readonly string[];
}

/** Princeton WordNet, read from its database files (wndb(5WN)). */
export class Wordnet {
  /** By part of speech and offset. */
  readonly #synsets = new Map<string, Synset>();
  /** By lemma, synsets of its two most frequent senses in each part of speech. */
  readonly #senses = new Map<string, readonly Synset[]>();
  /** By irregular form, the lemma. */
  readonly #forms = new Map<string, string>();

  constructor(files: readonly SourceFile[]) {
    const read = (kind: RegExp, line: (text: string, part: string) => void): void => {
      for (const { path, text } of files) {
        const part = kind.exec(path)?.[1];
        if (part !== undefined) for (const row of text.split("\n")) if (/^\S/u.test(row)) line(row, PARTS[part] ?? "");
      }
    };
    read(/data\.(\w+)$/u, (row, part) => this.#synsets.set(part + row.slice(0, 8), synsetOf(row)));
    read(/index\.(noun|verb|adj|adv)$/u, (row, part) => {
      const fields = row.trim().split(" ");
      const count = Number(fields[2]);
      const senses = fields
        .slice(-count, fields.length - count + 2 || undefined)
        .flatMap((offset) => this.#synsets.get(part + offset) ?? []);
      const lemma = spaced(fields[0] ?? "");
      this.#senses.set(lemma, [...(this.#senses.get(lemma) ?? []), ...senses]);
    });
    read(/(\w+)\.exc$/u, (row) => {
      const [form = "", lemma = ""] = row.split(" ");
      this.#forms.set(spaced(form), spaced(lemma));
    });
  }

  /** The dictionary's form of a word; undefined where it is not known. */
  lemma(word: string): string | undefined {
    const irregular = this.#forms.get(word);
    if (irregular !== undefined) return irregular;
    if (this.#senses.has(word)) return word;
    for (const [ending, instead] of ENDINGS) {
      if (!word.endsWith(ending)) continue;
      const stem = word.slice(0, -ending.length) + instead;
      if (this.#senses.has(stem)) return stem;
      if (stem.length > 3 && stem.at(-1) === stem.at(-2) && this.#senses.has(stem.slice(0, -1)))
        return stem.slice(0, -1);
    }
    return undefined;
  }

  /** Words that can stand for a lemma, the likeliest more than once. */
  synonyms(lemma: string): string[] {
    return (this.#senses.get(lemma) ?? []).flatMap((synset, at) => {
      const same = synset.words.filter((word) => word !== lemma);
      if (at > 0) return same;
      const above = synset.above.slice(0, 1).flatMap((id) => this.#synsets.get(id)?.words.slice(0, 2) ?? []);
      return [...same, ...same, ...same, ...above];
    });
  }

  pairs(): Pair[] {
    const pairs: Pair[] = [];
    for (const { words, definition, examples, above, derived } of this.#synsets.values()) {
      const members = words.join(", ");
      pairs.push({ kind: "definition", left: members, right: definition });
      const higher = this.#synsets.get(above[0] ?? "");
      if (higher !== undefined)
        pairs.push({
          kind: "broader",
          left: `${members} ${definition.slice(0, 120)}`,
          right: `${higher.words.join(", ")} ${higher.definition.slice(0, 200)}`,
        });
      for (const example of examples.slice(0, 3))
        pairs.push({ kind: "example", left: example, right: `${members}: ${definition}` });
      for (let at = 0; at < Math.min(3, words.length - 1); at++)
        pairs.push({ kind: "synonym", left: words[at] ?? "", right: words[at + 1] ?? "" });
      for (const id of derived.slice(0, 2)) {
        const other = this.#synsets.get(id)?.words[0];
        if (other !== undefined) pairs.push({ kind: "synonym", left: words[0] ?? "", right: other });
      }
    }
    for (const [form, lemma] of this.#forms) pairs.push({ kind: "synonym", left: form, right: lemma });
    return pairs;
  }

  /** Sentences of everyday English. */
  examples(): string[] {
    return [...this.#synsets.values()].flatMap(({ examples }) => examples);
  }
}

const PARTS: Readonly<Record<string, string>> = { noun: "n", verb: "v", adj: "a", adv: "r" };
const ENDINGS = [
  ["ies", "y"],
  ["es", ""],
  ["es", "e"],
  ["s", ""],
  ["ing", ""],
  ["ing", "e"],
  ["ed", ""],
  ["ed", "e"],
  ["er", ""],
  ["est", ""],
] as const;

const spaced = (word: string): string =>
  word
    .replace(/_/gu, " ")
    .replace(/\(\w+\)$/u, "")
    .toLowerCase();

function synsetOf(row: string): Synset {
  const [data = "", gloss = ""] = row.split(" | ");
  const fields = data.split(" ");
  const count = Number.parseInt(fields[3] ?? "0", 16);
  const words = Array.from({ length: count }, (_, at) => spaced(fields[4 + 2 * at] ?? ""));
  const pointersAt = 5 + 2 * count;
  const pointers = Array.from({ length: Number(fields[pointersAt - 1]) }, (_, at) => {
    const [symbol = "", offset = "", part = ""] = fields.slice(pointersAt + 4 * at);
    return { symbol, id: part.replace("s", "a") + offset };
  });
  const quoted = [...gloss.matchAll(/"([^"]*)"/gu)].map((match) => match[1] ?? "");
  const to = (symbol: string): string[] => pointers.filter((pointer) => pointer.symbol === symbol).map(({ id }) => id);
  return {
    words,
    definition: oneLine(gloss.replace(/;?\s*"[^"]*"/gu, ""), 400),
    examples: quoted.filter((example) => example.length > 15).map((example) => oneLine(example, 250)),
    above: to("@"),
    derived: to("+"),
  };
}
