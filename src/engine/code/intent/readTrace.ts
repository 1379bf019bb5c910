import { TRACE_FORMATS, type TraceFormat } from "./traceFormats.ts";

/** A place that a text names by file and mostly line. */
export interface TraceFrame {
  /** From 1, in the order in which the text names them. */
  readonly number: number;
  readonly format: string;
  readonly kind: TraceFormat["kind"];
  /** As it is written. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Name of the function without its package or module, where it is told. */
  readonly symbol?: string;
  /** As it is written: `com.acme.Parser.parse`. */
  readonly qualified?: string;
}

export interface Trace {
  /** Innermost first; what a tool reports in the order in which it does. */
  readonly frames: readonly TraceFrame[];
  /** What is not of the frames: the message, and what was asked beside. */
  readonly rest: string;
}

/** More frames say no more of where to look. */
const MOST_FRAMES = 200;
/** A longer line is no frame: minified code or data. */
const LONGEST_LINE = 1_000;
/** Colours of a terminal, and the name of the service with which docker compose begins each line. */
const ANSI = /\u001b\[[\d;]*m/gu;
const COMPOSE = /^[\w.-]+ +\| /u;

/** The frames that a text holds, whatever stands between them. A text without any has none. */
export function readTrace(text: string): Trace {
  const frames: (TraceFrame & { readonly innermost: TraceFormat["innermost"] })[] = [];
  const rest: string[] = [];
  let before = "";
  /** The file of a report that names it once, above its lines. */
  let heading = "";
  for (const raw of text.split(/\r\n|\r|\n/u)) {
    const line = raw.replace(ANSI, "").replace(COMPOSE, "");
    const found =
      line.length > LONGEST_LINE || frames.length >= MOST_FRAMES ? undefined : matchLine(line, before, heading);
    if (found === undefined) {
      rest.push(line);
      heading = line;
    } else {
      // The line that named the function or the file is one of the frame.
      if (found.usesBefore && rest.at(-1) === before) rest.pop();
      frames.push({ ...frameOf(frames.length + 1, found.format, found.groups), innermost: found.format.innermost });
      if (found.rest !== "") rest.push(found.rest);
    }
    before = line;
  }
  return { frames: innermostFirst(frames), rest: rest.join("\n").trim() };
}

type Groups = Readonly<Record<string, string | undefined>>;
interface MatchedLine {
  readonly format: TraceFormat;
  readonly groups: Groups;
  readonly usesBefore: boolean;
  /** What the line says beside the place. */
  readonly rest: string;
}

function matchLine(line: string, before: string, heading: string): MatchedLine | undefined {
  for (const format of TRACE_FORMATS) {
    const match = format.line.exec(line);
    const groups: Groups | undefined = match?.groups;
    if (match === null || groups === undefined) continue;
    const rest = restOf(format, line, match, groups);
    if (format.before === undefined) return { format, groups, usesBefore: false, rest };
    const above: Groups | undefined = (format.before.exec(before) ?? format.before.exec(heading))?.groups;
    const file = groups["file"] ?? above?.["file"];
    if (file === undefined) continue;
    return { format, groups: { ...above, ...defined(groups), file }, usesBefore: above !== undefined, rest };
  }
  return undefined;
}

/** A sentence keeps the words around a place; what a tool says stands after it. */
function restOf({ kind, saysMore }: TraceFormat, line: string, match: RegExpExecArray, { file = "" }: Groups): string {
  if (kind === "place") return line.trim();
  return (saysMore === true ? line.replace(file, "") : line.slice(match.index + match[0].length)).trim();
}

const defined = (groups: Groups): Groups =>
  Object.fromEntries(Object.entries(groups).filter(([, value]) => value !== undefined));

function frameOf(number: number, { name, kind }: TraceFormat, groups: Groups): TraceFrame {
  const { file, line, column, symbol: written } = groups;
  const qualified = written?.replace(/^(?:async |new )+|\s*\[as [^\]]+\]|^from /gu, "").trim();
  const symbol = qualified === undefined ? undefined : lastName(qualified);
  return {
    number,
    format: name,
    kind,
    ...(file === undefined || file === "<anonymous>" || file === "native" ? {} : { file }),
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(column === undefined ? {} : { column: Number(column) }),
    ...(symbol === undefined ? {} : { symbol }),
    ...(qualified === undefined || qualified === "" ? {} : { qualified }),
  };
}

/** `parse` of `com.acme.Parser.parse`, `acme::parse::h0123456789abcdef`, `main.(*Parser).parse`, `Parser#parse`, `block in parse`, `Parser->parse`. */
function lastName(qualified: string): string | undefined {
  if (/^(?:Object\.)?<anonymous>$/u.test(qualified)) return undefined;
  const plain = qualified
    .replace(/::h[0-9a-f]{16}$/u, "")
    .replace(/(?:\.func\d+|\.\d+|::\{\{closure\}\}|\.<anonymous(?: closure)?>|\$\d+|\/<)+$/gu, "")
    .replace(/\[.*\]$|<.*>$|\(.*\)$/gu, "");
  return /([A-Za-z_$][\w$]*[?!]?)\W*$/u.exec(plain)?.[1];
}

/** Runs of frames whose format tells the innermost one last are turned around; the runs stay in their order. */
function innermostFirst(
  frames: readonly (TraceFrame & { readonly innermost: TraceFormat["innermost"] })[],
): readonly TraceFrame[] {
  const last = frames.filter(({ innermost }) => innermost === "last").reverse();
  let next = 0;
  return frames.map((frame) => {
    const { innermost: _innermost, ...plain } = frame.innermost === "last" ? (last[next++] ?? frame) : frame;
    return plain;
  });
}
