import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { Language, type Node, Parser, Query, type QueryMatch } from "web-tree-sitter";

export type { QueryCapture as Capture, QueryMatch as Match, Node as SyntaxNode } from "web-tree-sitter";

export interface Grammar {
  /** Throws where a pattern is none of this grammar. `of` root: no pattern begins at another node than the root, and little more than that is looked at. */
  query(patterns: string, of?: "root"): CompiledQuery;
  /** undefined when it took longer than `limitMs`. Positions count UTF-16 units. */
  match(text: string, queries: readonly CompiledQuery[], limitMs: number): Matches | undefined;
}

export interface CompiledQuery {
  /** The names of the captures of each pattern. */
  readonly captures: readonly ReadonlySet<string>[];
  /** What was found until it is stopped. */
  matches(root: Node, isStopped: () => boolean): readonly QueryMatch[];
}

export interface Matches {
  /** Of each query. */
  readonly matches: readonly (readonly QueryMatch[])[];
  readonly hasErrors: boolean;
  /** The nodes of the matches are gone after this. */
  release(): void;
}

/** `runtime` is web-tree-sitter.wasm. One for each thread: the library keeps it in a global. */
export async function startTreeSitter(runtime: string): Promise<void> {
  await Parser.init({ locateFile: () => runtime });
}

/** `path`: of a grammar, compressed by Brotli. */
export async function loadGrammar(path: string): Promise<Grammar> {
  return new LoadedGrammar(await Language.load(await promisify(brotliDecompress)(await readFile(path))));
}

class LoadedGrammar implements Grammar {
  readonly #language: Language;
  readonly #parser = new Parser();

  constructor(language: Language) {
    this.#language = language;
    this.#parser.setLanguage(language);
  }

  query(patterns: string, of?: "root"): CompiledQuery {
    const query = new Query(this.#language, patterns);
    const depth = of === "root" ? { maxStartDepth: 0 } : {};
    return {
      captures: query.captureQuantifiers.map(
        (quantifiers) => new Set(query.captureNames.filter((_, index) => quantifiers[index] !== 0)),
      ),
      matches: (root, progressCallback) => query.matches(root, { ...depth, progressCallback }),
    };
  }

  match(text: string, queries: readonly CompiledQuery[], limitMs: number): Matches | undefined {
    const end = performance.now() + limitMs;
    // The library stops at a true one, though its types say that nothing is given back.
    const isLate = (): boolean => performance.now() > end;
    this.#parser.reset();
    const tree = this.#parser.parse(text, null, { progressCallback: isLate });
    if (tree === null) return undefined;
    const matches = queries.map((query) => query.matches(tree.rootNode, isLate));
    if (isLate()) {
      tree.delete();
      return undefined;
    }
    return { matches, hasErrors: tree.rootNode.hasError, release: () => tree.delete() };
  }
}
