import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  AutoModel,
  AutoModelForSequenceClassification,
  AutoTokenizer,
  env,
  LogLevel,
  type PreTrainedModel,
  type PreTrainedTokenizer,
  Tensor,
} from "@huggingface/transformers";
import { HeirloomError } from "../../contract/errors.ts";
import { type ModelFolder, unusable } from "./modelFolder.ts";
import type { Tokens } from "./tokenBatches.ts";

/** A text is cut to so many tokens, and to so many characters before they are counted. */
const MOST_TOKENS = 512;
const MOST_CHARACTERS = 16 * MOST_TOKENS;
/** So many characters of the first text of a pair leave most of what is read to the second. */
const MOST_OF_FIRST = 1_000;

/** What a model gives for a batch. */
export interface ModelOutput {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | bigint>;
}

/** A model of transformers.js that is loaded, with its tokenizer. */
export interface TextModel {
  tokens(at: number, text: string): Tokens;
  /** Two texts that are read together; what is too long loses the end of the second. */
  pair(at: number, first: string, second: string): Tokens;
  /** What `take` makes of the outputs, which are gone afterwards. */
  run<T>(batch: readonly Tokens[], take: (outputs: Readonly<Record<string, ModelOutput>>) => T): Promise<T>;
  dispose(): Promise<void>;
}

/** Nothing is read but the model's folder and `runtimeFolder`, which holds ort-wasm-simd-threaded.mjs and .wasm. Throws what the library throws. */
export async function openTextModel(
  { folder, subfolder, dtype }: ModelFolder,
  runtimeFolder: string,
  gives: "vectors" | "scores",
): Promise<TextModel> {
  prepare(runtimeFolder);
  const tokenizer = await AutoTokenizer.from_pretrained(folder);
  const kind = gives === "vectors" ? AutoModel : AutoModelForSequenceClassification;
  return new LoadedModel(tokenizer, await kind.from_pretrained(folder, { subfolder, dtype, device: "cpu" }));
}

/** Runs what may fail in the library, and says what it means. EMBEDDING_FAILED. */
export async function explained<T>(folder: string, work: () => Promise<T>): Promise<T> {
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

class LoadedModel implements TextModel {
  readonly #tokenizer: PreTrainedTokenizer;
  readonly #model: PreTrainedModel;
  readonly #mostTokens: number;

  constructor(tokenizer: PreTrainedTokenizer, model: PreTrainedModel) {
    this.#tokenizer = tokenizer;
    this.#model = model;
    const positions = (model.config as { readonly max_position_embeddings?: number }).max_position_embeddings;
    this.#mostTokens = Math.min(MOST_TOKENS, Number(tokenizer.model_max_length ?? Infinity), positions ?? Infinity);
  }

  tokens(at: number, text: string): Tokens {
    const options = { truncation: true, max_length: this.#mostTokens, return_tensor: false } as const;
    const { input_ids } = this.#tokenizer(text.slice(0, MOST_CHARACTERS), options) as { input_ids: number[] };
    return { at, ids: input_ids };
  }

  pair(at: number, first: string, second: string): Tokens {
    const text_pair = second.slice(0, MOST_CHARACTERS);
    const options = { text_pair, truncation: false, return_tensor: false, return_token_type_ids: true } as const;
    const { input_ids, token_type_ids } = this.#tokenizer(first.slice(0, MOST_OF_FIRST), options) as {
      input_ids: number[];
      token_type_ids?: number[];
    };
    const types = token_type_ids ?? [];
    return { at, ids: this.#cut(input_ids), ...(types.length === 0 ? {} : { types: this.#cut(types) }) };
  }

  async run<T>(batch: readonly Tokens[], take: (outputs: Readonly<Record<string, ModelOutput>>) => T): Promise<T> {
    const longest = Math.max(1, ...batch.map(({ ids }) => ids.length));
    const shape = [batch.length, longest];
    // What is masked may be any token.
    const ids = new BigInt64Array(batch.length * longest);
    const mask = new BigInt64Array(batch.length * longest);
    const types = new BigInt64Array(batch.length * longest);
    for (const [row, tokens] of batch.entries())
      for (const [at, id] of tokens.ids.entries()) {
        ids[row * longest + at] = BigInt(id);
        mask[row * longest + at] = 1n;
        types[row * longest + at] = BigInt(tokens.types?.[at] ?? 0);
      }
    const outputs = (await this.#model({
      input_ids: new Tensor("int64", ids, shape),
      attention_mask: new Tensor("int64", mask, shape),
      token_type_ids: new Tensor("int64", types, shape),
    })) as Readonly<Record<string, Tensor>>;
    try {
      return take(outputs);
    } finally {
      for (const output of Object.values(outputs)) if (output instanceof Tensor) output.dispose();
    }
  }

  async dispose(): Promise<void> {
    await this.#model.dispose();
  }

  /** Without what is too much, but with the mark at the end. */
  #cut(values: readonly number[]): readonly number[] {
    if (values.length <= this.#mostTokens) return values;
    return [...values.slice(0, this.#mostTokens - 1), ...values.slice(-1)];
  }
}
