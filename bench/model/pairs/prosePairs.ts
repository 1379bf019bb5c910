import { cutSentence, oneLine, type Pair, plain } from "./pair.ts";

interface Section {
  readonly headings: readonly string[];
  readonly body: string;
}

/** Headings with their sections, first sentences with the rest, and paragraphs that follow each other, of Markdown and reStructuredText. */
export function prosePairs(path: string, text: string): Pair[] {
  const pairs: Pair[] = [];
  for (const { headings, body } of /\.(?:rst|txt)$/u.test(path) ? structuredSections(text) : markdownSections(text)) {
    const whole = oneLine(plain(shortened(body)), 1000);
    const heading = headings.at(-1);
    if (heading !== undefined && whole.length >= 60) {
      pairs.push({ kind: "heading-section", left: oneLine(headings.slice(-2).join(" "), 160), right: whole });
      if (headings.length > 1 && heading.length >= 12)
        pairs.push({ kind: "heading-section", left: heading, right: whole });
    }
    pairs.push(...paragraphPairs(body));
  }
  return pairs;
}

function paragraphPairs(body: string): Pair[] {
  const paragraphs = body
    .replace(/```[\s\S]*?```/gu, "\n\n")
    .split(/\n\s*\n/u)
    .map((paragraph) => oneLine(plain(paragraph), 900))
    .filter((paragraph) => paragraph.length >= 60 && isProse(paragraph));
  return paragraphs.flatMap((paragraph, at) => {
    const [first, rest] = cutSentence(paragraph);
    const next = paragraphs[at + 1];
    return [
      ...(first.length >= 25 && rest.length >= 60 ? [{ kind: "sentence-rest", left: first, right: rest }] : []),
      ...(next === undefined
        ? []
        : [{ kind: "next-paragraph", left: paragraph.slice(0, 500), right: next.slice(0, 500) }]),
    ];
  });
}

/** Mostly letters: no table, no code. */
function isProse(text: string): boolean {
  return (text.match(/[A-Za-z ]/gu)?.length ?? 0) > 0.7 * text.length;
}

/** Of code between fences the first six lines. */
const shortened = (body: string): string =>
  body.replace(/```([\s\S]*?)```/gu, (_, code: string) => code.split("\n").slice(0, 7).join("\n"));

function markdownSections(text: string): Section[] {
  const front = /^(---|\+\+\+)\n([\s\S]*?)\n\1\n/u.exec(text);
  const title = /^title\s*[:=]\s*["']?(.*?)["']?\s*$/mu.exec(front?.[2] ?? "")?.[1];
  const sections = new Sections(title);
  let fenced = false;
  for (const line of text.slice(front?.[0].length ?? 0).split("\n")) {
    if (/^\s*(?:```|~~~)/u.test(line)) fenced = !fenced;
    const [, marks = "", heading = ""] = fenced ? [] : (/^(#{1,6})\s+(.*?)\s*#*$/u.exec(line) ?? []);
    if (marks === "") sections.add(line);
    else sections.open(marks.length, oneLine(plain(heading.replace(/\{[^}]*\}/gu, ""))));
  }
  return sections.close();
}

function structuredSections(text: string): Section[] {
  const sections = new Sections(undefined);
  const marks: string[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const mark = /^([=\-~^"'#*+`:.])\1{2,}\s*$/u.exec(lines[at + 1] ?? "")?.[1];
    if (mark === undefined || line.trim() === "" || line.startsWith(" ") || line.startsWith("..")) {
      if (!/^\.\. [\w-]+::|^([=\-~^"'#*+`:.])\1{2,}\s*$/u.test(line)) sections.add(line);
      continue;
    }
    if (!marks.includes(mark)) marks.push(mark);
    sections.open(marks.indexOf(mark) + 1, oneLine(plain(line)));
    at++;
  }
  return sections.close();
}

/** Sections as they are met, each under its headings. */
class Sections {
  readonly #sections: Section[] = [];
  #headings: { readonly level: number; readonly heading: string }[];
  #lines: string[] = [];

  constructor(title: string | undefined) {
    this.#headings = title === undefined ? [] : [{ level: 0, heading: title }];
  }

  add(line: string): void {
    this.#lines.push(line);
  }

  open(level: number, heading: string): void {
    this.close();
    this.#headings = [...this.#headings.filter((above) => above.level < level), { level, heading }];
  }

  close(): Section[] {
    const body = this.#lines.join("\n").trim();
    if (body !== "") this.#sections.push({ headings: this.#headings.map(({ heading }) => heading), body });
    this.#lines = [];
    return this.#sections;
  }
}
