import type { CodeSymbol, SymbolKind } from "../../../contract/code.ts";
import { type CodeIndex, type IndexedFile, qualifiedName } from "../codeIndex.ts";
import type { TraceFrame } from "./readTrace.ts";

/** A frame with what it is of this code. */
export interface ResolvedFrame {
  readonly frame: TraceFrame;
  /** `dependency`: of a library, the runtime or the language; `unknown`: it may be of this code and is not in the index. */
  readonly origin: "own" | "dependency" | "unknown";
  readonly file?: IndexedFile;
  /** The innermost symbol at that line; the one that the frame names, where it names no line of the file. */
  readonly symbol?: CodeSymbol;
}

const DEPENDENCY =
  /(?:^|[\\/])(?:node_modules|bower_components|site-packages|dist-packages|\.cargo[\\/]registry|rustc|rustlib|pkg[\\/]mod|gems|\.pub-cache|\.nuget|\.gradle|\.m2|\.venv|\.tox)[\\/]|^(?:node|dart|internal):|^node:internal|^package:(?:flutter|test|test_api|stack_trace|async)\/|^<(?:frozen|internal|string|stdin|anonymous)|(?:^|[\\/])(?:lib(?:64)?[\\/]python\d|usr[\\/]local[\\/]go[\\/]src|usr[\\/]lib[\\/]ruby|usr[\\/]include|go[\\/]src[\\/]runtime|webpack[\\/](?:bootstrap|runtime))/u;
const RUNTIME =
  /^(?:java|javax|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|System|Microsoft|runtime|std|core|alloc|panic|testing|reflect)(?:[.:/]|$)/u;

/** Each frame with its file and symbol, in the order given. */
export function resolveFrames(frames: readonly TraceFrame[], index: CodeIndex): readonly ResolvedFrame[] {
  if (frames.length === 0) return [];
  const wanted = frames.map((frame) => ({ frame, path: pathOf(frame) }));
  const bases = new Map<string, IndexedFile[]>();
  for (const { path } of wanted) if (path !== undefined) bases.set(baseOf(path), []);
  for (const file of index.files()) bases.get(baseOf(file.path))?.push(file);
  return wanted.map(({ frame, path }) => {
    const isForeign =
      DEPENDENCY.test(frame.file ?? "") ||
      (frame.qualified !== undefined &&
        RUNTIME.test(frame.qualified) &&
        (frame.file === undefined || frame.format === "jvm"));
    if (isForeign) return { frame, origin: "dependency" };
    const file = path === undefined ? definerOf(frame, index) : bestMatch(path, frame, bases.get(baseOf(path)) ?? []);
    if (file === undefined) return { frame, origin: "unknown" };
    const symbol = symbolAt(file, frame);
    return { frame, origin: "own", file, ...(symbol === undefined ? {} : { symbol }) };
  });
}

/** The path of a frame as an index would have it, as far as that can be said: forward slashes, no scheme, no host, no drive. */
function pathOf({ file, format, qualified }: TraceFrame): string | undefined {
  if (file === undefined || file.startsWith("<")) return undefined;
  if (format === "jvm") {
    // The file stands in the folder of its package; `com.acme.Parser$Inner.parse` in com/acme.
    const parts = qualified?.split(".").slice(0, -2) ?? [];
    return [...parts, file].join("/");
  }
  const plain = file
    .replace(
      /^(?:file|https?|webpack(?:-internal)?|vite|vscode-file|app|capacitor|rsc|org-dartlang-app):\/{2,3}/iu,
      "/",
    )
    .replace(/^package:[\w.]+\//u, "lib/")
    .replace(/[?#].*$/u, "")
    .replaceAll("\\", "/")
    .replace(/^\/?[A-Za-z]:\//u, "/")
    .replace(/^\/?\([\w-]+\)\//u, "")
    .replace(/^\/@fs\//u, "/");
  const parts: string[] = [];
  for (const part of decoded(plain).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.length === 0 ? undefined : parts.join("/");
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const baseOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/**
 * The file with which a path shares most of its end. Where nothing but the name is shared it has to be the only one of that name, and where several share
 * as much, the only one that defines what the frame names.
 */
function bestMatch(path: string, { symbol }: TraceFrame, files: readonly IndexedFile[]): IndexedFile | undefined {
  const parts = path.split("/");
  let most = 0;
  let best: IndexedFile[] = [];
  for (const file of files) {
    const shared = sharedEnd(parts, file.path.split("/"));
    if (shared > most) [most, best] = [shared, []];
    if (shared === most) best.push(file);
  }
  const whole = best.filter(({ path: own }) => most === parts.length || most === own.split("/").length);
  const likely = whole.length > 0 ? whole : best;
  if (likely.length === 1) return likely[0];
  const defining = likely.filter(({ parsed }) => parsed.symbols.some(({ name }) => name === symbol));
  return defining.length === 1 ? defining[0] : undefined;
}

/** Of a frame that names no file, as those of .NET without debug information: the only file that defines the method in a type of that name. */
function definerOf({ symbol, qualified }: TraceFrame, index: CodeIndex): IndexedFile | undefined {
  const type = qualified?.split(/[.:#]+/u).at(-2);
  if (symbol === undefined || type === undefined) return undefined;
  const defining = index
    .definersOf(symbol)
    .filter(({ parsed }) =>
      parsed.symbols.some(({ name, container }) => name === symbol && container?.split(".").at(-1) === type),
    );
  return defining.length === 1 ? defining[0] : undefined;
}

function sharedEnd(left: readonly string[], right: readonly string[]): number {
  let shared = 0;
  while (shared < left.length && left.at(-1 - shared) === right.at(-1 - shared)) shared++;
  return shared;
}

const PARTS: ReadonlySet<SymbolKind> = new Set(["field", "variable"]);

function symbolAt({ parsed }: IndexedFile, { line, symbol }: TraceFrame): CodeSymbol | undefined {
  const symbols = parsed.symbols.filter(({ kind }) => !PARTS.has(kind));
  if (line === undefined) return symbols.find(({ name }) => name === symbol);
  // Those that begin later are further inside.
  return symbols.findLast(({ startLine, leadLine, endLine }) => (leadLine ?? startLine) <= line && line <= endLine);
}

/** `frame 2 of the trace: Parser.parse at src/x.ts:42` */
export function frameReason({ frame, file, symbol }: ResolvedFrame): string {
  const { number, kind, line, symbol: named } = frame;
  const what =
    kind === "frame"
      ? `frame ${number} of the trace`
      : kind === "report"
        ? `place ${number} of the report`
        : "the question names this place";
  const name = symbol === undefined ? named : qualifiedName(symbol);
  const place = `${file?.path ?? ""}${line === undefined ? "" : `:${line}`}`;
  return `${what}: ${name === undefined ? place : `${name} at ${place}`}`;
}
