interface LineRange {
  readonly from: number;
  /** One past the last. */
  readonly to: number;
}

/** Lines around a line that are screened together with it: a private key is known by where it begins and ends. */
const REACH = 80;

/**
 * Lines without the secrets in them, by the first line of each range. What is shown of a file line by line is screened together with what stands
 * around it; where a secret of several lines was taken out, each of them says so.
 */
export async function redactLines(
  lines: readonly string[],
  ranges: readonly LineRange[],
  redact: (texts: readonly string[]) => Promise<readonly string[]>,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const windows = joined(lines.length, ranges);
  const texts = windows.map(({ from, to }) => lines.slice(from, to).join("\n"));
  const redacted = await redact(texts);
  const safe = new Map<number, string>();
  for (const [at, { from, to }] of windows.entries())
    for (const [place, line] of aligned(lines.slice(from, to), (redacted[at] ?? "").split("\n")).entries())
      safe.set(from + place, line);
  return new Map(
    ranges.map(({ from, to }) => [from, Array.from({ length: to - from }, (_, at) => safe.get(from + at) ?? "")]),
  );
}

function joined(lineCount: number, ranges: readonly LineRange[]): readonly LineRange[] {
  const windows: LineRange[] = [];
  for (const { from, to } of ranges) {
    const [first, end] = [Math.max(0, from - REACH), Math.min(lineCount, to + REACH)];
    const last = windows.at(-1);
    if (last === undefined || first > last.to) windows.push({ from: first, to: end });
    else windows[windows.length - 1] = { from: last.from, to: Math.max(last.to, end) };
  }
  return windows;
}

/** As many lines as there were: those between the first and the last that differ are told by the first marker among them. */
function aligned(before: readonly string[], after: readonly string[]): readonly string[] {
  if (before.length === after.length) return after;
  let [head, tail] = [0, 0];
  const fewest = Math.min(before.length, after.length);
  while (head < fewest && before[head] === after[head]) head++;
  while (tail < fewest - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const marker = after
    .slice(head, after.length - tail)
    .join(" ")
    .slice(0, 200);
  return [
    ...before.slice(0, head),
    ...Array.from({ length: before.length - head - tail }, () => marker),
    ...(tail === 0 ? [] : before.slice(-tail)),
  ];
}
