import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { FileToParse } from "../../src/contract/code.ts";
import { ParsePool, type ParsePoolOptions } from "../../src/worker/parsePool.ts";
import { temporaryFolder } from "../support/repository.ts";

const built = join(import.meta.dirname, "../../dist/parseWorker.js");
/** A thread that answers as a parser does, and runs `what` with each file before. */
const thread = (what: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort } from "node:worker_threads";
      parentPort.on("message", ({ id, given: [files] }) => {
        for (const { path, text } of files) { ${what} }
        parentPort.postMessage({ kind: "answer", id, result: files.map(({ path }) => ({ path, symbols: [] })) });
      });
    `)}`,
  );
const filesOf = (count: number): FileToParse[] =>
  Array.from({ length: count }, (_, index) => ({ path: `f${index}.ts`, text: `export const v${index} = ${index};\n` }));

let pool: ParsePool | undefined;
afterEach(() => pool?.close());
const open = (path: string | URL, options?: ParsePoolOptions): ParsePool => (pool = new ParsePool(path, options));

describe("the parse pool", () => {
  it("answers one file a file, in the order in which they were given, whichever thread parsed them", async () => {
    const files = filesOf(300);
    const parsed = await open(built, { threads: 2 }).parse(files);
    expect(parsed.map(({ path, symbols }) => [path, symbols[0]?.name])).toEqual(
      files.map(({ path }, index) => [path, `v${index}`]),
    );
    expect(pool?.threads).toBe(2);
    expect(await pool?.parse([])).toEqual([]);
  });

  it("starts no thread before there is work, and ends them when there is none", async () => {
    open(built, { idleMs: 20 });
    expect(pool?.threads).toBe(0);
    await pool?.parse(filesOf(1));
    expect(pool?.threads).toBe(1);
    await expect.poll(() => pool?.threads, { timeout: 5_000 }).toBe(0);
    expect(await pool?.parse(filesOf(1))).toHaveLength(1);
  });

  it("loses only the file that ends its thread, and says which it was", async () => {
    const files = filesOf(40).map((file, index) => (index === 7 ? { ...file, text: "deadly" } : file));
    const parsed = await open(thread(`if (text === "deadly") process.exit(3);`), { threads: 2 }).parse(files);
    expect(parsed.map(({ path }) => path)).toEqual(files.map(({ path }) => path));
    expect(parsed.filter(({ unparsed }) => unparsed !== undefined)).toMatchObject([
      { path: "f7.ts", unparsed: { reason: "failed", message: expect.stringContaining("has ended") as string } },
    ]);
  });

  it("gives up a file that hangs where nothing in the thread can stop it", async () => {
    const files = [...filesOf(2), { path: "endless.ts", text: "endless" }];
    const parsed = await open(thread(`while (text === "endless");`), { threads: 1, hangMs: 200 }).parse(files);
    expect(parsed.map(({ unparsed }) => unparsed?.reason)).toEqual([undefined, undefined, "failed"]);
  });

  it("answers every file at once where nothing can be parsed at all", async () => {
    const { folder, remove } = temporaryFolder("parse");
    for (const part of ["parseWorker.js", "chunks"])
      cpSync(join(built, "..", part), join(folder, part), { recursive: true });
    const parsed = await open(join(folder, "parseWorker.js"), { threads: 1 }).parse(filesOf(100));
    expect(new Set(parsed.map(({ unparsed }) => unparsed?.reason))).toEqual(new Set(["failed"]));
    expect(parsed[0]?.unparsed?.message).toContain("web-tree-sitter.wasm");
    expect(pool?.threads).toBe(1);
    await pool?.close();
    remove();
  });

  it("answers nothing more once it is closed, and what was asked before is refused", async () => {
    open(thread(`while (true);`));
    const asked = expect(pool?.parse(filesOf(100))).rejects.toMatchObject({ code: "INTERNAL" });
    await pool?.close();
    await asked;
    await expect(pool?.parse(filesOf(1))).rejects.toMatchObject({ code: "INTERNAL" });
  });
});
