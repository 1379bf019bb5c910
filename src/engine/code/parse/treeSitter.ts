import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { Language, Parser, Query, type QueryMatch } from "web-tree-sitter";

export type { QueryCapture as Capture, QueryMatch as Match, Node as SyntaxNode } from "web-tree-sitter";

/** A grammar with the query that is asked of every file in it. */
export interface Grammar {
  /** The names of the captures of each pattern. */
  readonly captures: readonly ReadonlySet<string>[];
  /** undefined when it took longer than `limitMs`. Positions count UTF-16 units. */
  match(text: string, limitMs: number): Matches | undefined;
}

export interface Matches {
  readonly matches: readonly QueryMatch[];
  readonly hasErrors: boolean;
  /** The nodes of the matches are gone after this. */
  release(): void;
}

/** `runtime` is web-tree-sitter.wasm. One for each thread: the library keeps it in a global. */
export async function startTreeSitter(runtime: string): Promise<void> {
  await Parser.init({ locateFile: () => runtime });
}

/** `path`: of a grammar, compressed by Brotli. `query`: its patterns. */
export async function loadGrammar(path: string, query: string): Promise<Grammar> {
  const language = await Language.load(await promisify(brotliDecompress)(await readFile(path)));
  return new LoadedGrammar(language, new Query(language, query));
}

class LoadedGrammar implements Grammar {
  readonly captures: readonly ReadonlySet<string>[];
  readonly #parser = new Parser();
  readonly #query: Query;

  constructor(language: Language, query: Query) {
    this.#parser.setLanguage(language);
    this.#query = query;
    this.captures = query.captureQuantifiers.map(
      (quantifiers) => new Set(query.captureNames.filter((_, index) => quantifiers[index] !== 0)),
    );
  }

  match(text: string, limitMs: number): Matches | undefined {
    const end = performance.now() + limitMs;
    // The library stops at a true one, though its types say that nothing is given back.
    const progressCallback = (): boolean => performance.now() > end;
    this.#parser.reset();
    const tree = this.#parser.parse(text, null, { progressCallback });
    if (tree === null) return undefined;
    const matches = this.#query.matches(tree.rootNode, { progressCallback });
    if (progressCallback()) {
      tree.delete();
      return undefined;
    }
    return { matches, hasErrors: tree.rootNode.hasError, release: () => tree.delete() };
  }
}
