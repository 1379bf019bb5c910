import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EngineInRepository } from "../support/engineInRepository.ts";
import { temporaryFolder } from "../support/repository.ts";
import { PONDS, writeTinyModel } from "../support/tinyModel.ts";

const toldMatching = (told: RegExp): string => expect.stringMatching(told) as string;
const toldContaining = (told: string): string => expect.stringContaining(told) as string;

const ANSWER = "Ducks swim in the pond.";
const QUESTION = "birds of a lake";

let here: EngineInRepository;
let models: { readonly folder: string; remove(): void };
beforeEach(async () => {
  models = temporaryFolder("models");
  writeTinyModel(join(models.folder, "ponds"), PONDS);
  here = await EngineInRepository.open("transformers");
});
afterEach(async () => {
  await here.close();
  models.remove();
});

const choose = (settings: object): Promise<void> => here.reopen(settings);
const chooseModel = (name: string): Promise<void> =>
  choose({ embedding: "transformers", embeddingModel: join(models.folder, name), queryTimeoutMs: 20_000 });

const plan = async (query = QUESTION): Promise<string> => {
  const { plan } = await here.engine.retrieve({ query, explain: true }, {});
  return plan?.steps.map(({ step }) => step).join("; ") ?? "";
};
const contents = async (query = QUESTION): Promise<readonly string[]> =>
  (await here.engine.retrieve({ query }, {})).memories.map(({ content }) => content);
const embedding = async (): Promise<{ readonly status?: string; readonly message?: string }> =>
  (await here.engine.health(true, {})).components["embedding"] ?? {};

describe("a model in a folder", () => {
  beforeEach(() => chooseModel("ponds"));

  test("finds what means the same, and says so, with what comes later and without what is forgotten", async () => {
    await here.remember("The header is green.");
    const id = await here.remember(ANSWER);
    const [first] = (await here.engine.retrieve({ query: QUESTION }, {})).memories;
    expect(first?.content).toBe(ANSWER);
    expect(first?.reasons.join()).toMatch(/close in meaning \((?:0\.9\d|1\.00)\)/u);
    expect(await plan()).toMatch(/vector search \(2 of .*ponds@[0-9a-f]{16}\)/u);
    await here.remember("Birds.");
    expect(await plan()).toContain("vector search (3 of");
    await here.engine.forget({ id }, {});
    expect(await contents()).not.toContain(ANSWER);
  });

  test("finds a memory by its new text when it is revised", async () => {
    const id = await here.remember("The header is green.");
    expect(await contents()).toEqual([]);
    await here.engine.revise({ id, content: ANSWER }, {});
    expect(await contents()).toEqual([ANSWER]);
  });

  test("is not asked again for what was embedded before", async () => {
    await here.remember(ANSWER);
    expect(await contents()).toContain(ANSWER);
    await here.reopen();
    renameSync(join(models.folder, "ponds"), join(models.folder, "elsewhere"));
    expect(await plan()).toMatch(/left out: There is no folder .*ponds/u);
    renameSync(join(models.folder, "elsewhere"), join(models.folder, "ponds"));
    await expect.poll(() => contents(), { timeout: 20_000 }).toContain(ANSWER);
  });

  test("embeds everything anew when there is another one in its folder", async () => {
    await here.remember(ANSWER);
    expect(await plan()).toContain("vector search (1 of");
    await here.reopen();
    rmSync(join(models.folder, "ponds"), { recursive: true });
    writeTinyModel(join(models.folder, "ponds"), { header: [1, 0], ducks: [0, 1] });
    await expect.poll(() => plan("ducks"), { timeout: 20_000 }).toContain("vector search (1 of");
    expect((await here.engine.retrieve({ query: "ducks" }, {})).memories[0]?.reasons.join()).toContain("(1.00)");
  });
});

describe("while the model fails", () => {
  test("words find what they find, and health says why until the model is there", async () => {
    await chooseModel("missing");
    await here.remember(ANSWER);
    expect(await contents("ducks")).toEqual([ANSWER]);
    expect(await contents()).toEqual([]);
    const told = toldMatching(/There is no folder/u);
    await expect.poll(() => embedding()).toMatchObject({ status: "degraded", message: told });
    expect(await plan()).toMatch(/vector search left out: .*There is no folder/u);
    writeTinyModel(join(models.folder, "missing"), PONDS);
    await expect.poll(() => contents(), { timeout: 20_000 }).toEqual([ANSWER]);
    expect(await embedding()).toMatchObject({ status: "healthy" });
  });
});

describe("when the model changes", () => {
  const caches = (): readonly { readonly model: string; readonly whole: boolean }[] => {
    const store = readdirSync(join(here.dataFolder, "stores")).find((name) => name.startsWith("workspace-")) ?? "";
    const manifest = join(here.dataFolder, "stores", store, "cache/manifest.json");
    if (!existsSync(manifest)) return [];
    return (JSON.parse(readFileSync(manifest, "utf8")) as { vectors: { model: string; whole: boolean }[] }).vectors;
  };
  const modelsKept = (): readonly string[] =>
    caches().map(({ model }) => model.replace(/^.*\//u, "").replace(/@.*$/u, ""));

  test("the vectors of the one before answer until all are embedded anew, and are gone then", async () => {
    await chooseModel("ponds");
    await here.remember(ANSWER);
    expect(await contents()).toEqual([ANSWER]);
    await chooseModel("reeds");
    expect(await contents()).toEqual([ANSWER]);
    expect(await plan()).toContain("/ponds@");
    expect(await embedding()).toMatchObject({ status: "degraded", message: toldContaining("reeds") });
    await here.remember("Birds.");
    await expect.poll(() => contents(), { timeout: 20_000 }).toContain("Birds.");
    await here.reopen();
    expect(modelsKept()).toEqual(["ponds"]);
    writeTinyModel(join(models.folder, "reeds"), { ducks: [1, 0], birds: [1, 0], header: [0, 1] });
    await expect.poll(() => plan(), { timeout: 20_000 }).toContain("/reeds@");
    expect(await contents()).toEqual(expect.arrayContaining([ANSWER, "Birds."]));
    expect(await embedding()).toMatchObject({ status: "healthy", message: toldContaining("reeds") });
    await here.reopen();
    expect(modelsKept()).toEqual(["reeds"]);
    expect(await contents()).toContain(ANSWER);
  });

  test("from the built-in one and to it, answers go on", async () => {
    await choose({ embedding: "built-in" });
    // So many that they are kept when the store is closed.
    const lines = Array.from({ length: 1_000 }, (_, at) => ({
      content: `Header ${at}.`,
      eventType: "note",
      scope: "repo",
    }));
    await here.import([...lines, { content: ANSWER, eventType: "note", scope: "repo" }]);
    expect(await plan()).toMatch(/1001 of static-\d/u);
    await chooseModel("missing");
    expect(await plan()).toMatch(/1001 of static-\d/u);
    expect(await contents()).toContain(ANSWER);
    await chooseModel("ponds");
    expect(await plan()).toMatch(/1001 of static-\d/u);
    await here.engine.embedAll({});
    expect(await plan()).toMatch(/1001 of .*\/ponds@/u);
    expect(await contents()).toContain(ANSWER);
    await choose({ embedding: "built-in" });
    expect(await plan()).toMatch(/of static-\d/u);
    await choose({ embedding: "none" });
    expect(await plan()).not.toContain("vector search");
  });
});
