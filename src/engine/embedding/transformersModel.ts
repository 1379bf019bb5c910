import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  AutoModel,
  AutoTokenizer,
  env,
  LogLevel,
  type PreTrainedModel,
  type PreTrainedTokenizer,
  Tensor,
} from "@huggingface/transformers";
import type { EmbeddingPurpose, LoadedModel } from "../../contract/compute.ts";
import { HeirloomError } from "../../contract/errors.ts";
import { type ModelFolder, readModelFolder, unusable } from "./modelFolder.ts";

/** A passage is cut to so many tokens, and to so many characters before they are counted. */
const MOST_TOKENS = 512;
const MOST_CHARACTERS = 16 * MOST_TOKENS;
/** Tokens, padding among them, that go through the model at once: about 100 ms, after which others have their turn. */
const TOKENS_AT_ONCE = 1024;

/** A model of transformers.js that is loaded. */
export interface TransformersModel extends LoadedModel {
  /** One unit vector a text, one after the other; zeros for white space. Throws the signal's reason. EMBEDDING_FAILED. */
  embed(texts: readonly string[], purpose: EmbeddingPurpose, signal?: AbortSignal): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** `runtimeFolder` holds ort-wasm-simd-threaded.mjs and .wasm. Nothing is read from anywhere else than these two folders. EMBEDDING_FAILED. */
export async function loadTransformersModel(folder: string, runtimeFolder: string): Promise<TransformersModel> {
  const place = await readModelFolder(folder);
  prepare(runtimeFolder);
  return explained(folder, async () => {
    const tokenizer = await AutoTokenizer.from_pretrained(folder);
    const { subfolder, dtype } = place;
    const model = await AutoModel.from_pretrained(folder, { subfolder, dtype, device: "cpu" });
    return OnnxModel.measured(place, tokenizer, model);
  });
}

function prepare(runtimeFolder: string): void {
  // It would tell what it was given.
  env.logLevel = LogLevel.NONE;
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.useFSCache = false;
  env.useBrowserCache = false;
  env.useWasmCache = false;
  env.fetch = () => Promise.reject(new Error("models are only read from the disk"));
  const runtime = (end: string): string => pathToFileURL(join(runtimeFolder, `ort-wasm-simd-threaded.${end}`)).href;
  const { wasm } = env.backends.onnx;
  if (wasm === undefined) throw new Error("onnxruntime-web is not what runs the models");
  wasm.wasmPaths = { mjs: runtime("mjs"), wasm: runtime("wasm") };
  wasm.numThreads = 1;
}

/** A text as the model reads it, and its place among those that were asked for. */
interface Tokens {
  readonly at: number;
  readonly ids: readonly number[];
}

class OnnxModel implements TransformersModel {
  readonly digest: string;
  readonly dimensions: number;
  readonly #place: ModelFolder;
  readonly #tokenizer: PreTrainedTokenizer;
  readonly #model: PreTrainedModel;
  readonly #mostTokens: number;

  private constructor(place: ModelFolder, tokenizer: PreTrainedTokenizer, model: PreTrainedModel, dimensions: number) {
    this.digest = place.digest;
    this.dimensions = dimensions;
    this.#place = place;
    this.#tokenizer = tokenizer;
    this.#model = model;
    const positions = (model.config as { readonly max_position_embeddings?: number }).max_position_embeddings;
    this.#mostTokens = Math.min(MOST_TOKENS, Number(tokenizer.model_max_length ?? Infinity), positions ?? Infinity);
  }

  /** Only what a model gives tells how many dimensions it has. */
  static async measured(
    place: ModelFolder,
    tokenizer: PreTrainedTokenizer,
    model: PreTrainedModel,
  ): Promise<OnnxModel> {
    const probe = new OnnxModel(place, tokenizer, model, 0);
    const { dimensions } = await probe.#run([{ at: 0, ids: probe.#tokens("a") }]);
    return new OnnxModel(place, tokenizer, model, dimensions);
  }

