import { MAXIMUM_FILE_BYTES } from "../../engine/code/walk/codeListing.ts";
import type { FilePlace } from "./filePlace.ts";

/** What is asked of a document of VS Code. */
export interface OpenText {
  readonly uri: { toString(): string };
  readonly isDirty: boolean;
  readonly isClosed: boolean;
  readonly version: number;
  getText(): string;
}

export interface UnsavedTextsParts<Document extends OpenText> {
  /** Whether the engine can be told anything: not where the workspace is not trusted. */
  readonly may: () => boolean;
  /** Undefined for what is no file of an open folder. */
  readonly placeOf: (document: Document) => FilePlace | undefined;
  /** Characters, known sooner than the text. */
  readonly lengthOf: (document: Document) => number;
  /** Whether some memory is anchored in the file. */
  readonly isAnchored: (place: FilePlace) => Promise<boolean>;
  /** Undefined: the file on disk holds. */
  readonly send: (place: FilePlace, text: string | undefined) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/** Milliseconds in which key strokes are gathered. They are told after that however long somebody types on. */
export const GATHER_MS = 75;
/** Milliseconds after which it is asked again whether a memory is anchored in a text, where none was. */
export const AGAIN_MS = 1_000;

interface Known<Document> {
  readonly document: Document;
  /** One look after the other, so that what is told last is what holds; one waits at most. */
  turn: Promise<void>;
  next: Promise<void> | undefined;
  timer: NodeJS.Timeout | undefined;
  /** Undefined: it is to be asked. */
  isAnchored: boolean | undefined;
  told: { readonly place: FilePlace; readonly version: number } | undefined;
}

/** Tells the engine the texts of editors that are not saved, where a memory is anchored in them, and that they are saved or given up. */
export class UnsavedTexts<Document extends OpenText> {
  readonly #parts: UnsavedTextsParts<Document>;
  readonly #known = new Map<string, Known<Document>>();
  #ended = false;

  constructor(parts: UnsavedTextsParts<Document>) {
    this.#parts = parts;
  }

  /** Its text is another, or it is saved, given up or closed. */
  changed(document: Document): void {
    const known = this.#known.get(document.uri.toString());
    if (known === undefined && !document.isDirty) return;
    // Another document of the file is open already.
    if (known?.document !== document && document.isClosed) return;
    this.#soon(this.#of(document), GATHER_MS);
  }

  /** Memories are others: one may be anchored where none was. */
  memoriesChanged(): void {
    for (const known of this.#known.values()) {
      if (known.isAnchored !== false) continue;
      known.isAnchored = undefined;
      this.#soon(known, AGAIN_MS);
    }
  }

  /** An engine that starts, or opens a folder, knows of no text yet. */
  restarted(): void {
    for (const known of this.#known.values()) {
      known.told = undefined;
      this.#soon(known, GATHER_MS);
    }
  }

  /** Resolves when the engine has the text as it is now, whatever is anchored in it: something is about to be. */
  async tell(document: Document): Promise<void> {
    if (!document.isDirty) return;
    const known = this.#of(document);
    known.isAnchored = true;
    await this.#look(known);
  }

  dispose(): void {
    this.#ended = true;
    for (const { timer } of this.#known.values()) clearTimeout(timer);
    this.#known.clear();
  }

  #of(document: Document): Known<Document> {
    const key = document.uri.toString();
    const before = this.#known.get(key);
    // A file that is opened again is another document.
    if (before?.document === document) return before;
    clearTimeout(before?.timer);
    const { turn = Promise.resolve(), isAnchored, told } = before ?? {};
    const known: Known<Document> = { document, turn, next: undefined, timer: undefined, isAnchored, told };
    this.#known.set(key, known);
    return known;
  }

  #soon(known: Known<Document>, milliseconds: number): void {
    if (this.#ended || known.timer !== undefined) return;
    known.timer = setTimeout(() => {
      known.timer = undefined;
      void this.#look(known);
    }, milliseconds);
  }

  #look(known: Known<Document>): Promise<void> {
    known.next ??= known.turn
      .then(() => {
        known.next = undefined;
        return this.#bring(known);
      })
      .catch(this.#parts.onFailure);
    known.turn = known.next;
    return known.turn;
  }

  async #bring(known: Known<Document>): Promise<void> {
    const { document } = known;
    const { may, isAnchored, send } = this.#parts;
    if (this.#ended || !may()) return;
    const place = this.#placeOfDraft(document);
    if (place === undefined) {
      const { told } = known;
      known.told = undefined;
      if (told !== undefined) await send(told.place, undefined);
      this.#leave(known);
      return;
    }
    known.isAnchored ??= await isAnchored(place);
    const { version } = document;
    if (!known.isAnchored || known.told?.version === version) return;
    await send(place, document.getText());
    known.told = { place, version };
  }

  /** Nothing is kept of a text that is saved or closed, unless it was typed into meanwhile. */
  #leave(known: Known<Document>): void {
    const { document, timer, next } = known;
    const key = document.uri.toString();
    const isOver = (!document.isDirty || document.isClosed) && timer === undefined && next === undefined;
    if (isOver && this.#known.get(key) === known) this.#known.delete(key);
  }

  /** Undefined where the file holds; larger files are not compared. */
  #placeOfDraft(document: Document): FilePlace | undefined {
    if (!document.isDirty || document.isClosed || this.#parts.lengthOf(document) > MAXIMUM_FILE_BYTES) return undefined;
    return this.#parts.placeOf(document);
  }
}
