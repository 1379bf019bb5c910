import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultSettings } from "../../src/contract/settings.ts";
import type { RetrieveInput, RetrieveResult } from "../../src/contract/tools.ts";
import { ComputePool } from "../../src/worker/computePool.ts";
import { computePool } from "../support/computePool.ts";
import { RerankedEngine } from "../support/rerankedEngine.ts";
import { writeTinyReranker } from "../support/tinyReranker.ts";

const QUESTION = "who swims in the lake";
/** Holds more words of the question than the answer does, and answers nothing. */
const NEAR = "Who swims in the lake needs a towel.";
const ANSWER = "The lake is where ducks live.";
const OTHER = "The lake is cold in winter.";

let here: RerankedEngine;
let model: string;
beforeEach(() => {
  here = new RerankedEngine();
  model = join(here.folder, "swimmers");
  writeTinyReranker(model, { swims: "ducks" });
});
afterEach(() => here.close());

const ask = (given: Partial<RetrieveInput> = {}): Promise<RetrieveResult> =>
  here.engine.retrieve({ query: QUESTION, explain: true, ...given }, {});
const contents = ({ memories }: RetrieveResult): readonly string[] => memories.map(({ content }) => content);
const steps = ({ plan }: RetrieveResult): string => plan?.steps.map(({ step }) => step).join("; ") ?? "";
const fill = async (): Promise<void> => {
  await here.open({});
  await here.remember(OTHER, ANSWER, NEAR);
};
/** A thread that runs this text. */
const thread = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);

describe("a reranker", () => {
  test("brings forward what answers the question, and says so in points and in words", async () => {
    await fill();
    expect(contents(await ask())[0]).toBe(NEAR);
    await here.open({ reranker: model });
    const result = await ask();
    expect(contents(result)).toEqual([ANSWER, NEAR, OTHER]);
    expect(steps(result)).toMatch(/reranker \(3 results read by swimmers\)$/u);
    const [answer, near] = result.memories;
    expect(answer?.signals?.["reranker"]).toBeGreaterThan(0.2);
    expect(answer?.reasons).toContain("read together with the question by swimmers: it answers (0.98)");
    expect(near?.signals?.["reranker"]).toBeLessThan(0.02);
    expect(near?.reasons.join()).not.toContain("read together");
    expect(answer?.signals?.["words"]).toBeGreaterThan(0);
  });

  test("gives the same answer to the same question", async () => {
    await fill();
    await here.open({ reranker: model });
    const told = async (): Promise<readonly unknown[]> =>
      (await ask()).memories.map(({ id, signals, reasons }) => [id, signals?.["reranker"], reasons]);
    const first = await told();
    await here.open({ reranker: model });
    expect(await told()).toEqual(first);
  });

  test("reads for a context too", async () => {
    await fill();
    await here.open({ reranker: model });
    const { markdown } = await here.engine.buildContext({ query: QUESTION }, {});
    expect(markdown.indexOf(ANSWER)).toBeLessThan(markdown.indexOf(NEAR));
  });

  test("is off by default, and then nothing is loaded", async () => {
    await fill();
    expect(steps(await ask())).not.toContain("reranker");
    expect(here.pool.isRunning).toBe(false);
  });

  test("is not asked where its signal is off, where nothing is asked, and where nothing was found", async () => {
    await fill();
    await here.open({ reranker: model, signals: { ...defaultSettings.signals, reranker: false } });
    expect(contents(await ask())[0]).toBe(NEAR);
    await here.open({ reranker: model });
    expect(contents(await ask({ query: "" }))).toEqual([NEAR, ANSWER, OTHER]);
    expect(contents(await ask({ query: "zebra" }))).toEqual([]);
    expect(here.pool.isRunning).toBe(false);
  });

  test("leaves the memory when nobody asks, and comes back", async () => {
    await fill();
    await here.open({ reranker: model }, computePool({ idleMs: 50 }));
    await ask();
    await expect.poll(() => here.pool.isRunning, { timeout: 5_000 }).toBe(false);
    expect(contents(await ask())[0]).toBe(ANSWER);
  });
});

