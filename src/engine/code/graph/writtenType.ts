/** How something of this name is declared: what says the type of the value. */
export function typeIn(signature: string, name: string, language: string | undefined): string | undefined {
  // Most names that are asked for are not in the signature at all.
  if (!signature.includes(name)) return undefined;
  for (const pattern of patternsFor(name, language)) {
    const type = pattern.exec(signature)?.[1];
    if (type !== undefined) return type;
  }
  return undefined;
}

/** Patterns that were made last. */
const known = new Map<string, readonly RegExp[]>();
const MOST_KNOWN = 500;

function patternsFor(name: string, language: string | undefined): readonly RegExp[] {
  const key = `${language} ${name}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const made = makePatterns(name, language);
  known.set(key, made);
  return made;
}

function makePatterns(name: string, language: string | undefined): readonly RegExp[] {
  const one = escaped(name);
  // What holds one of its kind, or may hold one, is left out: `Promise<Store>`, `Option<&Store>`, `"Store | None"`.
  const wrapped = `(?:["'&*?]|mut |dyn |impl |readonly |'\\w+ |(?:Readonly|Promise|Option|Optional|Box|Arc|Rc|Ref|RefCell|Mutex|Partial)[<[])*`;
  const after = new RegExp(`(?<![\\w.])#?${one}[?!]?\\s*:\\s*${wrapped}([A-Za-z_][\\w.:]*)`, "u");
  const made = new RegExp(
    `(?<![\\w])${one}(?:\\s*:[^=]*)?\\s*:?=\\s*(?:await\\s+)?&?(?:new\\s+)?((?:\\w+(?:\\.|::))*[A-Z]\\w*)(?:::\\w+)?\\s*(?:<[^(]*>)?[({]`,
    "u",
  );
  const before = new RegExp(
    `(?<![\\w.])((?:\\w+\\.)*[A-Z][\\w.]*)(?:<[^()]*>)?[?]?\\s*[&*]*\\s+[&*$]*${one}(?!\\w)`,
    "u",
  );
  // Of a pointer what it points to; what is of a namespace of small letters is of that.
  const pointed = new RegExp(
    `(?<![\\w])(?:unique_ptr|shared_ptr|weak_ptr|optional|reference_wrapper)<\\s*(?:const\\s+)?((?:\\w+::)*[A-Z]\\w*)[^;(]*?>\\s*[&*]*\\s*${one}(?!\\w)`,
    "u",
  );
  const named = new RegExp(`(?<![\\w.])((?:\\w+::)+\\w+)(?:<[^()]*>)?\\s*[&*]*\\s+[&*]*${one}(?!\\w)`, "u");
  const behind = new RegExp(`(?<![\\w.])${one}(?:,\\s*\\w+)*\\s+\\*?((?:\\w+\\.)?[A-Za-z]\\w*)`, "u");
  if (language === "go") return [made, behind];
  if (language === "cpp") return [after, made, pointed, named, before];
  return [after, made, ...(BEFORE.has(language) ? [before] : [])];
}

/** The type of what a function gives, as it is written. */
export function returnType(signature: string, name: string, language: string | undefined): string | undefined {
  const at = new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`, "u").exec(signature)?.index;
  if (at === undefined) return undefined;
  // A constructor that has a name: `Cart.empty()`.
  const made = language === "dart" ? /(?:^|\s)([A-Z]\w*)\.$/u.exec(signature.slice(0, at))?.[1] : undefined;
  if (made !== undefined) return made;
  if (BEFORE.has(language) && language !== "php")
    return /([A-Z][\w.]*)(?:<[^()]*>)?[?&* ]+$/u.exec(signature.slice(0, at))?.[1];
  const rest = behindBrackets(signature, signature.indexOf("(", at));
  if (language === "go") return /^\s*\(?\*?((?:\w+\.)?[A-Za-z]\w*)/u.exec(rest)?.[1];
  return /^\s*(?:->|:)\s*(?:["'&*?(]|mut |dyn |impl |'\w+ |(?:Promise|Option|Optional|Result|Box|Arc|Rc|Awaitable|Readonly)[<[])*([A-Za-z_][\w.:]*)/u.exec(
    rest,
  )?.[1];
}

function behindBrackets(text: string, open: number): string {
  let depth = 0;
  for (let at = Math.max(0, open); at < text.length; at++) {
    if (text[at] === "(") depth += 1;
    else if (text[at] === ")" && --depth === 0) return text.slice(at + 1);
  }
  return "";
}

/** Languages that write a type before what is of it. */
const BEFORE: ReadonlySet<string | undefined> = new Set(["java", "csharp", "c", "cpp", "dart", "php"]);

export const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/gu, "\\$&");