  async embed(texts: readonly string[], purpose: EmbeddingPurpose, signal?: AbortSignal): Promise<Float32Array> {
    const vectors = new Float32Array(texts.length * this.dimensions);
    const prefix = this.#place.prefixes[purpose];
    const read = texts.flatMap((text, at) => (text.trim() === "" ? [] : [{ at, ids: this.#tokens(prefix + text) }]));
    for (const batch of batchesOf(read)) {
      signal?.throwIfAborted();
      const { pooled } = await explained(this.#place.folder, () => this.#run(batch));
      for (const [index, { at }] of batch.entries())
        vectors.set(
          unit(pooled.subarray(index * this.dimensions, (index + 1) * this.dimensions)),
          at * this.dimensions,
        );
      // A question that came meanwhile need not wait for all of them.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (!vectors.every(Number.isFinite)) throw unusable(this.#place.folder, "its vectors hold what is no number");
    return vectors;
  }

  async dispose(): Promise<void> {
    await this.#model.dispose();
  }

  #tokens(text: string): readonly number[] {
    const options = { truncation: true, max_length: this.#mostTokens, return_tensor: false } as const;
    const { input_ids } = this.#tokenizer(text.slice(0, MOST_CHARACTERS), options) as { input_ids: number[] };
    return input_ids;
  }

  /** One vector a text, not yet of unit length. */
  async #run(batch: readonly Tokens[]): Promise<{ readonly pooled: Float32Array; readonly dimensions: number }> {
    const longest = Math.max(1, ...batch.map(({ ids }) => ids.length));
    const shape = [batch.length, longest];
    // What is masked may be any token.
    const ids = new BigInt64Array(batch.length * longest);
    const mask = new BigInt64Array(batch.length * longest);
    for (const [row, { ids: tokens }] of batch.entries())
      for (const [at, id] of tokens.entries()) {
        ids[row * longest + at] = BigInt(id);
        mask[row * longest + at] = 1n;
      }
    const outputs = (await this.#model({
      input_ids: new Tensor("int64", ids, shape),
      attention_mask: new Tensor("int64", mask, shape),
      token_type_ids: new Tensor("int64", new BigInt64Array(ids.length), shape),
    })) as Readonly<Record<string, Tensor>>;
    const hidden = outputs["last_hidden_state"] ?? outputs["token_embeddings"] ?? outputs["logits"];
    if (hidden?.dims.length !== 3) throw unusable(this.#place.folder, "it gives no vector for each token");
    const dimensions = hidden.dims[2] ?? 0;
    const pooled = new Float32Array(batch.length * dimensions);
    for (const [row, { ids: tokens }] of batch.entries()) {
      const sums = pooled.subarray(row * dimensions, (row + 1) * dimensions);
      const counted = this.#place.pooling === "cls" ? 1 : tokens.length;
      for (let token = 0; token < counted; token++) {
        const from = (row * longest + token) * dimensions;
        for (let at = 0; at < dimensions; at++) sums[at] = (sums[at] ?? 0) + Number(hidden.data[from + at]);
      }
    }
    for (const output of Object.values(outputs)) output.dispose();
    return { pooled, dimensions };
  }
}

/** Texts of like lengths together, so that little of a batch is padding. */
function* batchesOf(texts: readonly Tokens[]): Generator<readonly Tokens[]> {
  const byLength = [...texts].sort((a, b) => a.ids.length - b.ids.length);
  let batch: Tokens[] = [];
  for (const text of byLength) {
    if (batch.length > 0 && (batch.length + 1) * text.ids.length > TOKENS_AT_ONCE) {
      yield batch;
      batch = [];
    }
    batch.push(text);
  }
  if (batch.length > 0) yield batch;
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((component) => component / length);
}

async function explained<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HeirloomError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (NO_MEMORY.test(message)) throw unusable(folder, "it needs more memory than a model may take here");
    throw unusable(folder, message.replace(/\s+/gu, " ").replace(/\.$/u, ""));
  }
}

const NO_MEMORY = /bad_alloc|allocate a buffer|out of memory/iu;
