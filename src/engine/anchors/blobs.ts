import type { GitRunner } from "../ports.ts";

/** Bytes of one object that are read, as of a file of the work tree, and of all that are asked for at once. */
const MOST_BYTES = 1_048_576;
const MOST_AT_ONCE = 16_777_216;

/**
 * The bytes of objects by the names that they were asked by (`COMMIT:PATH`, or an id); what is missing, no blob, or too large is left out. Names with a line
 * end are not asked for. Throws `GitFailure`.
 */
export async function readBlobs(
  git: GitRunner,
  root: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const asked = [...new Set(names)].filter((name) => !/[\n\0]/u.test(name));
  if (asked.length === 0) return new Map();
  const stdinOf = (those: readonly string[]): string =>
    those.map((name) => `${Buffer.from(name).toString("latin1")}\n`).join("");
  const run = { cwd: root, bytes: true } as const;
  const checked = (await git.run(["cat-file", "--batch-check"], { ...run, stdin: stdinOf(asked) })).split("\n");
  let room = MOST_AT_ONCE;
  const wanted = asked.filter((_, at) => {
    const size = Number(/^[0-9a-f]+ blob (\d+)$/u.exec(checked[at] ?? "")?.[1] ?? Infinity);
    if (size > MOST_BYTES || size > room) return false;
    room -= size;
    return true;
  });
  if (wanted.length === 0) return new Map();
  const printed = await git.run(["cat-file", "--batch"], { ...run, stdin: stdinOf(wanted) });
  const found = new Map<string, Uint8Array>();
  let at = 0;
  for (const name of wanted) {
    const end = printed.indexOf("\n", at);
    const size = Number(/ blob (\d+)$/u.exec(printed.slice(at, end))?.[1]);
    if (end < 0 || Number.isNaN(size)) break;
    found.set(name, Buffer.from(printed.slice(end + 1, end + 1 + size), "latin1"));
    at = end + 1 + size + 1;
  }
  return found;
}
