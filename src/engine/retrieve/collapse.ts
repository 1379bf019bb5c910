import type { Memory } from "../../contract/memory.ts";

/** How far back a row is compared: the most that one page holds, so that no page shows a text twice. */
const WINDOW = 100;

/**
 * Marks every entry whose text, white space aside, is that of one of the 100 entries before it. It looks at the ranking and not at the
 * page, so that pages joined are the same as one large page.
 */
export function* collapseEqual<T extends { readonly memory: Memory }>(
  entries: Iterable<T>,
): Generator<{ readonly entry: T; readonly equalTo?: T }> {
  const recent: { readonly entry: T; readonly equalTo?: T }[] = [];
  const bySignature = new Map<string, number>();
  for (const entry of entries) {
    const first = bySignature.has(entry.memory.signature)
      ? recent.find((one) => sameText(one.entry, entry))
      : undefined;
    const marked = first === undefined ? { entry } : { entry, equalTo: first.equalTo ?? first.entry };
    yield marked;
    recent.push(marked);
    count(bySignature, entry.memory.signature, 1);
    if (recent.length <= WINDOW) continue;
    const left = recent.shift();
    if (left !== undefined) count(bySignature, left.entry.memory.signature, -1);
  }
}

/** Equal texts have equal signatures, which are cheaper to compare. */
function sameText(a: { readonly memory: Memory }, b: { readonly memory: Memory }): boolean {
  return a.memory.signature === b.memory.signature && squeeze(a.memory.content) === squeeze(b.memory.content);
}

const squeeze = (text: string): string => text.normalize("NFC").replace(/\s+/gu, " ").trim();

function count(counts: Map<string, number>, key: string, change: number): void {
  const value = (counts.get(key) ?? 0) + change;
  if (value === 0) counts.delete(key);
  else counts.set(key, value);
}
