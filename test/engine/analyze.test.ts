import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ChunkInput } from "../../src/contract/analyze.ts";
import { EngineInRepository } from "../support/engineInRepository.ts";

const STORE = `import { digest } from "./digest.ts";

export interface Keeper {
  keep(key: string): void;
}

/** Keeps what it is given. */
export class Store implements Keeper {
  readonly #items = new Map<string, string>();

  /** Keeps one of them. */
  keep(key: string): void {
    this.#items.set(digest(key), process.env["STORE_MODE"] ?? "");
  }
}
`;
const DIGEST = `export function digest(text: string): string {
  return text.trim();
}
`;
const APP = `import { Store } from "./store.ts";

export function start(app: Server): void {
  const store = new Store();
  app.get("/keep", keepOne);
  store.keep("a");
}
export function keepOne(): void {
  new Store().keep("b");
}
`;
const TEST = `import { start } from "../src/app.ts";
import { digest } from "../src/digest.ts";

test("a digest is trimmed", () => {
  digest(" a ");
});
test("it starts", () => {
  start(server);
});
`;

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("analyze");
  const { repository } = here;
  repository.commit("src/digest.ts", DIGEST, "digests");
  repository.commit("src/store.ts", STORE, "a store that keeps");
  repository.commit("src/app.ts", APP, "the app");
  repository.commit("test/store.test.ts", TEST, "tests");
});
afterEach(() => here.close());

const analyze = (target: string, more: object = {}) => here.engine.analyze({ target, ...more }, {});
const places = (list: readonly { readonly path: string; readonly line: number }[]) =>
  list.map(({ path, line }) => `${path}:${line}`);

describe("an analysis of a symbol", () => {
  test("tells where it is defined, who calls it, what it calls and which tests reach it, each with path and line", async () => {
    const found = await analyze("digest");
    expect(found.target).toBe("src/digest.ts#digest");
    expect(found.definition).toMatchObject({
      path: "src/digest.ts",
      startLine: 1,
      endLine: 3,
      kind: "function",
      text: expect.stringContaining("trim") as string,
    });
    expect(found.callers).toEqual([{ path: "src/store.ts", line: 13, symbol: "Store.keep", how: "imported" }]);
    expect(found.tests.map(({ name, distance }) => [name, distance])).toEqual([["a digest is trimmed", 1]]);
    expect(places(found.evidence)).toEqual(
      expect.arrayContaining(["src/digest.ts:1", "src/store.ts:13", "test/store.test.ts:5"]),
    );
    const keep = await analyze("Store.keep");
    expect(keep.callees.map(({ symbol, at }) => [symbol, at])).toEqual([["digest", 13]]);
    expect(keep.configuration).toEqual([{ path: "src/store.ts", line: 13, key: "STORE_MODE" }]);
    expect(keep.callers.map(({ symbol, how }) => [symbol, how])).toEqual([
      ["start", "receiver"],
      ["keepOne", "receiver"],
    ]);
  });

  test("tells inheritance, routes, imports, and how far a change reaches", async () => {
    const keeper = await analyze("Keeper");
    expect(keeper.derived).toEqual([{ path: "src/store.ts", line: 8, symbol: "Store" }]);
    const store = await analyze("Store");
    expect(store.bases.map(({ symbol }) => symbol)).toEqual(["Keeper"]);
    expect(store.definition.symbols?.map(({ name }) => name)).toContain("keep");
    expect(store.imports).toEqual([{ module: "./digest.ts", line: 1, path: "src/digest.ts", names: ["digest"] }]);
    expect((await analyze("keepOne")).routes).toEqual([{ path: "src/app.ts", line: 5, method: "GET", route: "/keep" }]);
    const { impact } = await analyze("digest", { depth: 3 });
    expect(impact.reached.map(({ symbol, distance }) => [symbol, distance])).toEqual([
      ["start", 2],
      ["keepOne", 2],
    ]);
    expect(impact).toMatchObject({ tests: 2, isCut: false });
  });

  test("tells the commits that changed its lines and not those of its neighbours, and what is not committed yet", async () => {
    here.repository.commit("src/store.ts", STORE.replace("#items.set(", "#items.set(/* again */ "), "keeps again");
    here.repository.commit(
      "src/store.ts",
      `// Head.\n${STORE.replace("#items.set(", "#items.set(/* again */ ")}`,
      "a head",
    );
    const { history, uncommitted } = await analyze("Store.keep");
    expect(history.map(({ subject, of }) => [subject, of])).toEqual([
      ["keeps again", "lines"],
      ["a store that keeps", "lines"],
    ]);
    expect(uncommitted).toBeUndefined();
    here.repository.write("src/store.ts", STORE.replace("process.env", "globalThis.process.env"));
    expect((await analyze("Store.keep")).uncommitted).toBe(true);
    expect((await analyze("Keeper.keep")).uncommitted).toBeUndefined();
  });

  test("tells memories that are anchored there, and those that speak of it", async () => {
    const remember = (content: string, anchors: object[] = []) =>
      here.engine.capture({ eventType: "decision", content, anchors: anchors as never, dedupe: "none" }, {});
    await remember("Keys are digested before they are kept.", [{ path: "src/store.ts", symbol: "Store.keep" }]);
    await remember("Files of the store end with a newline.", [{ path: "src/store.ts" }]);
    await remember("The function digest trims only, hashing was too slow.");
    await remember("Bananas ripen faster beside apples.");
    const { memories } = await analyze("Store.keep");
    expect(memories.map(({ why }) => why)).toEqual(["is about it", "is about its file"]);
    const digest = await analyze("digest");
    expect(
      digest.memories.map(({ why, title = "", excerpt }) => [why, `${title} ${excerpt}`.includes("hashing")]),
    ).toEqual([["speaks of it by name", true]]);
  });

  test("shows no secret of the code", async () => {
    const token = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8";
    here.repository.commit("src/secret.ts", `export function call() {\n  return send("${token}");\n}\n`, "calls");
    const found = await analyze("call");
    expect(JSON.stringify(found)).not.toContain(token);
    expect(found.definition.text).toContain("return send(");
    const chunk = await here.engine.codeChunk({ path: "src/secret.ts", startLine: 1, endLine: 3 }, {});
    expect(chunk.text).not.toContain(token);
  });

  test("keeps to its budget and says what was left out for it", async () => {
    const callers = Array.from({ length: 80 }, (_, at) => `export function caller${at}() {\n  digest("${at}");\n}\n`);
    here.repository.commit("src/many.ts", `import { digest } from "./digest.ts";\n${callers.join("")}`, "many");
    const { callers: told, tokens, dropped } = await analyze("digest", { budget: 600 });
    expect(tokens).toBeLessThanOrEqual(600);
    expect(told.length).toBeLessThan(81);
    expect(dropped).toContainEqual({
      what: "Callers",
      count: 81 - told.length,
      why: "the budget of 600 tokens was spent",
    });
    expect((await analyze("digest", { budget: 20_000 })).callers).toHaveLength(81);
  });
});

