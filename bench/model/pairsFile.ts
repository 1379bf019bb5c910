import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Pair } from "./pairs/pair.ts";

/** What extract.ts wrote, a pair a line. */
export async function* readPairs(path: string): AsyncGenerator<Pair & { readonly source: string }> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const [source = "", kind = "", left = "", right = ""] = line.split("\t");
    yield { source, kind, left, right };
  }
}
