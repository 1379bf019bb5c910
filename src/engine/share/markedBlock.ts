import { constants, lstatSync } from "node:fs";
import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HeirloomError } from "../../contract/errors.ts";
import { BLOCK_BEGIN, BLOCK_END } from "../../contract/share.ts";
import type { SharedMemory } from "./memoryFile.ts";

/** A document is read whole by whoever reads it at all: more than this is none. */
const MOST_DOCUMENT_BYTES = 1_048_576;
/** Agents read the block in every session. In UTF-16 units. */
const MOST_BLOCK = 32_768;
const NOTE = "<!-- Written by heirloom share: what is changed between these marks is lost. -->";

export interface Block {
  readonly lines: readonly string[];
  /** Ids of those that there was no room for. */
  readonly without: readonly string[];
}

/** Memories as a list under one heading, by kind and then by title, whatever order they come in. */
export function blockOf(memories: readonly SharedMemory[]): Block {
  const keyOf = ({ kind, title = "", id }: SharedMemory): string => [kind, title.toLowerCase(), id].join("\0");
  const ordered = [...memories].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const without: string[] = [];
  const lines: string[] = [];
  let length = 0;
  for (const memory of ordered) {
    const item = itemOf(memory);
    length += item.join("\n").length + 1;
    if (length > MOST_BLOCK) without.push(memory.id);
    else lines.push(...item);
  }
  return { lines: [BLOCK_BEGIN, NOTE, "", "## Remembered decisions and rules", "", ...lines, "", BLOCK_END], without };
}

/** `- **Title** (kind): text`, further lines below it; nothing in it can end the block. */
function itemOf({ kind, title, content }: SharedMemory): readonly string[] {
  const name =
    title === undefined
      ? `**${kind}**:`
      : `**${title.replace(/[\\*`<]/gu, "\\$&").replaceAll("<!--", "&lt;!--")}** (${kind}):`;
  const [first = "", ...rest] = content.replaceAll("<!--", "&lt;!--").split("\n");
  return [`- ${name} ${first}`, ...rest.map((line) => (line === "" ? "" : `  ${line}`))];
}

/**
 * The text with this block in the place of the one that it has, at its end where it has none, or without any. Everything else stays as it was,
 * also line ends and a byte order mark. INVALID_INPUT where the marks are not one pair.
 */
export function withBlock(text: string, block: readonly string[] | undefined, path: string): string {
  const end = /\r?\n/u.exec(text)?.[0] ?? "\n";
  const marks = [...text.matchAll(MARK)];
  const [begin, close] = marks;
  if (begin === undefined || close === undefined || marks.length > 2 || begin[1] !== "begin" || close[1] !== "end") {
    if (marks.length > 0)
      throw new HeirloomError(
        "INVALID_INPUT",
        `${path} has not one ${BLOCK_BEGIN} with one ${BLOCK_END} after it: mend or remove these lines first.`,
      );
    if (block === undefined) return text;
    const gap = text === "" || text === "\ufeff" ? "" : /\n$/u.test(text) ? end : `${end}${end}`;
    return `${text}${gap}${block.join(end)}${end}`;
  }
  const before = text.slice(0, begin.index);
  const after = text.slice(close.index + close[0].length);
  if (block !== undefined) return `${before}${block.join(end)}${after}`;
  // With the blank line before it and its own line end.
  return `${before.replace(/(\r?\n)\r?\n$/u, "$1")}${after.replace(/^\r?\n/u, "")}`;
}

/** A byte order mark stands before the first line and is none of it. */
const MARK = /(?<=^\ufeff?)[ \t]*<!-- heirloom:(begin|end) -->[ \t]*$/gmu;

/** Undefined where there is none. FORBIDDEN_PATH for what is no file or a link, INVALID_INPUT for what is no text. */
export async function readDocumentText(root: string, path: string): Promise<string | undefined> {
  refuseLinks(root, path);
  const whole = join(root, path);
  const stat = lstatSync(whole, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (stat.size > MOST_DOCUMENT_BYTES)
    throw new HeirloomError("INVALID_INPUT", `${path} is larger than ${MOST_DOCUMENT_BYTES} bytes.`);
  const file = await open(whole, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await file.readFile());
  } catch {
    throw new HeirloomError("INVALID_INPUT", `${path} is not UTF-8 text: save it as UTF-8 and try again.`);
  } finally {
    await file.close();
  }
}

/** Whole or not at all; its mode stays. */
export async function writeDocumentText(root: string, path: string, text: string): Promise<void> {
  refuseLinks(root, path);
  const whole = join(root, path);
  const mode = lstatSync(whole, { throwIfNoEntry: false })?.mode;
  await mkdir(dirname(whole), { recursive: true });
  const half = `${whole}.${process.pid}.new`;
  try {
    await writeFile(half, text, { flag: "wx", ...(mode === undefined ? {} : { mode }) });
    await rename(half, whole);
  } finally {
    await rm(half, { force: true });
  }
}

function refuseLinks(root: string, path: string): void {
  const parts = path.split("/");
  for (let length = 1; length <= parts.length; length++) {
    const part = parts.slice(0, length).join("/");
    const stat = lstatSync(join(root, part), { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (stat.isSymbolicLink())
      throw new HeirloomError("FORBIDDEN_PATH", `${part} is a link: name the file that it leads to.`);
    if (length < parts.length ? stat.isDirectory() : stat.isFile()) continue;
    throw new HeirloomError("FORBIDDEN_PATH", `${part} is no ${length < parts.length ? "folder" : "file"}.`);
  }
}