describe("the target of an analysis", () => {
  test("is a name, a name in its container, a symbol of a path, a line, or a path", async () => {
    const target = async (text: string) => (await analyze(text)).target;
    expect(await target("Store.keep")).toBe("src/store.ts#Store.keep");
    expect(await target("src/store.ts#keep")).toBe("src/store.ts#Store.keep");
    expect(await target("src/store.ts:13")).toBe("src/store.ts#Store.keep");
    expect(await target("src/store.ts")).toBe("src/store.ts");
    expect(await target("store.ts")).toBe("src/store.ts");
    expect(await target(join(here.repository.root, "src/app.ts"))).toBe("src/app.ts");
  });

  test("may have a private name of JavaScript", async () => {
    here.repository.commit(
      "src/branch.js",
      "export class Branch {\n  #commit() {}\n  run() { this.#commit(); }\n}\n",
      "x",
    );
    for (const text of ["src/branch.js#Branch.#commit", "Branch.#commit", "src/branch.js##commit"])
      expect((await analyze(text)).target).toBe("src/branch.js#Branch.#commit");
  });

  test("is the definition that code uses where several have the name, and the others are told", async () => {
    here.repository.commit("test/helper.ts", "export function digest(): void {}\n", "a helper");
    here.repository.commit(
      "src/longer.ts",
      `export function digest(): void {\n${"  go();\n".repeat(9)}}\n`,
      "a namesake",
    );
    const { target, others } = await analyze("digest");
    expect(target).toBe("src/digest.ts#digest");
    expect(others.map(({ path }) => path)).toEqual(["src/longer.ts", "test/helper.ts"]);
  });

  test("that nothing is called like is told with the nearest names, and one outside of the workspace is refused", async () => {
    await expect(analyze("digset")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(analyze("Store.keeps")).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("src/store.ts#Store.keep") as string,
    });
    await expect(analyze("src/stores.ts")).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("src/store.ts") as string,
    });
    await expect(analyze("../secret.ts")).rejects.toMatchObject({ code: "FORBIDDEN_PATH" });
    await expect(analyze("/etc/passwd")).rejects.toMatchObject({ code: "FORBIDDEN_PATH" });
  });
});

test("an analysis of a file tells its outline, who imports it, its tests and its commits", async () => {
  const found = await analyze("src/store.ts");
  expect(found.definition.symbols?.map(({ name }) => name)).toEqual(["Keeper", "Store"]);
  expect(places(found.callers)).toEqual(["src/app.ts:1"]);
  expect(found.tests.map(({ path, distance }) => [path, distance])).toEqual([["test/store.test.ts", 2]]);
  expect(found.history.map(({ subject }) => subject)).toEqual(["a store that keeps"]);
  expect(found.impact.reached.map(({ path }) => path)).toEqual(["src/app.ts", "test/store.test.ts"]);
});

describe("a passage of the code", () => {
  const chunk = (input: ChunkInput) => here.engine.codeChunk(input, {});
  test("is given by the id of a search, by lines or by symbol, with what it stands in", async () => {
    const { chunks } = await here.engine.searchCode({ query: "keeps what it is given" }, {});
    const first = chunks.find(({ path }) => path === "src/store.ts");
    const byId = await chunk({ id: first?.id ?? "" });
    expect(byId).toMatchObject({ path: "src/store.ts", text: first?.text, changed: false, lines: 16 });
    const bySymbol = await chunk({ path: "src/store.ts", symbol: "keep", before: 1 });
    expect(bySymbol).toMatchObject({ startLine: 10, endLine: 14, symbol: "Store.keep", imports: ["./digest.ts"] });
    expect(bySymbol.heading.map(({ name }) => name)).toEqual(["Store"]);
    expect((await chunk({ path: "src/digest.ts", startLine: 2, after: 9 })).text).toBe("  return text.trim();\n}\n");
  });

  test("is refused outside of the workspace, and told where it is not there", async () => {
    await expect(chunk({ path: "../../etc/passwd" })).rejects.toMatchObject({ code: "FORBIDDEN_PATH" });
    await expect(chunk({ path: "src/none.ts" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(chunk({ path: "src/store.ts", startLine: 900 })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(chunk({ path: "src/store.ts", symbol: "none" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(chunk({ id: "no id" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    rmSync(join(here.repository.root, "src/app.ts"));
    await expect(chunk({ path: "src/app.ts" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
