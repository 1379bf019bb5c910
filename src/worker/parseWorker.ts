/** Entry of a parsing thread: see src/worker/parsePool.ts. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parentPort } from "node:worker_threads";
import type { ParseApi } from "../contract/code.ts";
import { toErrorShape } from "../contract/errors.ts";
import { failedFile } from "../engine/code/parse/emptyFile.ts";
import { createFileParser, type FileParser } from "../engine/code/parse/parseFile.ts";
import { serveCalls } from "./rpc.ts";

if (parentPort === null) throw new Error("This is the code of a worker thread: see src/worker/parsePool.ts.");
// Where nothing can be parsed at all, no other thread could: each file is answered, and none is tried again.
const parser = createFileParser(dirname(fileURLToPath(import.meta.url))).catch((error: unknown): FileParser => {
  const { message } = toErrorShape(error);
  return { parse: async ({ path }) => failedFile(path, message) };
});
serveCalls<ParseApi, object>(parentPort, {
  parse: async (files) => {
    const ready = await parser;
    const parsed = [];
    for (const file of files) parsed.push(await ready.parse(file));
    return parsed;
  },
});
