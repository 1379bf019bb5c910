/** As chunks count them. An expression takes several times as long as a character, and few texts need it. */
export const linesOf = (text: string): readonly string[] => text.split(text.includes("\r") ? /\r\n|\r|\n/u : "\n");

/** Lines of a text, 1-based and both inclusive. */
export function linesBetween(text: string, startLine: number, endLine: number): string {
  if (text.includes("\r"))
    return linesOf(text)
      .slice(startLine - 1, endLine)
      .join("\n");
  // The rest of a file is not cut into lines for the few that are wanted.
  let from = 0;
  for (let line = 1; line < startLine; line++) {
    from = text.indexOf("\n", from) + 1;
    if (from === 0) return "";
  }
  let end = from - 1;
  for (let line = startLine; line <= endLine; line++) {
    end = text.indexOf("\n", end + 1);
    if (end === -1) return text.slice(from);
  }
  return text.slice(from, Math.max(from, end));
}
