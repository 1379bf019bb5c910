import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EngineInRepository } from "../support/engineInRepository.ts";

const SERVER = "/** Retries a request of the network. */\nexport function retryRequest(): void {}\n";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("packs");
  const { repository } = here;
  repository.commit("server/retry.ts", SERVER, "retries");
  repository.commit("web/retry.ts", SERVER.replace("retryRequest", "retryFetch"), "retries in the page");
  repository.commit("web/retry.py", "def retry_request():\n    return 'network'\n", "retries in Python");
  await here.engine.indexControl({ action: "sync" }, {});
});
afterEach(() => here.close());

const file = () => join(here.repository.root, ".heirloom/packs.json");
const write = (text: string): void => {
  mkdirSync(join(here.repository.root, ".heirloom"), { recursive: true });
  writeFileSync(file(), text);
};
const save = (name: string, fields: object) => here.engine.packs({ action: "save", name, ...fields }, {});

describe("a context pack", () => {
  test("is saved in the repository, listed, replaced and removed; what else stands in the file stays", async () => {
    write(JSON.stringify({ version: 1, note: "ours", packs: { odd: { include: 1 } } }));
    const saved = await save("web", { include: ["web/**"], description: "the page" });
    expect(saved.packs).toEqual([{ name: "web", include: ["web/**"], description: "the page" }]);
    expect(saved.problems).toMatchObject([{ pack: "odd", field: "include" }]);
    expect(JSON.parse(readFileSync(file(), "utf8"))).toMatchObject({ note: "ours", packs: { odd: { include: 1 } } });
    expect((await save("web", { tags: ["page"] })).packs).toEqual([{ name: "web", tags: ["page"] }]);
    expect((await here.engine.packs({ action: "remove", name: "web" }, {})).packs).toEqual([]);
    await expect(here.engine.packs({ action: "remove", name: "web" }, {})).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("narrows code by globs and languages", async () => {
    await save("web", { include: ["web/**"], exclude: ["**/*.py"] });
    await save("python", { languages: ["Python"] });
    const located = async (pack: string) =>
      (await here.engine.locate({ query: "retry a request", pack }, {})).files.map(({ path }) => path).toSorted();
    expect(await located("web")).toEqual(["web/retry.ts"]);
    expect(await located("python")).toEqual(["web/retry.py"]);
    const { chunks } = await here.engine.searchCode({ query: "retry", pack: "web" }, {});
    expect(new Set(chunks.map(({ path }) => path))).toEqual(new Set(["web/retry.ts"]));
    const bundle = await here.engine.buildContext({ query: "retry a request", pack: "web" }, {});
    expect(bundle.items.flatMap(({ path }) => path ?? [])).toEqual(["web/retry.ts"]);
  });

  test("narrows lines, and an analysis to what stands in it, which says how much is left out", async () => {
    const { repository } = here;
    repository.commit("web/page.ts", 'import { retryFetch } from "./retry.ts";\nretryFetch();\n', "page");
    repository.commit("server/start.ts", 'import { retryFetch } from "../web/retry.ts";\nretryFetch();\n', "start");
    repository.commit("server/fetch.ts", "export function retryFetch(): void {}\n", "its own");
    await here.engine.indexControl({ action: "sync" }, {});
    await save("web", { include: ["web/**"] });
    const { matches } = await here.engine.grep({ pattern: "retryFetch\\(\\)", pack: "web" }, {});
    expect(matches.map(({ path }) => path)).toEqual(["web/page.ts", "web/retry.ts"]);
    const whole = await here.engine.analyze({ target: "web/retry.ts#retryFetch" }, {});
    expect(whole.callers.map(({ path }) => path).toSorted()).toEqual(["server/start.ts", "web/page.ts"]);
    const narrowed = await here.engine.analyze({ target: "retryFetch", pack: "web" }, {});
    expect(narrowed).toMatchObject({
      target: "web/retry.ts#retryFetch",
      others: [],
      callers: [{ path: "web/page.ts" }],
    });
    expect(narrowed.dropped).toContainEqual({ what: "places", count: 1, why: "outside of the pack web" });
    await expect(here.engine.analyze({ target: "retryRequest", pack: "web" }, {})).rejects.toMatchObject({
      code: "NOT_FOUND",
      details: { nearest: expect.not.arrayContaining(["server/retry.ts#retryRequest"]) as unknown },
    });
    for (const ask of [
      () => here.engine.grep({ pattern: "x", pack: "none" }, {}),
      () => here.engine.analyze({ target: "retryFetch", pack: "none" }, {}),
    ])
      await expect(ask()).rejects.toMatchObject({ code: "NOT_FOUND", details: { packs: ["web"] } });
  });

  test("narrows memories by tags and by the files that they are anchored to", async () => {
    const anchored = await here.remember("Retries of the page stop after five.", {
      anchors: [{ path: "web/retry.ts" }],
    });
    const tagged = await here.remember("Retries are told to the user.", { tags: ["page"] });
    const other = await here.remember("Retries of the server never stop.", { anchors: [{ path: "server/retry.ts" }] });
    await save("web", { include: ["web/**"], tags: ["page"] });
    const found = async (pack?: string) =>
      (await here.engine.retrieve({ query: "retries", ...(pack === undefined ? {} : { pack }) }, {})).memories
        .map(({ id }) => id)
        .toSorted();
    expect(await found("web")).toEqual([anchored, tagged].toSorted());
    expect(await found()).toEqual([anchored, tagged, other].toSorted());
    await save("python", { languages: ["python"] });
    expect(await found("python")).toEqual([anchored, tagged, other].toSorted());
    const page = await here.engine.retrieve({ query: "retries", limit: 1, pack: "web" }, {});
    const next = { query: "retries", limit: 1, cursor: page.nextCursor ?? "" };
    expect((await here.engine.retrieve({ ...next, pack: "web" }, {})).memories).toHaveLength(1);
    await expect(here.engine.retrieve(next, {})).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  test("that is not there is not found, and those that are are named", async () => {
    await save("web", {});
    const asked = { query: "x", pack: "wob" };
    for (const call of [
      () => here.engine.locate(asked, {}),
      () => here.engine.searchCode(asked, {}),
      () => here.engine.retrieve(asked, {}),
      () => here.engine.buildContext(asked, {}),
      () => here.engine.contextProgressive(asked, {}),
    ])
      await expect(call()).rejects.toMatchObject({
        code: "NOT_FOUND",
        message: "There is no context pack wob. There are: web.",
      });
  });

  test("that cannot be used says why, and a checkout brings its own", async () => {
    write(JSON.stringify({ version: 1, packs: { web: { include: 7 } } }));
    await expect(here.engine.locate({ query: "x", pack: "web" }, {})).rejects.toMatchObject({ code: "INVALID_INPUT" });
    here.repository.git("add", "-f", ".heirloom");
    here.repository.git("commit", "-qm", "packs");
    here.repository.git("checkout", "-q", "HEAD~1");
    await expect(here.engine.locate({ query: "x", pack: "web" }, {})).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("is not written over what cannot be read, nor through a link", async () => {
    write("{ by hand");
    await expect(save("web", {})).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(readFileSync(file(), "utf8")).toBe("{ by hand");
    rmSync(join(here.repository.root, ".heirloom"), { recursive: true });
    const outside = join(here.dataFolder, "elsewhere");
    mkdirSync(outside);
    symlinkSync(outside, join(here.repository.root, ".heirloom"));
    await expect(save("web", {})).rejects.toMatchObject({ code: "FORBIDDEN_PATH" });
  });
});

describe("a bundle of named files", () => {
  const ask = (more: object) => here.engine.contextProgressive({ query: "how does a retry work", ...more }, {});
  const shown = (bundle: Awaited<ReturnType<typeof ask>>) =>
    bundle.items.flatMap(({ path, detail }) => (path === undefined ? [] : [`${path} ${detail}`]));

  test("has those files at the level that is asked for, and no others", async () => {
    const files = { specificFiles: ["server/retry.ts", "retry.py", "gone.ts"] };
    expect(shown(await ask({ ...files, detail: "full" }))).toEqual(["server/retry.ts full", "web/retry.py full"]);
    expect(shown(await ask({ ...files, detail: "signatures" }))).toEqual([
      "server/retry.ts signatures",
      "web/retry.py signatures",
    ]);
    const { dropped } = await ask(files);
    expect(dropped).toEqual([{ ref: "gone.ts", why: "no file of the index has this path" }]);
    expect(shown(await ask({ specificFiles: ["web/*.ts"] }))[0]).toContain("web/retry.ts");
  });

  test("has what is related to them too where that is asked for, and says how", async () => {
    here.repository.commit(
      "web/page.ts",
      'import { retryFetch } from "./retry.ts";\nexport const go = () => retryFetch();\n',
      "page",
    );
    await here.engine.indexControl({ action: "sync" }, {});
    const bundle = await ask({ specificFiles: ["web/retry.ts"], includeRelated: true });
    expect(bundle.items[0]?.path).toBe("web/retry.ts");
    const related = bundle.items.find(({ path }) => path === "web/page.ts");
    expect(related?.why).toContain("imports web/retry.ts");
    expect(related?.why).toContain("calls retryFetch of web/retry.ts");
    expect(bundle.items.map(({ path }) => path)).not.toContain("server/retry.ts");
  });
});
