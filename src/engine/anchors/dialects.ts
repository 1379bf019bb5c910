/** How the tokens of a file are told from its comments. By rules of our own, not by a grammar: fingerprints outlive every version of one. */
export interface Dialect {
  /** One match a token, a comment or a run of white space; see the named groups. */
  readonly pattern: RegExp;
  /** Whether indentation is part of the code. */
  readonly indented: boolean;
}

const BLOCK = "/\\*[\\s\\S]*?(?:\\*/|$)";
const DOUBLE = '"(?:[^"\\\\\\n]|\\\\[\\s\\S])*"?';
const SINGLE = "'(?:[^'\\\\\\n]|\\\\[\\s\\S])*'?";
/** In Rust a lifetime begins as a character does. */
const CHARACTER = "'(?:[^'\\\\\\n]|\\\\[^\\n]{1,10}?)'";
const BACKTICK = "`(?:[^`\\\\]|\\\\[\\s\\S])*`?";
const TRIPLE = "\"\"\"[\\s\\S]*?(?:\"\"\"|$)|'''[\\s\\S]*?(?:'''|$)";
/** A slash that follows an operator, a bracket or such a word begins a regular expression of JavaScript. */
const EXPRESSION =
  "/(?![*/])(?<=(?:^|[(,=:;!&|?{}\\[+\\-*%>~^]\\s*|\\b(?:return|typeof|case)\\s+)/)(?:[^/\\\\\\[\\n]|\\\\.|\\[(?:[^\\]\\\\\\n]|\\\\.)*\\])+/[a-z]*";

const LINE_SLASHES = "//[^\\n]*";
const LINE_HASH = "#[^\\n]*";
const LINE_DASHES = "--[^\\n]*";
const MARKUP = "<!--[\\s\\S]*?(?:-->|$)";

function dialect(comments: readonly string[], strings: readonly string[], indented = false): Dialect {
  const skipped = ["\\s+", ...comments].join("|");
  const literals = strings.length === 0 ? "" : `${strings.join("|")}|`;
  return { pattern: new RegExp(`(?<skipped>${skipped})|${literals}[\\p{L}\\p{N}_$]+|[\\s\\S]`, "guy"), indented };
}

const C_LIKE = dialect([LINE_SLASHES, BLOCK], [DOUBLE, SINGLE]);
const SCRIPT = dialect([LINE_SLASHES, BLOCK], [EXPRESSION, DOUBLE, SINGLE, BACKTICK]);
const GO = dialect([LINE_SLASHES, BLOCK], [DOUBLE, SINGLE, "`[^`]*`?"]);
const RUST = dialect([LINE_SLASHES, BLOCK], [DOUBLE, CHARACTER]);
const PYTHON = dialect([LINE_HASH], [TRIPLE, DOUBLE, SINGLE], true);
const HASHED = dialect([LINE_HASH], [DOUBLE, SINGLE]);
const YAML = dialect(["(?<=^|\\s)#[^\\n]*"], [DOUBLE, SINGLE], true);
/** A number sign inside of a word is none of a comment there. */
const SHELL = dialect(["(?<=^|[\\s;(])#[^\\n]*"], [DOUBLE, SINGLE]);
const PHP = dialect([LINE_SLASHES, BLOCK, "#(?!\\[)[^\\n]*"], [DOUBLE, SINGLE]);
const QUERY = dialect([LINE_DASHES, BLOCK], [DOUBLE, SINGLE]);
const LUA = dialect(["--\\[\\[[\\s\\S]*?(?:\\]\\]|$)", LINE_DASHES], [DOUBLE, SINGLE]);
const STYLE = dialect([BLOCK], [DOUBLE, SINGLE]);
const MARKED_UP = dialect([MARKUP], []);
/** Of what is not known nothing is taken for a comment: words and signs, white space apart. */
const PLAIN = dialect([], []);

const BY_EXTENSION: ReadonlyMap<string, Dialect> = new Map(
  (
    [
      [SCRIPT, "ts tsx mts cts js jsx mjs cjs"],
      [C_LIKE, "c h cc cpp cxx hpp hh java kt kts cs swift scala dart groovy gradle proto m mm"],
      [GO, "go"],
      [RUST, "rs"],
      [PYTHON, "py pyi"],
      [HASHED, "rb toml pl r ex exs nix tf"],
      [SHELL, "sh bash zsh"],
      [YAML, "yaml yml"],
      [PHP, "php"],
      [QUERY, "sql hs elm"],
      [LUA, "lua"],
      [STYLE, "css scss less"],
      [MARKED_UP, "html htm xml svg vue svelte"],
    ] as const
  ).flatMap(([known, names]) => names.split(" ").map((name) => [name, known] as const)),
);

/** By the extension of a path. */
export function dialectOf(path: string): Dialect {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return BY_EXTENSION.get(name.slice(name.lastIndexOf(".") + 1).toLowerCase()) ?? PLAIN;
}
