import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { VERSION } from "./version.ts";

const known = new Map<string, Promise<string>>();

/**
 * Digest of the code that parses, which names its chunks by their contents, of the grammars and queries beside it, and of the version of the program.
 * `worker`: path of parseWorker.js in the bundle.
 */
export function parserVersion(worker: string): Promise<string> {
  const before = known.get(worker);
  if (before !== undefined) return before;
  const reading = digestOf(worker);
  known.set(worker, reading);
  reading.catch(() => known.delete(worker));
  return reading;
}

async function digestOf(worker: string): Promise<string> {
  const languages = join(dirname(worker), "languages");
  const entries = await readdir(languages, { recursive: true, withFileTypes: true, encoding: "utf8" });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const digest = createHash("sha256").update(VERSION);
  for (const file of [worker, ...files.sort()])
    digest.update(`\0${relative(dirname(worker), file)}\0`).update(await readFile(file));
  return digest.digest("hex");
}
