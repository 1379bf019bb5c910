import { oneLine, type Pair, plain, wordsOfName } from "./pair.ts";
import type { Questioner } from "./questioner.ts";

interface PythonFunction {
  readonly name: string;
  readonly signature: string;
  readonly documentation: string;
  readonly body: string;
}

const LONGEST_BODY_LINES = 30;
const LONGEST_SIGNATURE_LINES = 12;
const SHORTEST_DESCRIPTION = 15;

/** Documentation, name and body of every documented function and class, and questions as one types them into a search engine. */
export function pythonPairs(path: string, text: string, questioner: Questioner): Pair[] {
  const pairs: Pair[] = [];
  const file = path.slice(path.lastIndexOf("/") + 1, -3);
  for (const { name, signature, documentation, body } of pythonFunctions(text)) {
    const description = describe(documentation);
    const code = codeOf(signature, body);
    const words = wordsOfName(name);
    const telling = !name.startsWith("__") && words.includes(" ");
    if (description.length >= SHORTEST_DESCRIPTION) {
      pairs.push({ kind: "doc-code", left: description, right: code });
      if (!name.startsWith("__")) pairs.push({ kind: "name-doc", left: `${words} ${file}`, right: description });
      const question = questioner.fromDescription(description);
      const whole = oneLine(`${signature} """${description}""" ${body}`, 900);
      if (question !== undefined && body !== "")
        pairs.push({ kind: "question-code", left: question, right: questioner.chance(0.5) ? whole : code });
    }
    if (telling && body.length > 40) {
      pairs.push({ kind: "name-body", left: words, right: oneLine(body, 700) });
      if (questioner.chance(0.5))
        pairs.push({
          kind: "question-code",
          left: questioner.fromWords(words),
          right: questioner.chance(0.5) ? code : oneLine(body, 700),
        });
    }
  }
  return pairs;
}

/** Documentation and code alone. */
export const pythonFunctionPairs = (text: string): Pair[] =>
  [...pythonFunctions(text)].flatMap(({ signature, documentation, body }) => {
    const left = describe(documentation);
    return left.length < SHORTEST_DESCRIPTION ? [] : [{ kind: "doc-code", left, right: codeOf(signature, body) }];
  });

/** Of every function in a text: its description, and what of its code becomes a side of a pair. */
export const functionTexts = (text: string): string[] =>
  [...pythonFunctions(text)].flatMap(({ signature, documentation, body }) => [
    describe(documentation),
    `${signature} ${body}`,
    body,
  ]);

const codeOf = (signature: string, body: string): string => oneLine(`${signature} ${body}`, 800);

/** The first paragraphs of a docstring, before its parameters and examples. */
const describe = (documentation: string): string =>
  oneLine(
    plain(
      documentation.split(
        /\n\s*(?:Parameters|Args|Arguments|Returns?|Raises|Examples?|Notes|See Also|:\w+|@\w+|>>>|\.\. )/u,
      )[0] ?? "",
    ),
    500,
  );

function* pythonFunctions(text: string): Generator<PythonFunction> {
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const [, indent = "", name = ""] = /^(\s*)(?:async\s+)?(?:def|class)\s+(\w+)/u.exec(lines[at] ?? "") ?? [];
    if (name === "") continue;
    const end = endOfSignature(lines, at);
    if (end === undefined) continue;
    const { documentation, next } = docstring(lines, end + 1);
    yield {
      name,
      signature: lines.slice(at, end + 1).join("\n"),
      documentation,
      body: bodyFrom(lines, next, indent.length),
    };
  }
}

function endOfSignature(lines: readonly string[], from: number): number | undefined {
  for (let at = from; at < Math.min(lines.length, from + LONGEST_SIGNATURE_LINES); at++)
    if (/:\s*(?:#.*)?$/u.test(lines[at] ?? "")) return at;
  return undefined;
}

/** The docstring that begins at a line, and the line after it. */
function docstring(lines: readonly string[], from: number): { readonly documentation: string; readonly next: number } {
  const opened = /^\s*[rRuU]{0,2}("""|''')(.*)$/u.exec(lines[from] ?? "");
  if (opened === null) return { documentation: "", next: from };
  const [, quotes = "", first = ""] = opened;
  if (first.includes(quotes)) return { documentation: first.slice(0, first.indexOf(quotes)), next: from + 1 };
  const end = lines.findIndex((line, at) => at > from && line.includes(quotes));
  if (end < 0) return { documentation: "", next: from };
  const last = lines[end] ?? "";
  return {
    documentation: [first, ...lines.slice(from + 1, end), last.slice(0, last.indexOf(quotes))].join("\n"),
    next: end + 1,
  };
}

/** Lines that are further in than the signature, up to the next function in them. */
function bodyFrom(lines: readonly string[], from: number, indent: number): string {
  const body: string[] = [];
  for (const line of lines.slice(from, from + LONGEST_BODY_LINES)) {
    if (line.trim() !== "" && line.length - line.trimStart().length <= indent) break;
    if (/^\s*(?:(?:async\s+)?def|class)\s/u.test(line) && body.length > 8) break;
    body.push(line);
  }
  return body.join("\n").trim();
}
