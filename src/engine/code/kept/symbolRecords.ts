import { type CodeSymbol, SYMBOL_KINDS, type SymbolKind } from "../../../contract/code.ts";
import type { ByteReader, ByteWriter } from "./bytes.ts";
import type { DescribedTexts, WrittenTexts } from "./describedTexts.ts";
import { many, THREE_WAYS, threeWay, unzigzag, zigzag } from "./numbers.ts";
import type { RecordTexts } from "./recordTexts.ts";

/** Writes symbols into the body of a record; what describes them is put among `described`. */
export function packSymbols(
  body: ByteWriter,
  symbols: readonly CodeSymbol[],
  texts: RecordTexts,
  described: DescribedTexts,
): void {
  body.number(symbols.length);
  let before = 0;
  for (const { kind, name, container, signature, doc, leadLine, startLine, endLine, isExported, isTest } of symbols) {
    texts.writeName(body, name);
    body.number(SYMBOL_KINDS.indexOf(kind) * 9 + threeWay(isExported) * 3 + threeWay(isTest));
    texts.writeOwn(body, container);
    body.optional(described.placeOf(signature));
    body.optional(described.placeOf(doc));
    body.number(zigzag(startLine - before));
    body.number(zigzag(endLine - startLine));
    body.number(leadLine === undefined ? 0 : 1 + zigzag(startLine - leadLine));
    before = startLine;
  }
}

/** Passes so many symbols by. */
export const skipSymbols = (reader: ByteReader, count: number): void => reader.skipNumbers(SYMBOL_NUMBERS * count);
const SYMBOL_NUMBERS = 8;

/** Symbols that were written so. */
export function unpackSymbols(
  reader: ByteReader,
  nextName: () => string,
  nextText: () => string | undefined,
  described: WrittenTexts,
): readonly CodeSymbol[] {
  const source = { reader, nextName, nextText, described };
  let before = 0;
  return many(reader.number(), () => {
    const symbol = new UnpackedSymbol(source, before);
    before = symbol.startLine;
    return symbol as CodeSymbol;
  });
}

/** Where symbols are read from. */
interface Source {
  readonly reader: ByteReader;
  readonly nextName: () => string;
  readonly nextText: () => string | undefined;
  readonly described: WrittenTexts;
}

/**
 * What a question ranks by is read at once, and what an answer shows when it does. There are thousands of them: they are objects of one shape, without
 * functions of their own, and a copy by spreading lacks what describes them.
 */
class UnpackedSymbol {
  readonly kind: SymbolKind;
  readonly name: string;
  declare readonly container?: string;
  declare readonly leadLine?: number;
  readonly startLine: number;
  readonly endLine: number;
  declare readonly isExported?: boolean;
  declare readonly isTest?: boolean;
  readonly #described: WrittenTexts;
  readonly #signature: number | undefined;
  readonly #doc: number | undefined;

  /** Reads the next one; `before` is the first line of the last. */
  constructor({ reader, nextName, nextText, described }: Source, before: number) {
    this.name = nextName();
    const flags = reader.number();
    const container = nextText();
    this.#described = described;
    this.#signature = reader.optional();
    this.#doc = reader.optional();
    this.startLine = before + unzigzag(reader.number());
    this.endLine = this.startLine + unzigzag(reader.number());
    const lead = reader.optional();
    this.kind = SYMBOL_KINDS[Math.floor(flags / 9)] ?? "variable";
    const isExported = THREE_WAYS[Math.floor(flags / 3) % 3];
    const isTest = THREE_WAYS[flags % 3];
    if (container !== undefined) this.container = container;
    if (lead !== undefined) this.leadLine = this.startLine - unzigzag(lead);
    if (isExported !== undefined) this.isExported = isExported;
    if (isTest !== undefined) this.isTest = isTest;
  }

  get signature(): string {
    return this.#described.at(this.#signature) ?? "";
  }

  get doc(): string | undefined {
    return this.#described.at(this.#doc);
  }
}
