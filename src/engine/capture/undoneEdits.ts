import type { EditMark, SessionEvent } from "../../contract/hooks.ts";
import type { FileNow } from "./editMark.ts";

/** An edit of the session whose fate is open. */
export interface OpenEdit {
  readonly at: number;
  readonly path: string;
  readonly mark: EditMark;
}

/** Edits that were made from this HEAD and that nobody is known to have undone. A commit that follows takes an edit over as it is. */
export function openEdits(events: readonly SessionEvent[], head: string | undefined): readonly OpenEdit[] {
  const settled = new Set(events.flatMap((event) => (event.type === "undone" ? event.edits : [])));
  return events.flatMap((event): OpenEdit[] =>
    event.type === "edit" && event.change !== undefined && event.change.head === head && !settled.has(event.change.id)
      ? [{ at: event.at, path: event.path, mark: event.change }]
      : [],
  );
}

/**
 * Those of the open edits of one file, in order, that are undone in it: the file is as it was before one of them, which undoes all that
 * follow; or the lines that an edit put in are all gone and those that it took out are all back, and no later edit had to do with them.
 */
export function undoneIn(edits: readonly OpenEdit[], now: FileNow): readonly OpenEdit[] {
  const first = edits.findIndex(({ mark }) => mark.fileBefore === now.file);
  if (first >= 0) return edits.slice(first);
  if (edits.at(-1)?.mark.fileAfter === now.file) return [];
  return edits.filter(({ mark: { lines } }, at) => {
    const own = new Set(lines.map(([line]) => line));
    const later = edits.slice(at + 1).some(({ mark }) => mark.lines.some(([line]) => own.has(line)));
    if (later || !lines.some(([, change]) => change > 0) || !lines.some(([, change]) => change < 0)) return false;
    return lines.every(([line, change, after]) =>
      change > 0 ? now.count(line) <= after - change : now.count(line) >= after - change,
    );
  });
}
