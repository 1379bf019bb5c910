/** Something to find: by its text for BM25, by its passages for vectors, of which the nearest counts. */
export interface Found {
  readonly text: string;
  readonly passages: readonly string[];
  /** What each of its passages stands under; its vector is added to theirs with the weight 0.6. */
  readonly path?: string;
}

/** A question, and which documents answer it. */
export interface Question {
  readonly text: string;
  readonly answers: ReadonlySet<string>;
}

/** Documents by name, and what is asked of them. Documents of the same name and the same object are the same from round to round. */
export interface Round {
  readonly documents: ReadonlyMap<string, Found>;
  readonly questions: readonly Question[];
}

export interface Task {
  readonly name: string;
  rounds(): Iterable<Round>;
}

/** A document that is one passage. */
export const onePassage = (text: string): Found => ({ text, passages: [text] });
