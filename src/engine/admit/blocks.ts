/** A heading, a fence or a paragraph, with the blank lines after it. */
export interface Block {
  readonly start: number;
  readonly end: number;
  readonly heading: boolean;
  readonly fence: boolean;
  /** In effect inside the block; a heading's own text included. */
  readonly headings: readonly string[];
}

/** Headings, fences and paragraphs, each with the blank lines after it. */
export function* readBlocks(content: string): Generator<Block> {
  let headings: readonly { readonly level: number; readonly text: string }[] = [];
  const names = (): readonly string[] => headings.map((heading) => heading.text);
  let blockStart = 0;
  let kind: "none" | "paragraph" | "fence" | "closed" = "none";
  let fence = "";
  for (let lineStart = 0; lineStart < content.length;) {
    const newline = content.indexOf("\n", lineStart);
    const lineEnd = newline === -1 ? content.length : newline + 1;
    // Long lines are no markup; 512 characters of one say what it is.
    const line = content.slice(lineStart, Math.min(lineEnd, lineStart + 512)).trim();
    if (kind === "fence") {
      if (line.startsWith(fence) && line.replaceAll(fence.charAt(0), "") === "") kind = "closed";
    } else if (line === "") {
      if (kind === "paragraph") kind = "closed";
    } else {
      const heading = /^(#{1,6})[ \t]+(\S.*)$/u.exec(line);
      const opening = /^(`{3,}|~{3,})/u.exec(line);
      if ((kind === "closed" || heading !== null || opening !== null) && lineStart > blockStart) {
        yield { start: blockStart, end: lineStart, heading: false, fence: fence !== "", headings: names() };
        blockStart = lineStart;
        fence = "";
      }
      kind = "paragraph";
      if (heading !== null) {
        const level = (heading[1] ?? "").length;
        headings = [
          ...headings.filter((above) => above.level < level),
          { level, text: (heading[2] ?? "").replace(/ #+$/u, "").slice(0, 200) },
        ];
        const end = afterBlankLines(content, lineEnd);
        yield { start: blockStart, end, heading: true, fence: false, headings: names() };
        blockStart = end;
        lineStart = end;
        kind = "none";
        fence = "";
        continue;
      }
      if (opening !== null) {
        fence = opening[1] ?? "";
        kind = "fence";
      }
    }
    lineStart = lineEnd;
  }
  if (blockStart < content.length)
    yield { start: blockStart, end: content.length, heading: false, fence: fence !== "", headings: names() };
}

function afterBlankLines(content: string, from: number): number {
  let at = from;
  while (content.charCodeAt(at) === 10) at++;
  return at;
}
