/** A line of a stack trace, or of what a compiler, linter or test runner prints, by which it names a place in a file. */
export interface TraceFormat {
  readonly name: string;
  /** Groups: `file`; `line`, `column` and `symbol` where the format has them. */
  readonly line: RegExp;
  /** What the line before has to look like; its group `symbol` names the function, its group `file` the file where `line` has none. */
  readonly before?: RegExp;
  /** Python tells the innermost frame last, everybody else first. */
  readonly innermost: "first" | "last";
  /** `frame`: where a program was; `report`: what a tool complains of; `place`: merely a place, as people write it. */
  readonly kind: "frame" | "report" | "place";
  /** The line says what went wrong too, beside the place. */
  readonly saysMore?: true;
}

const EXTENSION =
  "(?:[cm]?[jt]sx?|vue|svelte|astro|py|pyi|go|rs|java|kts?|scala|groovy|cs|fs|vb|razor|rb|erb|php|phtml|dart|swift|cc?|cpp|cxx|hh?|hpp|hxx|mm?|sh|bash|ex|exs|erl|lua|pl|pm)";
/** A path without spaces that ends in an extension of code; it may have a drive letter or the scheme of a URL. */
const FILE = String.raw`(?<file>(?:[\w.+-]+:\/\/|[A-Za-z]:[\\/])?[^\s:()'"\u0060<>|,]*?\.${EXTENSION}(?:\?[^\s:()]*)?)`;
const at = String.raw`:(?<line>\d+)(?::(?<column>\d+))?`;
const of = (pattern: string): RegExp => new RegExp(pattern, "u");

/**
 * Tried in this order, the first that fits takes the line. Each speaks of lines as they are printed by: V8 (https://v8.dev/docs/stack-trace-api),
 * SpiderMonkey and JavaScriptCore, CPython, the JVM, the Go and Rust runtimes, .NET, CRuby, PHP, the Dart VM and package:stack_trace, gcc and clang, tsc,
 * MSBuild, eslint, pytest, rustc.
 */