describe("pages", () => {
  test("neither lose nor repeat, also where the reranker is gone between them, and need it no more", async () => {
    await here.open({});
    const many = Array.from(
      { length: 40 },
      (_, at) => `The lake number ${at} is full of ${at % 7 === 0 ? "ducks" : "water"}.`,
    );
    await here.remember(...many);
    await here.open({ reranker: model });
    const whole = await ask({ limit: 100 });
    expect(contents(whole)[0]).toContain("ducks");
    const first = await ask({ limit: 7 });
    await here.remember("The lake number 41 is full of ducks.");
    rmSync(model, { recursive: true });
    const paged = [...contents(first)];
    for (let cursor = first.nextCursor; cursor !== undefined;) {
      const page = await ask({ limit: 7, cursor });
      expect(steps(page)).toMatch(/reranker \(as swimmers read for the first page\)$/u);
      paged.push(...contents(page));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(contents(whole));
    expect(new Set(paged).size).toBe(many.length);
  });

  test("go on without it where the first one was ranked without it", async () => {
    await fill();
    await here.open({ reranker: join(here.folder, "later") });
    const first = await ask({ limit: 1 });
    writeTinyReranker(join(here.folder, "later"), { swims: "ducks" });
    const rest = await ask({ ...(first.nextCursor === undefined ? {} : { cursor: first.nextCursor }) });
    expect([...contents(first), ...contents(rest)]).toEqual([NEAR, ...contents(rest)]);
    expect(contents(rest)).toHaveLength(2);
  });
});

describe("where it fails, the search answers without it and says why", () => {
  const warnings = (): readonly unknown[] => here.logged.filter(({ level }) => level === "warn").map(({ why }) => why);
  const health = async (): Promise<{ readonly status?: string; readonly message?: string }> =>
    (await here.engine.health(true, {})).components["reranker"] ?? {};

  test("a model that is not there, said once, until it is there", async () => {
    await fill();
    await here.open({ reranker: "someone/missing" });
    for (let times = 0; times < 3; times++) {
      const result = await ask();
      expect(contents(result)[0]).toBe(NEAR);
      expect(steps(result)).toMatch(/reranker left out: someone\/missing was not downloaded: .*model download/u);
    }
    expect(warnings()).toHaveLength(1);
    expect(await health()).toMatchObject({ status: "degraded" });
    expect(here.pool.isRunning).toBe(false);
    writeTinyReranker(join(here.folder, "data/models/someone--missing"), { swims: "ducks" });
    expect(contents(await ask())[0]).toBe(ANSWER);
    expect(await health()).toMatchObject({ status: "healthy" });
  });

  test("a model that is damaged", async () => {
    await fill();
    writeFileSync(join(model, "onnx/model_quantized.onnx"), "no model");
    await here.open({ reranker: model });
    const results = [await ask(), await ask()];
    for (const result of results) expect(steps(result)).toMatch(/reranker left out: The model in .* cannot be used: /u);
    expect(contents(results[0] as RetrieveResult)[0]).toBe(NEAR);
    expect(warnings()).toHaveLength(1);
    expect((await health()).message).toMatch(/^Results are ranked without the reranker\. The model in /u);
  });

  test("a model that takes longer than the search may", async () => {
    await fill();
    writeTinyReranker(model, { swims: "ducks" }, { work: 1_000 });
    await here.open({ reranker: model, queryTimeoutMs: 800 });
    const result = await ask();
    expect(contents(result)[0]).toBe(NEAR);
    expect(steps(result)).toMatch(/reranker left out: swimmers had not read the results after \d+ ms/u);
    // Nobody waits for it again at once: the same is told.
    expect(
      steps(await ask())
        .split("; ")
        .at(-1),
    ).toBe(steps(result).split("; ").at(-1));
    expect(warnings()).toHaveLength(1);
  });

  test("a thread that dies", async () => {
    await fill();
    const dying = new ComputePool(thread("setTimeout(() => { throw new Error('a bug') }, 20)"));
    await here.open({ reranker: model }, dying);
    const result = await ask();
    expect(contents(result)[0]).toBe(NEAR);
    expect(steps(result)).toMatch(/reranker left out: The thread that runs models has ended: .*a bug/u);
  });

  test("but a caller who goes is told that, and nothing is held against the model", async () => {
    await fill();
    await here.open({ reranker: model }, new ComputePool(thread("setInterval(() => undefined, 1000)")));
    const caller = new AbortController();
    const asked = here.engine.retrieve({ query: QUESTION }, { signal: caller.signal });
    setTimeout(() => caller.abort(), 50);
    await expect(asked).rejects.toMatchObject({
      code: "QUERY_TIMEOUT",
      message: "The search was cancelled by its caller.",
    });
    expect(warnings()).toEqual([]);
    expect(await health()).toMatchObject({ status: "healthy" });
  });
});
