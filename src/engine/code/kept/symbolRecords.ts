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

/** Symbols that were written so. */
export function unpackSymbols(
  reader: ByteReader,
  nextName: () => string,
  nextText: () => string | undefined,
  described: WrittenTexts,
): readonly CodeSymbol[] {
  let before = 0;
  return many(reader.number(), () => {
    const [name, flags, container] = [nextName(), reader.number(), nextText()];
    const [signature, doc] = [reader.optional(), reader.optional()];
    const startLine = before + unzigzag(reader.number());
    const endLine = startLine + unzigzag(reader.number());
    const lead = reader.optional();
    before = startLine;
    const leadLine = lead === undefined ? undefined : startLine - unzigzag(lead);
    const placed = { name, flags, container, startLine, endLine, leadLine };
    return new UnpackedSymbol(placed, { texts: described, signature, doc }) as CodeSymbol;
  });
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
  readonly #described: Described;

  constructor({ name, flags, container, startLine, endLine, leadLine }: Placed, described: Described) {
    const [isExported, isTest] = [THREE_WAYS[Math.floor(flags / 3) % 3], THREE_WAYS[flags % 3]];
    this.kind = SYMBOL_KINDS[Math.floor(flags / 9)] ?? "variable";
    this.name = name;
    this.startLine = startLine;
    this.endLine = endLine;
    if (container !== undefined) this.container = container;
    if (leadLine !== undefined) this.leadLine = leadLine;
    if (isExported !== undefined) this.isExported = isExported;
    if (isTest !== undefined) this.isTest = isTest;
    this.#described = described;
  }

  get signature(): string {
    return this.#described.texts.at(this.#described.signature) ?? "";
  }

  get doc(): string | undefined {
    return this.#described.texts.at(this.#described.doc);
  }
}

interface Placed {
  readonly name: string;
  readonly flags: number;
  readonly container: string | undefined;
  readonly startLine: number;
  readonly endLine: number;
  readonly leadLine: number | undefined;
}

/** Where the texts that describe a symbol stand among them. */
interface Described {
  readonly texts: WrittenTexts;
  readonly signature: number | undefined;
  readonly doc: number | undefined;
}
