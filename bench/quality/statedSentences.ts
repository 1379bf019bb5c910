/** A sentence of prose, 5 to 40 words. */
const [FEWEST_WORDS, MOST_WORDS] = [5, 40];
const CAPITAL = /^["'`*_([]*[\p{Lu}`]/u;

export const DOCUMENT = /\.(?:mdx?|rst)$/iu;
export const CODE = /\.(?:py|[cm]?[jt]sx?|rs|go)$/u;
/** What lists changes says what was, and tests say anything. */
export const LEFT_OUT = /change|history|release|news|tests?\/|__tests__|fixtures|vendor|node_modules|dist\/|locale/iu;

/** Sentences of prose by the section that they stand in: under a heading of a document, or in one doc comment of code. */
export function statedSentences(path: string, text: string): readonly (readonly string[])[] {
  const sections = DOCUMENT.test(path) ? documentSections(text) : docComments(path, text);
  return sections.map(sentencesOf).filter((sentences) => sentences.length > 0);
}

function documentSections(text: string): readonly string[] {
  const prose = text
    .replaceAll("\r\n", "\n")
    .replace(/^---\n.*?\n---\n/su, "")
    .replaceAll(/^([ \t]*)(```|~~~).*?^\1\2[^\n]*$/gmsu, "\n")
    .replaceAll(/::[ \t]*\n(?:[ \t]*\n)+(?:[ \t]+[^\n]*\n|[ \t]*\n)+/gu, ":\n\n")
    .replaceAll(/^[ \t]*(?:\.\. |\||import |export |\{%|<!--).*$/gmu, "");
  return prose.split(/^#{1,6} .*$|^[^\n]+\n[=\-~^"'`*]{4,}$/gmu);
}

function docComments(path: string, text: string): readonly string[] {
  const pattern = path.endsWith(".py")
    ? /("""|''').*?\1/gsu
    : /\.(?:rs|go)$/u.test(path)
      ? /(?:^[ \t]*\/\/[^\n]*\n)+/gmu
      : /\/\*\*.*?\*\//gsu;
  return [...text.matchAll(pattern)].map(([comment]) =>
    comment
      .replaceAll(/^[ \t]*(?:\/{2,3}!?|\/\*\*|\*\/|\*)[ \t]?/gmu, "")
      .replaceAll(/"""|'''|\*\/$/gu, "")
      .replaceAll(/```.*?(?:```|$)/gsu, "\n"),
  );
}

function sentencesOf(section: string): readonly string[] {
  return section
    .replaceAll(/<[^>\n]+>/gu, "")
    .replaceAll(/!?\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])/gu, "$1")
    .replaceAll(/:\w+:`~?([^`<]+?)(?: <[^`]*)?`_{0,2}/gu, "`$1`")
    .split(/\n[ \t]*\n|\n(?=[ \t]*(?:[-*+>]|\d+\.|:\w|@\w|>>>)\s?)/u)
    .flatMap((block) =>
      block
        .replaceAll(/\s+/gu, " ")
        .trim()
        .replace(/^(?:[-*+>]|\d+\.) /u, "")
        .split(/(?<=[.!?][)"'`]?) (?=["'`*_([]*[\p{Lu}`])/u),
    )
    .filter((sentence) => {
      const words = sentence.split(" ").length;
      return words >= FEWEST_WORDS && words <= MOST_WORDS && CAPITAL.test(sentence) && /[.!?][)"'`]?$/u.test(sentence);
    });
}
