/** Entry of a parsing thread: see src/worker/parsePool.ts. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parentPort } from "node:worker_threads";
import type { ParseApi } from "../contract/code.ts";
import { createFileParser } from "../engine/code/parse/parseFile.ts";
import { serveCalls } from "./rpc.ts";

if (parentPort === null) throw new Error("This is the code of a worker thread: see src/worker/parsePool.ts.");
const parser = createFileParser(dirname(fileURLToPath(import.meta.url)));
serveCalls<ParseApi, object>(parentPort, {
  parse: async (files) => {
    const ready = await parser;
    const parsed = [];
    for (const file of files) parsed.push(await ready.parse(file));
    return parsed;
  },
});
