/** The lines that a part of a bundle is: `src/lamp.ts:3-9`; undefined where it is of a memory. */
export function linesOf(
  ref: string,
): { readonly path: string; readonly startLine: number; readonly endLine: number } | undefined {
  const lines = /^(.+):(\d+)-(\d+)$/u.exec(ref);
  if (lines?.[1] === undefined) return undefined;
  return { path: lines[1], startLine: Number(lines[2]), endLine: Number(lines[3]) };
}
