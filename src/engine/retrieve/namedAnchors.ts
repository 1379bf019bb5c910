import type { Anchor } from "../../contract/memory.ts";

/** Paths, file names and symbols that a query spells out, as opposed to words that only resemble them. */
export interface NamedCode {
  /** Lower case, forward slashes. */
  readonly paths: readonly string[];
  readonly symbols: readonly string[];
}

const PATH = /[\w@.+-]+(?:[/\\][\w@.+-]+)+|[\w-]+(?:\.[\w-]+)*\.[a-z]\w{0,7}\b/giu;
const SYMBOL = /[A-Za-z_$][\w$]*(?:(?:\.|::|#)[A-Za-z_$][\w$]*)*/gu;
/** A word is taken for a symbol when it is written like one: camelCase, snake_case, or with a qualifier. */
const SYMBOL_LIKE = /[a-z\d][A-Z]|\w_\w|\w(?:\.|::|#)\w/u;

export function namedCode(query: string): NamedCode | undefined {
  const paths = (query.match(PATH) ?? []).map((path) => path.replaceAll("\\", "/").toLowerCase());
  const symbols = (query.match(SYMBOL) ?? []).filter((word) => SYMBOL_LIKE.test(word)).map(lastName);
  return paths.length === 0 && symbols.length === 0 ? undefined : { paths, symbols };
}

/** The first of the anchors that the query names. */
export function namedAnchor(named: NamedCode, anchors: readonly Anchor[]): Anchor | undefined {
  return anchors.find((anchor) => {
    const path = anchor.path.toLowerCase();
    if (named.paths.some((name) => path === name || path.endsWith(`/${name}`))) return true;
    return anchor.symbol !== undefined && named.symbols.includes(lastName(anchor.symbol));
  });
}

const lastName = (symbol: string): string => symbol.split(/\.|::|#/u).at(-1) ?? symbol;
