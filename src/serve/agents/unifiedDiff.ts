/** Lines around a change that are shown with it. */
const CONTEXT = 3;

/** A unified diff of one file, its change as one hunk; empty where nothing changes. Line ends are not shown. */
export function unifiedDiff(file: string, before: string | undefined, after: string): string {
  if (before === after) return "";
  const old = linesOf(before ?? "");
  const fresh = linesOf(after);
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail++;
  const first = Math.max(0, head - CONTEXT);
  const shownTail = Math.min(tail, CONTEXT);
  const removed = old.slice(head, old.length - tail);
  const added = fresh.slice(head, fresh.length - tail);
  const lead = old.slice(first, head);
  const trail = old.slice(old.length - tail, old.length - tail + shownTail);
  const span = (count: number): string => `${count === 0 ? first : first + 1},${count}`;
  const counts = [removed, added].map(({ length }) => span(lead.length + length + trail.length));
  return [
    before === undefined ? "--- /dev/null" : `--- ${file}`,
    `+++ ${file}`,
    `@@ -${counts[0] ?? ""} +${counts[1] ?? ""} @@`,
    ...lead.map((line) => ` ${line}`),
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
    ...trail.map((line) => ` ${line}`),
    "",
  ].join("\n");
}

function linesOf(text: string): readonly string[] {
  const lines = text.replace(/^\ufeff/u, "").split(/\r?\n/u);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}
