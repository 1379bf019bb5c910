import { oneLine, type Pair, plain, wordsOfName } from "./pair.ts";

const MOST_INLINE = 40;
const NO_DESCRIPTION = /eslint|copyright|licen[cs]e|ts-ignore|prettier|noqa|https?:|[;{}]$/iu;
const NAMED =
  /(?:function|class|interface|type|enum|struct|trait|const|let|fn|func|get|set|async|static|readonly|def)\s*\*?\s*(?:\([^)]*\)\s*)?([A-Za-z_$][\w$]{3,})/u;

/** Documentation comments of JavaScript, TypeScript, Rust and Go, and comments inside of code in any language, each with the code below. */
export function commentPairs(path: string, text: string): Pair[] {
  const lines = text.split("\n");
  const pairs: Pair[] = [];
  const file = wordsOfName(path.slice(path.lastIndexOf("/") + 1).split(".")[0] ?? "");
  const mark = path.endsWith(".py") ? "#" : "//";
  let inline = 0;
  for (let at = 0; at < lines.length;) {
    const block = documentationBlock(lines, at) ?? lineComments(lines, at, mark);
    if (block === undefined) {
      at++;
      continue;
    }
    at = block.next;
    const description = oneLine(plain(block.comment), 500);
    if (NO_DESCRIPTION.test(description)) continue;
    const code = oneLine(codeFrom(lines, at, block.documentation ? 22 : 9), block.documentation ? 700 : 450);
    if (block.documentation) {
      if (description.length < 20 || code.length < 12) continue;
      pairs.push({ kind: "doc-code", left: description, right: code });
      const name = NAMED.exec(code)?.[1];
      if (name !== undefined)
        pairs.push({ kind: "name-doc", left: `${wordsOfName(name)} ${file}`, right: description });
    } else if (description.split(" ").length >= 5 && code.length > 30 && inline++ < MOST_INLINE)
      pairs.push({ kind: "comment-code", left: description, right: code });
  }
  return pairs;
}

interface Block {
  readonly comment: string;
  readonly documentation: boolean;
  readonly next: number;
}

function documentationBlock(lines: readonly string[], from: number): Block | undefined {
  if (!/^\s*\/\*\*/u.test(lines[from] ?? "")) return undefined;
  const end = lines.findIndex((line, at) => at >= from && line.includes("*/"));
  if (end < 0 || end - from > 60) return undefined;
  const body = lines.slice(from, end + 1).map((line) => line.replace(/^\s*\/?\*+\/?\s?|\*\/\s*$/gu, ""));
  const comment = body.join("\n").split(/^\s*@/mu)[0] ?? "";
  return { comment, documentation: true, next: end + 1 };
}

/** `///` of Rust, and what stands in Go at the left margin, documents; other line comments explain the lines below. */
function lineComments(lines: readonly string[], from: number, mark: string): Block | undefined {
  const comments = (at: number): boolean => (lines[at] ?? "").trimStart().startsWith(mark);
  if (!comments(from)) return undefined;
  let next = from;
  while (next < lines.length && comments(next)) next++;
  const first = (lines[from] ?? "").trimStart();
  const documentation = mark === "//" && (first.startsWith("///") || /^func|^type/u.test(lines[next] ?? ""));
  const comment = lines
    .slice(from, next)
    .map((line) => line.trim().replace(/^(?:\/\/[/!]?|#)\s?/u, ""))
    .join("\n");
  return { comment: comment.split(/```|# Example/u)[0] ?? "", documentation, next };
}

function codeFrom(lines: readonly string[], from: number, longest: number): string {
  const code: string[] = [];
  for (const line of lines.slice(from, from + longest)) {
    if (/^\s*(?:\/\*\*|\/\/\/)/u.test(line)) break;
    if (!/^\s*(?:\/\/|#\[)/u.test(line)) code.push(line);
  }
  return code.join("\n");
}