export const TRACE_FORMATS: readonly TraceFormat[] = [
  {
    name: "python",
    line: of(String.raw`^\s*File "(?<file>[^"\n]+)", line (?<line>\d+)(?:, in (?<symbol>\S+))?`),
    innermost: "last",
    kind: "frame",
  },
  {
    name: "rust",
    line: of(String.raw`\bpanicked at (?:'.*', )?(?<file>[^\s':]+\.rs):(?<line>\d+):(?<column>\d+)`),
    innermost: "first",
    kind: "frame",
    saysMore: true,
  },
  {
    name: "rust",
    line: of(String.raw`^\s+at (?<file>\S+\.rs):(?<line>\d+)(?::(?<column>\d+))?\s*$`),
    before: of(String.raw`^\s*\d+:\s+(?:0x[0-9a-f]+ - )?(?<symbol>\S.*?)\s*$`),
    innermost: "first",
    kind: "frame",
  },
  {
    name: "csharp",
    line: of(String.raw`^\s*at (?<symbol>[^\s(]+(?:\[[^\]]*\])?)\(.*\) in (?<file>.+):line (?<line>\d+)\s*$`),
    innermost: "first",
    kind: "frame",
  },
  {
    name: "jvm",
    line: of(
      String.raw`^\s*at (?:[\w.-]*\/{1,2})?(?:[\w.-]+@[\w.]+\/)?(?<symbol>[\w$.<>]+)\((?:(?<file>[\w$.-]+\.(?:java|kts?|scala|groovy))(?::(?<line>\d+))?|Native Method|Unknown Source)\)`,
    ),
    innermost: "first",
    kind: "frame",
  },
  {
    name: "csharp",
    line: of(String.raw`^\s*at (?<symbol>[\w.<>\u0060$|]+(?:\[[^\]]*\])?)\([^)\d]*\)\s*$`),
    innermost: "first",
    kind: "frame",
  },
  {
    name: "v8",
    line: of(
      String.raw`^\s*at (?:(?:async )?(?<symbol>(?:new )?[^\s(]+(?: \[as [^\]]+\])?(?: [^\s(]+)?) \()?(?:async )?(?:eval at [^(]+\()?(?<file>(?:node:|file:|https?:|webpack[\w-]*:|[A-Za-z]:[\\/]|[./@\w(])[^\n]*?):(?<line>\d+):(?<column>\d+)\)*`,
    ),
    innermost: "first",
    kind: "frame",
  },
  {
    name: "v8",
    line: of(String.raw`^\s*at (?<symbol>(?:async )?[\w$.<>]+(?: \[as [^\]]+\])?) \((?<file><anonymous>|native)\)`),
    innermost: "first",
    kind: "frame",
  },
  {
    name: "firefox",
    line: of(
      String.raw`^\s*(?<symbol>[\w$./<>[\]*\u0020-]*?)@(?<file>(?:[\w-]+:)?\/\S*?):(?<line>\d+):(?<column>\d+)\s*$`,
    ),
    innermost: "first",
    kind: "frame",
  },
  {
    name: "php",
    line: of(String.raw`^\s*#\d+ (?<file>[^\n(]+\.\w+)\((?<line>\d+)\): (?<symbol>[^\s(]+)?`),
    innermost: "first",
    kind: "frame",
  },
  {
    name: "php",
    line: of(String.raw`\bin (?<file>(?:[A-Za-z]:[\\/])?[^\s:]+\.(?:php|phtml|inc))(?: on line |:)(?<line>\d+)`),
    innermost: "first",
    kind: "frame",
    saysMore: true,
  },
  {
    name: "dart",
    line: of(
      String.raw`^\s*#\d+\s+(?<symbol>\S.*?)\s+\((?<file>(?:package|dart|file|org-dartlang-app|https?):[^)\s]*?)(?::(?<line>\d+))?(?::(?<column>\d+))?\)`,
    ),
    innermost: "first",
    kind: "frame",
  },
  {
    name: "dart",
    line: of(String.raw`^\s*(?<file>(?:package|dart):\S+|\S+\.dart) (?<line>\d+):(?<column>\d+)\s+(?<symbol>\S.*)$`),
    innermost: "first",
    kind: "frame",
  },
  {
    name: "gdb",
    line: of(
      String.raw`^\s*#\d+\s+(?:0x[0-9a-f]+ in )?(?<symbol>[^\s(]+)(?:\([^)]*\))? (?:\(.*\) at )?${FILE}${at}\s*$`,
    ),
    innermost: "first",
    kind: "frame",
  },
  {
    name: "ruby",
    line: of(
      String.raw`^\s*(?:\d+: )?(?:from )?(?<file>[^\s:][^\n:]*?(?:\.rb|\.rake|\.erb|\.ru|/bin/[\w-]+|[Rr]akefile|[Gg]emfile)|<internal:[^>]+>):(?<line>\d+):in [\u0060'](?<symbol>[^'\u0060]+)'`,
    ),
    innermost: "first",
    kind: "frame",
  },
  {
    name: "rustc",
    line: of(String.raw`^\s*(?:-->|:::) (?<file>[^\s:]+\.\w+):(?<line>\d+):(?<column>\d+)`),
    innermost: "first",
    kind: "report",
  },
  {
    name: "go",
    line: of(String.raw`^\s+(?<file>(?:[A-Za-z]:)?[^\s:]+\.(?:go|s)):(?<line>\d+)(?: \+0x[0-9a-f]+)?\s*$`),
    before: of(String.raw`^\s*(?:created by )?(?<symbol>[\w./$*()@~[\]-]+?)(?:\([^()]*\)| in goroutine \d+)?\s*$`),
    innermost: "first",
    kind: "frame",
  },
  {
    name: "tsc",
    line: of(
      String.raw`^\s*(?<file>[^\s(][^\n(]*?\.\w+)\((?<line>\d+),(?<column>\d+)(?:,\d+,\d+)?\): (?:error|warning|info|message)\b`,
    ),
    innermost: "first",
    kind: "report",
  },
  {
    name: "eslint",
    line: of(String.raw`^\s+(?<line>\d+):(?<column>\d+)\s+(?:error|warning)\s+(?=\S)`),
    before: of(String.raw`^(?<file>(?:[A-Za-z]:[\\/]|\.{0,2}\/|[\w@.-]+[\\/])?[^\s:][^\n:]*\.\w+)\s*$`),
    innermost: "first",
    kind: "report",
  },
  {
    name: "pytest",
    line: of(String.raw`^(?:FAILED|ERROR) (?<file>[^\s:]+\.py)::(?<symbol>[\w[\].:/-]+)`),
    innermost: "first",
    kind: "report",
  },
  {
    name: "pytest",
    line: of(
      String.raw`^(?<file>[^\s:]+\.py):(?<line>\d+): (?:in (?<symbol>\S+)|[\w.]*(?:Error|Exception|Failed|Exit|Warning)\b|$)`,
    ),
    innermost: "last",
    kind: "frame",
  },
  {
    name: "gcc",
    line: of(String.raw`^\s*(?:In file included from|from) (?<file>[^\s:]+):(?<line>\d+)(?::(?<column>\d+))?[:,]`),
    innermost: "first",
    kind: "report",
  },
  {
    name: "gcc",
    line: of(
      String.raw`^\s*(?:[\w./-]*ld: )?${FILE}${at}(?::| -)\s*(?:fatal |internal compiler )?(?:error|warning|note|undefined reference)\b`,
    ),
    before: of(String.raw`^[^:\n]+: In (?:member )?function ['‘\u0060](?<symbol>[^'’\u0060]+)['’]`),
    innermost: "first",
    kind: "report",
  },
  {
    name: "runner",
    line: of(String.raw`^\s*[❯›>] (?:(?<symbol>\S+) )?${FILE}${at}\s*$`),
    innermost: "first",
    kind: "frame",
  },
  { name: "tool", line: of(String.raw`^\s*${FILE}${at}:? (?=\S)`), innermost: "first", kind: "report" },
  { name: "place", line: of(String.raw`(?:^|[\s(\u0060'"\[])${FILE}${at}(?!\d)`), innermost: "first", kind: "place" },
  {
    name: "place",
    line: of(String.raw`(?:^|[\s(\u0060'"\[])${FILE}[ ,(]+(?:on |at )?line (?<line>\d+)`),
    innermost: "first",
    kind: "place",
  },
];
