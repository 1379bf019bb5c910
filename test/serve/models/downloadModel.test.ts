import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { downloadedModels, downloadModel, type ModelDownload } from "../../../src/serve/models/downloadModel.ts";
import { ModelHub, REVISION } from "../../support/modelHub.ts";
import { temporaryFolder } from "../../support/repository.ts";
import { PONDS, writeTinyModel } from "../../support/tinyModel.ts";

const ID = "someone/ponds";
const WEIGHTS = "onnx/model_quantized.onnx";

let origin: string;
let dataFolder: string;
let remove: () => void;
let hub: ModelHub;
beforeEach(async () => {
  const temporary = temporaryFolder("download");
  remove = temporary.remove;
  origin = join(temporary.folder, "origin");
  dataFolder = join(temporary.folder, "data");
  writeTinyModel(origin, PONDS);
  hub = await ModelHub.serve(ID, origin);
});
afterEach(async () => {
  await hub.close();
  remove();
});

const download = (more: Partial<ModelDownload> = {}): ReturnType<typeof downloadModel> =>
  downloadModel({ dataFolder, id: ID, hub: hub.url, waitsMs: [1, 1], ...more });
const refusal = async (more: Partial<ModelDownload> = {}): Promise<unknown> =>
  download(more).catch((error: unknown) => error);
const saying = (text: string): string => expect.stringContaining(text) as string;
const here = join("models", "someone--ponds");
const inFolder = (): readonly string[] =>
  readdirSync(join(dataFolder, here), { recursive: true, encoding: "utf8" })
    .map((name) => name.split(sep).join("/"))
    .sort();

