/** A local variable whose declaration says its type, where it is declared. */
export interface TypedVariable {
  readonly name: string;
  /** As it is written, without type arguments: `Store`, `shapes.Circle`. Of a pointer what it points to. */
  readonly type: string;
  readonly start: number;
}

/** How a language writes a variable's type, as `name` and `type`. What holds several of a type (`Store[]`) is not of that type. */
const AFTER_NAME = {
  typescript:
    /\b(?:const|let|var)\s+(?<name>[\w$]+)\s*!?:\s*(?:readonly\s+)?(?<type>(?:\w+\.)*[A-Z]\w*)(?:<[^;={}]{0,200}>)?(?:\s*\|\s*(?:undefined|null))*\s*(?:=(?!>)|;|\n)/gu,
  python:
    /^[ \t]+(?<name>\w+)\s*:\s*(?:Optional\[)?["']?(?<type>(?:\w+\.)*[A-Z]\w*)(?:\[[^\]\n]{0,200}\])?["']?\]?(?:\s*\|\s*None)?["']?[ \t]*(?:=|$)/gmu,
  rust: /\blet\s+(?:mut\s+)?(?<name>\w+)\s*:\s*(?:&|'\w+\s|mut\s|(?:Box|Rc|Arc)<)*\s*(?:dyn\s)?(?<type>(?:\w+::)*[A-Z]\w*)(?:<[^;=]{0,200})?>?\s*[=;]/gu,
  go: /\bvar\s+(?<name>\w+)\s+\*?(?<type>(?:\w+\.)?[A-Za-z]\w*)[ \t]*(?:=|;|\n|$)/gu,
};
const BEFORE_NAME = {
  java: /(?<![\w.@])(?<type>(?:\w+\.)*[A-Z]\w*)(?:<[^;(){}=]{0,200}>)?\s+(?<name>[a-z_$]\w*)\s*(?=[=;:](?![=:]))/gu,
  csharp:
    /(?<![\w.@])(?<type>(?:\w+\.)*[A-Z]\w*)(?:<[^;(){}=]{0,200}>)?\??\s+(?<name>[a-z_]\w*)\s*(?=[=;](?![=>])|\sin\b)|\b(?:is|out)\s+(?<matched>(?:\w+\.)*[A-Z]\w*)\s+(?<as>[a-z_]\w*)/gu,
  dart: /(?<![\w.@])(?<type>(?:\w+\.)?[A-Z]\w*)(?:<[^;(){}=]{0,200}>)?\??\s+(?<name>[a-z_]\w*)\s*(?=[=;](?![=>])|\sin\b)/gu,
  cpp: /(?:(?:std::)?(?:unique_ptr|shared_ptr)<(?:const\s+)?(?<matched>(?:\w+::)*[A-Z]\w*)>\s*&?\s*(?<as>[a-z_]\w*)|(?<![\w.>:])(?<type>(?:\w+::)+\w+|[A-Z]\w*)(?:<[^;(){}=]{0,200}>)?(?:\s+const)?(?:\s*[&*]+\s*|\s+)(?<name>[a-z_]\w*))\s*(?=[=;({:](?![=:]))/gu,
};
const DECLARED: Readonly<Record<string, RegExp>> = { ...AFTER_NAME, ...BEFORE_NAME, tsx: AFTER_NAME.typescript };

/** In the order of the text; what is said in strings and comments may be among them. */
export function typedVariables(text: string, language: string): ReadonlyMap<string, readonly TypedVariable[]> {
  const found = new Map<string, TypedVariable[]>();
  const pattern = DECLARED[language];
  if (pattern === undefined) return found;
  for (const { groups = {}, index: start } of text.matchAll(pattern)) {
    const [name, type] = [groups["name"] ?? groups["as"], groups["type"] ?? groups["matched"]];
    if (name === undefined || type === undefined) continue;
    const variable = { name, type, start };
    const known = found.get(name);
    if (known === undefined) found.set(name, [variable]);
    else known.push(variable);
  }
  return found;
}
