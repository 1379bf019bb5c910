import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ComputePool } from "../../../src/worker/computePool.ts";
import { computePool } from "../../support/computePool.ts";
import { temporaryFolder } from "../../support/repository.ts";
import { PONDS, writeTinyModel } from "../../support/tinyModel.ts";
import { writeTinyReranker } from "../../support/tinyReranker.ts";

const ANSWERS = { birds: "ducks", lake: "pond" };
const logistic = (score: number): number => 1 / (1 + Math.exp(-score));
const toldMatching = (told: RegExp): string => expect.stringMatching(told) as string;

let folder: string;
let remove: () => void;
let pool: ComputePool;
beforeEach(() => {
  ({ folder, remove } = temporaryFolder("cross-encoder"));
  writeTinyReranker(folder, ANSWERS);
  pool = computePool();
});
afterEach(async () => {
  await pool.close();
  remove();
});

const rerank = async (query: string, ...passages: readonly string[]): Promise<readonly number[]> => [
  ...(await pool.rerank({ folder, query, passages })),
];
const close = (shares: readonly number[]): unknown => shares.map((share) => expect.closeTo(share, 5) as unknown);

describe("a cross-encoder", () => {
  test("tells how well each passage answers, as it reads both texts, in the order of the passages", async () => {
    expect(await rerank("birds of a lake", "The header.", "Ducks in a pond.", "A pond.", "Birds, lake.")).toEqual(
      close([-4, 12, 4, -4].map(logistic)),
    );
  });

  test("tells the same of a passage whatever is read beside it", async () => {
    const long = "header ".repeat(300);
    const [alone] = await rerank("birds", "Ducks.");
    const beside = await rerank("birds", long, "Ducks.", long, `${long} ducks`);
    expect(beside).toEqual(close([logistic(-4), alone ?? 0, logistic(-4), logistic(4)]));
  });

  test("reads the beginning of what is too long, and as much of it however long the question is", async () => {
    const [early, late] = await rerank("birds", `ducks ${"header ".repeat(2_000)}`, `${"header ".repeat(2_000)} ducks`);
    expect([early, late]).toEqual(close([logistic(4), logistic(-4)]));
    expect(await rerank(`birds ${"header ".repeat(2_000)}`, `${"header ".repeat(200)} ducks`)).toEqual(
      close([logistic(4)]),
    );
  });

  test("reads nothing where there is nothing", async () => {
    expect(await rerank("birds")).toEqual([]);
    expect(await rerank("birds", "")).toEqual(close([logistic(-4)]));
  });

  test("stays beside a model that embeds", async () => {
    const ponds = join(folder, "ponds");
    writeTinyModel(ponds, PONDS);
    await pool.load(ponds);
    await rerank("birds", "Ducks.");
    rmSync(join(ponds, "config.json"));
    rmSync(join(folder, "config.json"));
    expect((await pool.embed({ folder: ponds, texts: ["birds"], purpose: "query" })).length).toBe(4);
    expect(await rerank("birds", "Ducks.")).toEqual(close([logistic(4)]));
  });

  test("gives up what its caller gave up, and reads on for others", async () => {
    writeTinyReranker(folder, ANSWERS, { work: 20 });
    const control = new AbortController();
    await rerank("birds", "Ducks.");
    const passages = Array.from({ length: 400 }, () => "header ".repeat(100));
    const asked = pool.rerank({ folder, query: "birds", passages, signal: control.signal });
    const refused = expect(asked).rejects.toThrow("no longer wanted");
    control.abort(new Error("no longer wanted"));
    await refused;
    expect(await rerank("birds", "Ducks.")).toEqual(close([logistic(4)]));
  });
});

describe("what is no cross-encoder is refused in words", () => {
  const refusal = (): Promise<unknown> => rerank("birds", "Ducks.").catch((error: unknown) => error);

  test("a model that embeds", async () => {
    writeTinyModel(folder, PONDS);
    expect(await refusal()).toMatchObject({ code: "EMBEDDING_FAILED", message: toldMatching(/it is no reranker/u) });
  });

  test("one that gives several scores", async () => {
    writeTinyReranker(folder, ANSWERS, { scores: 3 });
    expect(await refusal()).toMatchObject({ code: "EMBEDDING_FAILED", message: toldMatching(/no single score/u) });
  });

  test("a damaged file, and a folder without one", async () => {
    const weights = join(folder, "onnx/model_quantized.onnx");
    writeFileSync(weights, "no model");
    expect(await refusal()).toMatchObject({ code: "EMBEDDING_FAILED", message: toldMatching(/cannot be used/u) });
    rmSync(weights);
    expect(await refusal()).toMatchObject({ code: "EMBEDDING_FAILED", message: toldMatching(/has none of onnx/u) });
  });

  test("one that takes more memory than it may", async () => {
    await pool.close();
    pool = computePool({ memoryLimitBytes: 20 * 1_048_576 });
    const many = Array.from({ length: 4_000 }, (_, at) => [`word${at}`, `answer${at}`]);
    writeTinyReranker(folder, Object.fromEntries(many.slice(0, 1_000)) as Record<string, string>, { work: 1 });
    expect(await refusal()).toMatchObject({ code: "EMBEDDING_FAILED", message: toldMatching(/more memory/u) });
  });
});
