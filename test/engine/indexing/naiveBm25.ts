import { hasRow, type RowSet } from "../../../src/contract/rowSet.ts";
import type { TextDocument } from "../../../src/engine/seams.ts";
import { Analyser } from "../../../src/engine/indexing/analyser.ts";
import { B, FIELD_WEIGHTS, K1 } from "../../../src/engine/indexing/bm25.ts";

/** BM25F by its formula, every passage for every query: what the index has to give, without any of its structures. */
export class NaiveBm25 {
  readonly #documents = new Map<number, TextDocument>();
  readonly #analyser = new Analyser();

  add(row: number, document: TextDocument): void {
    this.#documents.set(row, document);
  }

  remove(row: number): void {
    this.#documents.delete(row);
  }

  /** Score of every passage that holds a term of the query, best passages of a row first. */
  search(query: string, rows: RowSet | undefined, rowBound: number): { row: number; score: number; parts: number[] }[] {
    const passages = [...this.#documents]
      .filter(([row]) => row < rowBound)
      .flatMap(([row, document]) => this.#passages(document).map((passage, part) => ({ row, part, ...passage })));
    const meanLength = Math.max(
      1,
      passages.reduce((sum, { length }) => sum + length, 0) / Math.max(1, passages.length),
    );
    const terms = new Set<string>();
    this.#analyser.scan(query, (analysis) => {
      for (const term of analysis.terms) terms.add(term);
    });
    const best = new Map<number, { row: number; score: number; parts: number[] }>();
    const holding = new Map([...terms].map((term) => [term, passages.filter((p) => p.frequencies.has(term)).length]));
    for (const { row, part, frequencies, length } of passages) {
      let score = 0;
      for (const [term, count] of holding) {
        const tf = Math.min(255, frequencies.get(term) ?? 0);
        const idf = Math.log(1 + (passages.length - count + 0.5) / (count + 0.5));
        score += (idf * tf) / (tf + K1 * (1 - B + (B * length) / meanLength));
      }
      if (score === 0 || (rows !== undefined && !hasRow(rows, row))) continue;
      const known = best.get(row);
      if (known === undefined || score > known.score + 1e-9) best.set(row, { row, score, parts: [part] });
      else if (score > known.score - 1e-9) known.parts.push(part);
    }
    return [...best.values()].sort((a, b) => b.score - a.score || b.row - a.row);
  }

  #passages(document: TextDocument): { frequencies: Map<string, number>; length: number }[] {
    const whole = { start: 0, end: document.body.length, headings: [] as readonly string[] };
    return (document.parts.length === 0 ? [whole] : document.parts).map(({ start, end, headings }) => {
      const frequencies = new Map<string, number>();
      let length = 0;
      const count = (text: string, weight: number): void => {
        this.#analyser.scan(text, (analysis) => {
          for (const term of analysis.terms) {
            frequencies.set(term, (frequencies.get(term) ?? 0) + weight);
            length += weight;
          }
        });
      };
      for (const title of [document.title, ...headings]) count(title, FIELD_WEIGHTS.title);
      for (const tag of document.tags) count(tag, FIELD_WEIGHTS.tags);
      for (const anchor of document.anchors) count(anchor, FIELD_WEIGHTS.anchors);
      count(document.body.slice(start, end), FIELD_WEIGHTS.body);
      return { frequencies, length };
    });
  }
}
