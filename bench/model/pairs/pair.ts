/** Two texts that mean the same, or of which one answers the other. */
export interface Pair {
  /** A batch draws runs of one kind and source, so that what is told apart is of one sort. */
  readonly kind: string;
  readonly left: string;
  readonly right: string;
}

const LONGEST = 1500;

/** One line without runs of white space, cut at `longest` characters. */
export const oneLine = (text: string, longest = LONGEST): string => text.replace(/\s+/gu, " ").trim().slice(0, longest);

/** Prose without the marks of Markdown, reStructuredText and HTML. */
export function plain(markup: string): string {
  return markup
    .replace(/<!--[\s\S]*?-->/gu, " ")
    .replace(/!\[[^\]]*\]\([^)]*\)/gu, " ")
    .replace(/\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/gu, "$1")
    .replace(/:[a-z:]+:`~?\.?([^`<]*)(?:<[^>]*>)?`/gu, "$1")
    .replace(/\{@link\s+([^}]*)\}/gu, "$1")
    .replace(/https?:\/\/\S+/gu, " ")
    .replace(/<\/?[a-zA-Z][^>\n]{0,200}>/gu, " ")
    .replace(/[*_`|>#~]{1,80}/gu, " ");
}

/** The first sentence and the rest. */
export function cutSentence(text: string): readonly [string, string] {
  const at = text.search(/(?<=[.!?])\s+(?=[A-Z])/u);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at).trim()];
}

/** `parseHttpResponse` and `parse_http_response` as `parse http response`. */
export const wordsOfName = (name: string): string =>
  (name.match(/[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+/gu) ?? []).join(" ").toLowerCase();
