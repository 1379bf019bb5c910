/** The most UTF-16 units that a title may have (contract/memory.ts). */
const TITLE_LIMIT = 300;

/** `text` as a title: one line, no control characters, at most 300 units with an ellipsis where it was cut; undefined when nothing is left. */
export function titleOf(text: string): string | undefined {
  const line = text
    .slice(0, TITLE_LIMIT * 4)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
  if (line === "") return undefined;
  return line.length > TITLE_LIMIT ? `${cutUnits(line, TITLE_LIMIT - 1).trimEnd()}…` : line;
}

/** The first `limit` UTF-16 units of `text`, without half of a surrogate pair at the end. */
export const cutUnits = (text: string, limit: number): string => text.slice(0, limit).replace(/[\ud800-\udbff]$/u, "");
