import { describe, expect, test } from "vitest";
import type { LocateResult, SearchCodeResult } from "../../src/contract/codeTools.ts";
import { HeirloomError } from "../../src/contract/errors.ts";
import type { GrepInput, GrepResult } from "../../src/contract/grep.ts";
import { readIntent } from "../../src/engine/code/intent/readIntent.ts";
import { type CodeRoot, CodeRoots, unreachableRoot } from "../../src/engine/codeRoots.ts";

const intent: LocateResult["intent"] = { name: "task", confidence: 1, why: [] };

/** A root that finds the files that it is given, best first, and answers so much of every question. */
function rootAt(path: string, files: readonly string[], evidence = 1): CodeRoot {
  const scored = files.map((file, at) => ({ path: file, score: 1 - at / 10, reasons: [] }));
  const keep = (except: readonly string[]) =>
    scored.filter((file) => !except.some((folder) => file.path.startsWith(`${folder}/`)));
  const chunk = { startLine: 1, endLine: 2, text: "" };
  const never = (): Promise<never> => Promise.reject(new Error("not asked"));
  return {
    path,
    locate: async (_input, except) => ({
      result: { files: keep(except).map((file) => ({ ...file, symbols: [] })), intent },
      evidence: () => evidence,
    }),
    searchCode: async (_input, except): Promise<SearchCodeResult> => ({
      chunks: keep(except).map((file) => ({ ...file, ...chunk, id: file.path, score: file.score * evidence })),
      pending: 2,
    }),
    grep: async ({ limit = 100 }: GrepInput, except): Promise<GrepResult> => {
      const found = keep(except);
      const matches = found.slice(0, limit).map((file) => ({ path: file.path, line: 1, column: 1, text: "" }));
      return {
        matches,
        counts: { lines: matches.length, files: matches.length, searched: scored.length },
        ...(found.length > limit ? { truncated: "limit" as const } : {}),
      };
    },
    control: async () => ({ state: "ready", files: files.length, chunks: 0, symbols: 0, pending: 0, leftOut: {} }),
    bundle: async ({ specificFiles = [] }, except) => ({
      state: "ready",
      pending: 1,
      items: keep(except).map((file) => ({ ...file, lines: 1, symbols: [], passages: [] })),
      missing: specificFiles.filter((one) => !files.includes(one)).map((ref) => ({ ref, why: "" })),
      evidence: () => evidence,
      begin: () => undefined,
    }),
    ...{ analyze: never, chunk: never, stats: never },
  };
}
const paths = (found: readonly { readonly path: string; readonly root?: string | undefined }[]): readonly string[] =>
  found.map(({ path, root }) => `${root ?? ""} ${path}`);

