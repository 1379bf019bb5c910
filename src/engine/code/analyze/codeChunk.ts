import type { ChunkInput, ChunkResult } from "../../../contract/analyze.ts";
import { HeirloomError } from "../../../contract/errors.ts";
import type { Accepts } from "../codeAnswers.ts";
import { type IndexedFile, qualifiedName } from "../codeIndex.ts";
import { linesOf } from "../lines.ts";
import type { CodeService } from "../codeService.ts";
import { enclosing } from "../graph/receiver.ts";
import { fileNamed, findTarget, symbolAtLine } from "./findTarget.ts";

/** More lines than these are not given at once. */
const MOST_LINES = 2_000;

/** Lines of a file as it is now, with what they stand in. FORBIDDEN_PATH, INVALID_INPUT; NOT_FOUND for a file that is not indexed, or is gone. */
export async function codeChunk(
  service: CodeService,
  input: ChunkInput,
  redact: (texts: readonly string[]) => Promise<readonly string[]>,
  accepts?: Accepts,
): Promise<ChunkResult> {
  const { before = 0, after = 0 } = input;
  const asked = placeOf(input);
  const { index } = service.sources();
  const file = fileNamed(index, service.root, asked.path, accepts);
  if (file === undefined) throw gone(asked.path);
  const range = asked.symbol === undefined ? asked : rangeOf(service, file, asked.symbol);
  const now = await service.readNow(file.path);
  if (now === undefined) throw gone(asked.path);
  const lines = linesOf(now.text);
  const { startLine = 1, endLine = asked.startLine ?? lines.length } = range;
  if (startLine > lines.length)
    throw new HeirloomError("NOT_FOUND", `${file.path} has only ${lines.length} lines. Read it from an earlier line.`);
  const first = Math.max(1, startLine - before);
  const last = Math.min(lines.length, endLine + after, first + MOST_LINES - 1);
  const around = symbolAtLine(file, startLine);
  const outer = around === undefined ? [] : [...enclosing(around)].reverse();
  const told = await redact([lines.slice(first - 1, last).join("\n"), ...outer.map(({ symbol }) => symbol.signature)]);
  const { language } = file.parsed;
  return {
    ...{ path: file.path, startLine: first, endLine: last, lines: lines.length },
    ...(language === undefined ? {} : { language }),
    ...(around === undefined ? {} : { symbol: qualifiedName(around.symbol) }),
    text: told[0] ?? "",
    heading: outer.map(({ symbol }, at) => ({
      name: qualifiedName(symbol),
      line: symbol.startLine,
      signature: told[at + 1] ?? "",
    })),
    imports: [...new Set(file.parsed.imports.map(({ module }) => module))],
    changed: now.blob !== file.blob,
  };
}

interface Place {
  readonly path: string;
  readonly startLine?: number;
  readonly endLine?: number;
  readonly symbol?: string;
}

function placeOf({ id, path, startLine, endLine, symbol }: ChunkInput): Place {
  if (id === undefined)
    return {
      path: path ?? "",
      ...(startLine === undefined ? {} : { startLine }),
      ...(endLine === undefined ? {} : { endLine }),
      ...(symbol === undefined ? {} : { symbol }),
    };
  const parts = /^(.+):(\d+)-(\d+)$/u.exec(id);
  if (parts === null)
    throw new HeirloomError(
      "INVALID_INPUT",
      `${JSON.stringify(id.slice(0, 200))} is no id of a passage: give one of search_codebase, path:start-end.`,
    );
  return { path: parts[1] ?? "", startLine: Number(parts[2]), endLine: Number(parts[3]) };
}

function rangeOf(service: CodeService, file: IndexedFile, symbol: string): Pick<Place, "startLine" | "endLine"> {
  const found = findTarget(service.sources(), service.root, `${file.path}#${symbol}`).symbol?.symbol;
  return found === undefined ? {} : { startLine: found.leadLine ?? found.startLine, endLine: found.endLine };
}

const gone = (path: string): HeirloomError =>
  new HeirloomError(
    "NOT_FOUND",
    `${JSON.stringify(path.slice(0, 200))} is no file of the code index. locate_relevant_files finds files; index_control tells what is left out.`,
  );
