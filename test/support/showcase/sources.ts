/** Files of the showcase that are looked at in an editor. */
export const MERGE = `import type { Revision } from "../notes/revision.ts";

/** What became of two notes that were changed apart from each other. */
export interface Merged {
  readonly text: string;
  readonly conflicts: number;
}

/** The newest revision that both sides know, by their counters: clocks of two machines never agree. */
export function commonRevision(mine: readonly Revision[], theirs: readonly Revision[]): Revision | undefined {
  const known = new Set(theirs.map(({ id }) => id));
  return mine.findLast(({ id }) => known.has(id));
}

/** Joins two notes line by line. A line that both changed is kept twice: no word of a person is ever thrown away. */
export function mergeNotes(base: string, mine: string, theirs: string): Merged {
  const lines = { base: base.split("\\n"), mine: mine.split("\\n"), theirs: theirs.split("\\n") };
  const text: string[] = [];
  let conflicts = 0;
  for (let at = 0; at < Math.max(lines.mine.length, lines.theirs.length); at++) {
    const [was, left, right] = [lines.base[at], lines.mine[at], lines.theirs[at]];
    if (left === right || right === was) text.push(left ?? "");
    else if (left === was) text.push(right ?? "");
    else {
      text.push(left ?? "", right ?? "");
      conflicts++;
    }
  }
  return { text: text.join("\\n"), conflicts };
}
`;

export const QUEUE = `import type { Change } from "./merge.ts";

/** Changes that wait for the network, in the order in which they were made. */
export class OfflineQueue {
  readonly #waiting: Change[] = [];

  add(change: Change): void {
    this.#waiting.push(change);
  }

  /** Sends each change once: the server knows it by its id, so a lost ack is no second change. */
  async flush(send: (change: Change) => Promise<void>): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      await send(next);
      this.#waiting.shift();
    }
  }
}
`;

export const JOURNAL = `import { open, rename } from "node:fs/promises";

/** Appends a frame and waits until it is on the disk. */
export async function append(path: string, frame: Uint8Array): Promise<void> {
  const file = await open(path, "a");
  await file.write(frame);
  await file.sync();
  await file.close();
}

/** Replaces the journal by a compacted one: the folder is synced after the rename, or a crash brings the old one back. */
export async function replace(from: string, to: string): Promise<void> {
  await rename(from, to);
}
`;

export const SERVER = `import { createServer } from "node:http";

/** Listens on the loopback interface only. */
export function serve(token: string, port = 0): ReturnType<typeof createServer> {
  const server = createServer((request, response) => {
    if (request.headers.authorization !== \`Bearer \${token}\`) response.writeHead(401);
    response.end();
  });
  return server.listen(port, "127.0.0.1");
}
`;
