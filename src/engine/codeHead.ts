/**
 * What a piece of code calls itself: the name of its first definition and the first line of what is said of it. Undefined for text that does not
 * begin with a definition, comments and decorators apart. It is the headline that code has instead of a title.
 */
export function codeHead(content: string): string | undefined {
  const head = content.slice(0, HEAD);
  const definition = DEFINITION.exec(head);
  const name = definition?.groups?.["name"];
  if (definition === null || name === undefined) return undefined;
  const before = head.slice(0, definition.index + (definition.groups?.["indent"]?.length ?? 0));
  if (!ONLY_COMMENTS.test(before)) return undefined;
  const said = DOCSTRING.exec(head.slice(definition.index))?.groups?.["said"] ?? commentBefore(before);
  return said === undefined ? name : `${name} ${said}`;
}

/** Characters in which the definition and its docstring begin. */
const HEAD = 1_200;

/** A function, method, class or type in Python, JavaScript, TypeScript, Go, Rust, Java, C#, Ruby, PHP, Kotlin and the like, on a line of its own. */
const DEFINITION =
  /^(?<indent>[ \t]*)(?:(?:export|default|declare|public|private|protected|internal|static|final|abstract|async|override|pub(?:\([a-z]+\))?|unsafe|const)[ \t]+)*(?:def|class|function\*?|func(?:[ \t]*\([^)\n]*\))?|fn|fun|interface|struct|enum|trait|impl|module|type)[ \t]+(?<name>[A-Za-z_$][\w$]*)(?=[ \t]*(?:[({[<:=;]|$)|[ \t]+(?:extends|implements|struct|interface|where)\b)/mu;
const ONLY_COMMENTS = /^(?:\s*(?:#.*|\/\/.*|\*.*|\/\*.*|@.*|"""[\s\S]*?""")?(?:\n|$))*[ \t]*$/u;
const DOCSTRING = /:\s*\n\s*[rRuUbB]{0,2}(?:"""|\x27\x27\x27)\s*(?<said>[^\n"\x27]{3,200})/u;

function commentBefore(text: string): string | undefined {
  const lines = text
    .split("\n")
    .map((line) => line.replace(/^[\s/*#!]+/u, "").trim())
    .filter((line) => line !== "" && !line.startsWith("@"));
  return lines[0]?.slice(0, 200);
}