describe("a download", () => {
  test("brings the files that a model needs, as they are, and tells how far it is", async () => {
    mkdirSync(join(origin, "1_Pooling"));
    writeFileSync(join(origin, "1_Pooling/config.json"), JSON.stringify({ pooling_mode_cls_token: true }));
    writeFileSync(join(origin, "README.md"), "not needed");
    const told: (readonly [number, number])[] = [];
    const model = await download({ onProgress: (done, total) => told.push([done, total]) });
    expect(model).toMatchObject({ id: ID, folder: join(dataFolder, here), revision: REVISION });
    for (const path of ["config.json", "tokenizer.json", "tokenizer_config.json", WEIGHTS, "1_Pooling/config.json"])
      expect(readFileSync(join(model.folder, path))).toEqual(readFileSync(join(origin, path)));
    expect(inFolder()).not.toContain("README.md");
    expect(told.at(-1)).toEqual([model.bytes, model.bytes]);
    expect(told.map(([done]) => done)).toEqual(told.map(([done]) => done).sort((a, b) => a - b));
    expect(await downloadedModels(dataFolder)).toEqual([model]);
  });

  test("fetches nothing again that is there, and what was changed since", async () => {
    await download();
    hub.requests.length = 0;
    await download();
    expect(hub.requests).toEqual([`/api/models/${ID}?blobs=true`]);
    writeFileSync(join(dataFolder, here, "config.json"), "x".repeat(readFileSync(join(origin, "config.json")).length));
    await download();
    expect(hub.requests.filter((path) => path.includes("resolve"))).toEqual([`/${ID}/resolve/${REVISION}/config.json`]);
    expect(readFileSync(join(dataFolder, here, "config.json"))).toEqual(readFileSync(join(origin, "config.json")));
  });

  test("goes on where the connection was cut, however often, while something comes", async () => {
    hub.cut = { answers: 5, afterBytes: 50 };
    const model = await download();
    expect(readFileSync(join(model.folder, WEIGHTS))).toEqual(readFileSync(join(origin, WEIGHTS)));
    expect(hub.requests.filter((path) => path.endsWith("bytes=50-")).length).toBeGreaterThan(0);
  });

  test("begins anew where the hub knows no ranges", async () => {
    hub.ranges = false;
    hub.cut = { answers: 1, afterBytes: 100 };
    const model = await download();
    expect(readFileSync(join(model.folder, WEIGHTS))).toEqual(readFileSync(join(origin, WEIGHTS)));
  });

  test("tries again when nothing comes for a while, and gives up at last", async () => {
    hub.stalls = true;
    expect(await refusal({ silenceMs: 50, waitsMs: [1] })).toMatchObject({
      code: "EMBEDDING_FAILED",
      message: saying("cannot be reached"),
    });
  });

  test("keeps what it has when it is cancelled, and goes on from there", async () => {
    const control = new AbortController();
    hub.stalls = true;
    const cancelled = download({
      signal: control.signal,
      onProgress: (done) => done > 0 && control.abort(new Error("no longer wanted")),
    });
    await expect(cancelled).rejects.toThrow("no longer wanted");
    expect(inFolder().filter((name) => name.endsWith(".part"))).toHaveLength(1);
    expect(await downloadedModels(dataFolder)).toEqual([]);
    hub.stalls = false;
    hub.requests.length = 0;
    await download();
    expect(hub.requests.some((path) => path.endsWith("bytes=10-"))).toBe(true);
    expect(inFolder().filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("does not keep what is not what the hub says it is, large or small", async () => {
    hub.replaced.set("config.json", Buffer.alloc(100_000));
    expect(await refusal()).toMatchObject({ code: "EMBEDDING_FAILED", message: saying("longer than") });
    for (const path of ["config.json", WEIGHTS]) {
      const bytes = readFileSync(join(origin, path));
      hub.replaced.set(path, Buffer.alloc(bytes.length, 7));
      expect(await refusal()).toMatchObject({ code: "EMBEDDING_FAILED", message: saying(`${path} of ${ID}`) });
      expect(existsSync(join(dataFolder, here, path))).toBe(false);
      expect(inFolder().filter((name) => name.endsWith(".part"))).toEqual([]);
      hub.replaced.clear();
    }
  });

  test("begins anew when what was left of an earlier try is of another file", async () => {
    mkdirSync(join(dataFolder, here, "onnx"), { recursive: true });
    writeFileSync(join(dataFolder, here, `${WEIGHTS}.part`), "of another version");
    const model = await download();
    expect(readFileSync(join(model.folder, WEIGHTS))).toEqual(readFileSync(join(origin, WEIGHTS)));
  });

  test("says what to do where there is no such model, no model at all, and no network", async () => {
    expect(await refusal({ id: "someone/else" })).toMatchObject({ code: "NOT_FOUND", message: saying("someone/else") });
    expect(await refusal({ id: "../../etc/passwd" })).toMatchObject({ code: "INVALID_INPUT" });
    hub.status = 503;
    expect(await refusal()).toMatchObject({ code: "EMBEDDING_FAILED", message: saying("503") });
    hub.status = undefined;
    const gone = await ModelHub.serve(ID, origin);
    const offline = gone.url;
    await gone.close();
    for (const id of [ID, "Xenova/all-MiniLM-L6-v2"])
      expect(await refusal({ id, hub: offline })).toMatchObject({
        code: "EMBEDDING_FAILED",
        message: saying("ECONNREFUSED"),
      });
    expect(existsSync(join(dataFolder, here, "config.json"))).toBe(false);
  });

  test("refuses what transformers.js cannot run, before it fetches anything", async () => {
    const bare = await ModelHub.serve("someone/bare", join(origin, "onnx"));
    expect(await refusal({ id: "someone/bare", hub: bare.url })).toMatchObject({
      code: "EMBEDDING_FAILED",
      message: saying("onnx/model_quantized.onnx"),
    });
    expect(bare.requests).toHaveLength(1);
    await bare.close();
  });

  test("of a preset takes the commit and the digests that were pinned, whatever the hub says", async () => {
    const id = "Xenova/all-MiniLM-L6-v2";
    expect(await refusal({ id })).toMatchObject({ code: "NOT_FOUND" });
    expect(hub.requests).toEqual([`/${id}/resolve/751bff37182d3f1213fa05d7196b954e230abad9/config.json`]);
  });
});
