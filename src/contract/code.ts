/** What a symbol is. A struct, record or extension is a class; a trait, protocol or mixin an interface; a macro a function or a constant. */
export const SYMBOL_KINDS = [
  "module",
  "class",
  "interface",
  "enum",
  "type",
  "function",
  "method",
  "field",
  "constant",
  "variable",
  /** A test that has a sentence for a name: `it("does this", …)`. */
  "test",
  /** Of a document. */
  "heading",
  /** Of a file of data or settings. */
  "key",
] as const;
export type SymbolKind = (typeof SYMBOL_KINDS)[number];

/** Something that has a name in a file. Lines begin with 1, and the last one counts. */
export interface CodeSymbol {
  readonly kind: SymbolKind;
  readonly name: string;
  /** What it stands in, from outside to inside, with dots between: `Server.Connection`. */
  readonly container?: string;
  /** How it is declared, on one line and without its body. */
  readonly signature: string;
  /** The first paragraph of its comment, on one line. */
  readonly doc?: string;
  /** Where the comment and the attributes that stand before it begin, if there are any. */
  readonly leadLine?: number;
  readonly startLine: number;
  readonly endLine: number;
  /** Whether it is meant to be seen from outside, where the language has a way of saying so. */
  readonly isExported?: boolean;
  readonly isTest?: boolean;
}

export interface ImportedName {
  /** As it is called there; `default` for the default export, `*` for everything. */
  readonly name: string;
  /** As it is called here, where that is another name. */
  readonly alias?: string;
}

export interface CodeImport {
  /** As it is written: a path, a package, a dotted name. */
  readonly module: string;
  readonly names?: readonly ImportedName[];
  /** Whether what is imported is handed on at once. */
  readonly isReexport?: boolean;
  readonly line: number;
}

export interface CodeCall {
  /** Of the function, method, constructor, decorator or component. */
  readonly name: string;
  /** What it is called on, as it is written; of a local variable that is declared with a type, with that: `store: Store`. */
  readonly receiver?: string;
  readonly line: number;
  /** The variable, or the field, that what it gives is kept in: `cart`, `this.cart`. */
  readonly into?: string;
  /** Index of the innermost symbol that it stands in. Calls of a symbol with `isTest`, or of kind test, say what is tested. */
  readonly from?: number;
}

export interface Inheritance {
  /** Name of what inherits, without its container. */
  readonly symbol: string;
  /** Name of the class, interface, trait or mixin, without type arguments. */
  readonly base: string;
  readonly line: number;
}

export interface CodeRoute {
  /** In capitals; `ANY` where the code does not say. */
  readonly method: string;
  readonly path: string;
  readonly line: number;
  /** Name of what answers. */
  readonly symbol?: string;
}

/** A setting that is read from the environment or from configuration. */
export interface ConfigKey {
  readonly key: string;
  readonly line: number;
}

/** Why a file has no symbols. It can still be found by its words. */
export const UNPARSED_REASONS = ["unknown-language", "binary", "too-large", "minified", "too-slow", "failed"] as const;
export type UnparsedReason = (typeof UNPARSED_REASONS)[number];

export interface ParsedFile {
  readonly path: string;
  /** Name of its folder under engine/code/languages, or of its format; absent where it is not known. */
  readonly language?: string;
  /** In the order in which they begin. */
  readonly symbols: readonly CodeSymbol[];
  readonly imports: readonly CodeImport[];
  readonly calls: readonly CodeCall[];
  readonly inherits: readonly Inheritance[];
  readonly routes: readonly CodeRoute[];
  readonly configKeys: readonly ConfigKey[];
  /** Whether parts of it could not be understood; what could is here. */
  readonly hasErrors: boolean;
  readonly unparsed?: { readonly reason: UnparsedReason; readonly message: string };
}

export interface FileToParse {
  /** Its name says what language it is. */
  readonly path: string;
  readonly text: string;
}

/** What a parsing thread does. */
export interface ParseApi {
  /** One answer a file, in the order given. A file that cannot be parsed says so in its answer. */
  parse(files: readonly FileToParse[]): Promise<readonly ParsedFile[]>;
}