describe("one question over several roots", () => {
  test("of one root says nothing of roots", async () => {
    const roots = new CodeRoots([rootAt("/work/app", ["a.ts"])]);
    expect(paths((await roots.locate({ query: "x" })).files)).toEqual([" a.ts"]);
    expect((await roots.control({ action: "status" })).roots).toBeUndefined();
  });

  test("is answered by the root that knows more of it, not by the best file of each", async () => {
    const app = rootAt("/work/app", ["a1.ts", "a2.ts"], 0.1);
    const library = rootAt("/work/library", ["l1.ts", "l2.ts", "l3.ts"], 0.8);
    const { files, intent: told } = await new CodeRoots([app, library]).locate({ query: "x", limit: 4 });
    expect(paths(files)).toEqual(["library l1.ts", "library l2.ts", "library l3.ts", "app a1.ts"]);
    expect(files[0]?.score).toBe(1);
    expect(files[3]?.score).toBeCloseTo(0.125);
    expect(told).toEqual(intent);
    const chunks = await new CodeRoots([app, library]).searchCode({ query: "x", limit: 2 });
    expect(paths(chunks.chunks)).toEqual(["library l1.ts", "library l2.ts"]);
    expect(chunks.pending).toBe(4);
  });

  test("gives a bundle the code of all, in the same order, and misses only what none has", async () => {
    const app = rootAt("/work/app", ["a1.ts"], 0.1);
    const roots = new CodeRoots([app, rootAt("/work/library", ["l1.ts", "l2.ts"], 0.8)]);
    const common = { query: "x", read: readIntent("x"), budget: 100, pack: undefined, includeRelated: undefined };
    const { items, pending } = await roots.bundle({ ...common, specificFiles: undefined });
    expect(new Map(items.map(({ path, score }) => [path, score]))).toEqual(
      new Map([
        ["app//a1.ts", 0.125],
        ["library//l1.ts", 1],
        ["library//l2.ts", 0.9],
      ]),
    );
    expect(pending).toBe(2);
    const specificFiles = ["l1.ts", "none.ts", "app//l1.ts", "/work/app/a1.ts"];
    const { missing } = await roots.bundle({ ...common, specificFiles });
    expect(missing.map(({ ref }) => ref)).toEqual(["none.ts", "app//l1.ts"]);
  });

  test("that none knows anything of is answered by its own root first", async () => {
    const roots = new CodeRoots([rootAt("/work/app", ["a.ts"], 0), rootAt("/work/library", ["l.ts"], 0)]);
    expect(paths((await roots.locate({ query: "x" })).files)).toEqual(["app a.ts", "library l.ts"]);
  });

  test("tells each file once: it belongs to the innermost root, and a root that is named twice is asked once", async () => {
    const outer = rootAt("/work", ["app/a.ts", "b.ts", "application/c.ts"]);
    const roots = new CodeRoots([outer, rootAt("/work/app", ["a.ts"]), outer]);
    for (const found of [
      (await roots.locate({ query: "x" })).files,
      (await roots.searchCode({ query: "x" })).chunks,
      (await roots.grep({ pattern: "x" })).matches,
    ])
      expect(paths(found).toSorted()).toEqual(["app a.ts", "work application/c.ts", "work b.ts"]);
  });

  test("can be asked of one of them, by its name or path", async () => {
    const roots = new CodeRoots([rootAt("/work/app", ["a.ts"]), rootAt("/work/library", ["l.ts"])]);
    for (const root of ["library", "/work/library"])
      expect(paths((await roots.locate({ query: "x", root })).files)).toEqual(["library l.ts"]);
    expect(await roots.control({ action: "status", root: "library" })).toMatchObject({
      root: "library",
      roots: ["app", "library"],
    });
    await expect(roots.locate({ query: "x", root: "zoo" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  test("names roots of one name by the folders above them", async () => {
    const roots = new CodeRoots([rootAt("/one/app", ["a.ts"]), rootAt("/two/app", ["b.ts"]), rootAt("/two/lib", [])]);
    expect((await roots.control({ action: "status" })).roots).toEqual(["one/app", "two/app", "lib"]);
  });

  test("of lines ends when there are enough, and says that there may be more", async () => {
    const roots = new CodeRoots([rootAt("/work/app", ["a.ts", "b.ts"]), rootAt("/work/library", ["l.ts"])]);
    const all = await roots.grep({ pattern: "x" });
    expect(all.counts).toEqual({ lines: 3, files: 3, searched: 3 });
    expect(all.truncated).toBeUndefined();
    const some = await roots.grep({ pattern: "x", limit: 2 });
    expect(paths(some.matches)).toEqual(["app a.ts", "app b.ts"]);
    expect(some.truncated).toBe("limit");
  });

  test("goes on without a root that cannot answer, and says why; where none can, its own root's error stands", async () => {
    const gone = unreachableRoot("/work/gone", new HeirloomError("INVALID_INPUT", "It is gone."));
    const { files, missing } = await new CodeRoots([rootAt("/work/app", ["a.ts"]), gone]).locate({ query: "x" });
    expect(paths(files)).toEqual(["app a.ts"]);
    expect(missing).toEqual([{ root: "gone", why: "It is gone." }]);
    await expect(new CodeRoots([gone]).locate({ query: "x" })).rejects.toThrow("It is gone.");
  });
});
