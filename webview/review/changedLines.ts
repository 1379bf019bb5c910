export interface ChangedLine {
  readonly is: "same" | "added" | "removed";
  readonly text: string;
}

/** Lines of two texts: those that both begin and end with once, what is between them first as it was and then as it is. */
export function changedLines(before: string, after: string): readonly ChangedLine[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail++;
  const marked = (lines: readonly string[], is: ChangedLine["is"]): readonly ChangedLine[] =>
    lines.map((text) => ({ is, text }));
  return [
    ...marked(fresh.slice(0, head), "same"),
    ...marked(old.slice(head, old.length - tail), "removed"),
    ...marked(fresh.slice(head, fresh.length - tail), "added"),
    ...marked(fresh.slice(fresh.length - tail), "same"),
  ];
}

const linesOf = (text: string): readonly string[] => (text === "" ? [] : text.replace(/\n$/u, "").split("\n"));
