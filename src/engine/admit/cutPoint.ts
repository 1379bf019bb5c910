/** The best place to cut after `start` and not after `limit`: a blank line, a line, a sentence, a space in the last two thirds, else a character. */
export function cutPoint(content: string, start: number, limit: number): number {
  const floor = start + Math.floor((limit - start) / 3);
  const blank = content.lastIndexOf("\n\n", limit - 2) + 2;
  if (blank > floor) return blank;
  const line = content.lastIndexOf("\n", limit - 1) + 1;
  if (line > floor) return line;
  let space = -1;
  for (let at = limit - 1; at >= floor; at--) {
    const character = content.charAt(at);
    if (FULL_WIDTH_STOP.test(character)) return at + 1;
    if (character !== " " && character !== "\t") continue;
    if (space === -1) space = at + 1;
    if (SENTENCE_END.test(content.slice(Math.max(start, at - 3), at))) return at + 1;
  }
  return space === -1 ? characterBoundary(content, floor, limit) : space;
}

const FULL_WIDTH_STOP = /[。！？]/u;
const SENTENCE_END = /[.!?]["')\]]{0,2}$/u;

/** At or before `limit`, not inside a surrogate pair and not before a mark, joiner or selector that belongs to the character before it. */
function characterBoundary(content: string, floor: number, limit: number): number {
  for (let at = limit; at > floor; at--) {
    const next = content.codePointAt(at) ?? 0;
    const inPair = (next & 0xfc00) === 0xdc00 && (content.charCodeAt(at - 1) & 0xfc00) === 0xd800;
    if (!inPair && !CONTINUES.test(String.fromCodePoint(next)) && content.charCodeAt(at - 1) !== 0x200d) return at;
  }
  return (content.charCodeAt(limit) & 0xfc00) === 0xdc00 ? limit - 1 : limit;
}
const CONTINUES = /[\p{M}\u200d\ufe0f\p{Emoji_Modifier}]/u;
