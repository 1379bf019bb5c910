import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Answer, heirloom, scratchFolder, serve } from "../support/heirloom.ts";
import { ModelHub } from "../support/modelHub.ts";
import { PONDS, writeTinyModel } from "../support/tinyModel.ts";
import { writeTinyReranker } from "../support/tinyReranker.ts";

const ID = "someone/ponds";
const ANSWER = "Ducks swim in the pond.";
const QUESTION = "birds of a lake";

let scratch: ReturnType<typeof scratchFolder>;
let data: string;
let hub: ModelHub;
const before = process.env["HF_ENDPOINT"];
beforeEach(async () => {
  scratch = scratchFolder();
  data = join(scratch.path, "data");
  writeTinyModel(join(scratch.path, "origin"), PONDS);
  mkdirSync(join(scratch.path, "work"));
  mkdirSync(data);
  hub = await ModelHub.serve(ID, join(scratch.path, "origin"));
  process.env["HF_ENDPOINT"] = hub.url;
});
afterEach(async () => {
  if (before === undefined) delete process.env["HF_ENDPOINT"];
  else process.env["HF_ENDPOINT"] = before;
  await hub.close();
  scratch[Symbol.dispose]();
});

const at = (): readonly string[] => ["--workspace", join(scratch.path, "work"), "--data", data];
const run = (...args: readonly string[]): Promise<Answer> => heirloom([...args, ...at()]);
const choose = (settings: object): void => writeFileSync(join(data, "settings.json"), JSON.stringify(settings));

test("a model is downloaded, embeds what is remembered, and finds it by its meaning, also in a server", async () => {
  expect(await run("model", "download", ID)).toMatchObject({ code: 0 });
  const listed = await run("model");
  expect(listed.stdout).toMatch(/^someone\/ponds +downloaded; 1 MB$/mu);
  expect(listed.stdout).toMatch(/^Xenova\/all-MiniLM-L6-v2 +not downloaded; 24 MB, Apache-2\.0, 384 dimensions\. /mu);
  choose({ embedding: "transformers", embeddingModel: ID, queryTimeoutMs: 20_000 });
  await run("capture", "--type", "note", ANSWER);
  expect((await run("model", "embed")).stdout).toMatch(
    /^1 memories were embedded; someone\/ponds@[0-9a-f]{16} compares/u,
  );
  expect((await run("model", "embed")).stdout).toMatch(/^0 memories were embedded/u);
  expect((await run("search", QUESTION)).stdout).toContain(ANSWER);
  const server = await serve(at());
  try {
    await server.tool("capture-memory", { eventType: "note", content: "Birds." });
    const found = async (): Promise<string> =>
      JSON.stringify(await server.tool("retrieve-memories", { query: QUESTION }));
    await expect.poll(found, { timeout: 20_000 }).toContain('"Birds."');
    expect((await run("model", "embed")).stderr).toContain("[OWNER_UNREACHABLE]");
    const health = await server.tool("health-check", { detailed: true });
    expect(JSON.stringify(health["components"])).toContain("compares meanings");
  } finally {
    await server.stop();
  }
});

test("what cannot be is one clear line, and downloads nothing", async () => {
  choose({ embedding: "transformers", embeddingModel: ID });
  await run("capture", "--type", "note", ANSWER);
  expect((await run("search", "ducks")).stdout).toContain(ANSWER);
  expect((await run("model", "embed")).stderr).toMatch(
    /^heirloom: someone\/ponds was not downloaded: .* \[EMBEDDING_FAILED\]$/mu,
  );
  expect((await run("doctor")).stdout).toMatch(/warning {2}embedding: .*heirloom model download someone\/ponds/u);
  expect(hub.requests).toEqual([]);
  expect((await run("model", "download", "someone/else")).stderr).toMatch(/\[NOT_FOUND\]$/mu);
  expect((await run("model", "download")).code).toBe(2);
  expect((await run("model", "fly")).code).toBe(2);
  choose({ embedding: "transformers", embeddingModel: "just a name" });
  expect((await run("list")).stderr).toMatch(/embeddingModel: .*OWNER\/NAME.* \[INVALID_INPUT\]$/mu);
});

test("a reranker is downloaded, told how it is used, and reads what a search finds", async () => {
  writeTinyReranker(join(scratch.path, "origin"), { swims: "ducks" });
  expect((await run("model", "download", ID)).stderr).toContain(`To use it: {"reranker": "${ID}"} in settings.json`);
  expect((await run("model")).stdout).toMatch(
    /^Xenova\/ms-marco-MiniLM-L-6-v2 +not downloaded; 24 MB, Apache-2\.0\. Reranker/mu,
  );
  choose({ embedding: "none", reranker: ID, queryTimeoutMs: 20_000 });
  expect((await run("model")).stdout).toMatch(/^someone\/ponds +downloaded, chosen;/mu);
  await run("capture", "--type", "note", ANSWER);
  await run("capture", "--type", "note", "Who swims in the pond needs a towel.");
  const found = (await run("search", "who swims in the pond", "--explain")).stdout;
  expect(found.indexOf(ANSWER)).toBeLessThan(found.indexOf("towel"));
  expect(found).toContain("read together with the question by someone/ponds: it answers (0.98)");
  expect(found).toContain("reranker (2 results read by someone/ponds)");
  choose({ reranker: "just a name" });
  expect((await run("list")).stderr).toMatch(/reranker: .*OWNER\/NAME.* \[INVALID_INPUT\]$/mu);
});

test("one that is removed is gone", async () => {
  await run("model", "download", ID);
  expect((await run("model", "remove", ID)).code).toBe(0);
  expect(existsSync(join(data, "models/someone--ponds"))).toBe(false);
  expect((await run("model", "remove", ID)).stderr).toMatch(/\[NOT_FOUND\]$/mu);
});
