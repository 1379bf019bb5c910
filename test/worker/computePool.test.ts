import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ComputePool } from "../../src/worker/computePool.ts";
import { computePool } from "../support/computePool.ts";
import { temporaryFolder } from "../support/repository.ts";
import { PONDS, writeTinyModel } from "../support/tinyModel.ts";

/** A thread that runs this text. */
const thread = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);

const toldContaining = (told: string): string => expect.stringContaining(told) as string;

let folder: string;
let remove: () => void;
let pool: ComputePool | undefined;
beforeEach(() => {
  ({ folder, remove } = temporaryFolder("compute"));
  writeTinyModel(folder, PONDS);
});
afterEach(async () => {
  await pool?.close();
  remove();
});

const many = (signal?: AbortSignal) => ({
  folder,
  texts: Array.from({ length: 4_000 }, () => "ducks in a pond ".repeat(100)),
  purpose: "passage" as const,
  signal,
});

describe("the compute pool", () => {
  it("starts its thread with the first call, ends it when nobody asks, and starts it again", async () => {
    pool = computePool({ idleMs: 50 });
    expect(pool.isRunning).toBe(false);
    const loaded = await pool.load(folder);
    expect(pool.isRunning).toBe(true);
    await expect.poll(() => pool?.isRunning, { timeout: 5_000 }).toBe(false);
    expect(await pool.load(folder)).toEqual(loaded);
  });

  it("is not idle while it works", async () => {
    pool = computePool({ idleMs: 1 });
    const { dimensions } = await pool.load(folder);
    expect((await pool.embed({ ...many(), texts: many().texts.slice(0, 400) })).length).toBe(400 * dimensions);
  });

  it("gives up what its caller gave up, and answers a question in the middle of long work", async () => {
    pool = computePool();
    await pool.load(folder);
    const control = new AbortController();
    let done = false;
    const long = pool.embed(many(control.signal)).finally(() => (done = true));
    const refused = expect(long).rejects.toThrow("no longer wanted");
    expect((await pool.embed({ folder, texts: ["birds"], purpose: "query" })).length).toBe(4);
    expect(done).toBe(false);
    control.abort(new Error("no longer wanted"));
    await refused;
    expect((await pool.embed({ folder, texts: ["birds"], purpose: "query" })).length).toBe(4);
  });

  it("refuses a model that takes too much memory, and runs others afterwards", async () => {
    pool = computePool({ memoryLimitBytes: 48 * 1_048_576 });
    const wide = join(folder, "wide");
    writeTinyModel(
      wide,
      Object.fromEntries(["a", "b", "c", "d"].map((word) => [word, Array<number>(1_500_000).fill(1)])),
    );
    await expect(pool.load(wide)).rejects.toMatchObject({
      code: "EMBEDDING_FAILED",
      message: toldContaining("more memory"),
    });
    expect(await pool.load(folder)).toMatchObject({ dimensions: 4 });
  });

  it("says what is wrong with a folder", async () => {
    pool = computePool();
    const refusal = async (path: string): Promise<unknown> => pool?.load(path).catch((error: unknown) => error);
    expect(await refusal(join(folder, "gone"))).toMatchObject({
      code: "EMBEDDING_FAILED",
      message: toldContaining("there is no such folder"),
    });
    expect(await refusal(join(folder, "onnx"))).toMatchObject({
      message: toldContaining("has no config.json"),
    });
  });

  it("fails what was asked of a thread that died, and starts another for the next call", async () => {
    pool = new ComputePool(thread("setTimeout(() => { throw new Error('a bug') }, 20)"));
    await expect(pool.load(folder)).rejects.toMatchObject({
      code: "EMBEDDING_FAILED",
      message: toldContaining("a bug"),
    });
    expect(pool.isRunning).toBe(false);
    await expect(pool.load(folder)).rejects.toMatchObject({ code: "EMBEDDING_FAILED" });
  });

  it("answers nothing more once it is closed", async () => {
    pool = computePool();
    await pool.load(folder);
    const asked = pool.embed(many()).catch((error: unknown) => error);
    await pool.close();
    expect(await asked).toMatchObject({ code: "EMBEDDING_FAILED" });
    expect(await pool.load(folder).catch((error: unknown) => error)).toMatchObject({ code: "EMBEDDING_FAILED" });
  });
});
