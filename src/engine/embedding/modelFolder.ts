import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { HeirloomError } from "../../contract/errors.ts";

/** A model as it lies in a folder, laid out as on the hub. */
export interface ModelFolder {
  readonly folder: string;
  /** Of the ONNX file: the folder that it is in, below `folder`, and how its weights are stored. */
  readonly subfolder: "onnx" | "";
  readonly dtype: "q8" | "fp32";
  readonly pooling: "mean" | "cls";
  /** What is written before a text, by what it is embedded for. */
  readonly prefixes: { readonly query: string; readonly passage: string };
  /** First 16 hexadecimal digits of the SHA-256 of all files that decide on its vectors. */
  readonly digest: string;
}

/** Where the weights may be, the first one that is there is taken. */
const WEIGHTS = [
  { path: "onnx/model_quantized.onnx", subfolder: "onnx", dtype: "q8" },
  { path: "onnx/model.onnx", subfolder: "onnx", dtype: "fp32" },
  { path: "model_quantized.onnx", subfolder: "", dtype: "q8" },
  { path: "model.onnx", subfolder: "", dtype: "fp32" },
] as const;
const NEEDED = ["config.json", "tokenizer.json", "tokenizer_config.json"];
/** Where models of sentence-transformers say how tokens become one vector, and what is written before a text. */
const POOLING = "1_Pooling/config.json";
const PROMPTS = "config_sentence_transformers.json";

/** EMBEDDING_FAILED names what is missing. */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  if (!existsSync(folder)) throw unusable(folder, "there is no such folder");
  const weights = WEIGHTS.find(({ path }) => existsSync(join(folder, path)));
  if (weights === undefined) throw unusable(folder, `it has none of ${WEIGHTS.map(({ path }) => path).join(", ")}`);
  const missing = NEEDED.filter((path) => !existsSync(join(folder, path)));
  if (missing.length > 0) throw unusable(folder, `it has no ${missing.join(" and no ")}`);
  const pooling = await optionalJson(folder, POOLING);
  const prompts = (await optionalJson(folder, PROMPTS))?.["prompts"] as Readonly<Record<string, string>> | undefined;
  return {
    folder,
    subfolder: weights.subfolder,
    dtype: weights.dtype,
    pooling: pooling?.["pooling_mode_cls_token"] === true ? "cls" : "mean",
    prefixes: { query: prompts?.["query"] ?? "", passage: prompts?.["document"] ?? prompts?.["passage"] ?? "" },
    digest: await digestOf(folder, [weights.path, `${weights.path}_data`, ...NEEDED, POOLING, PROMPTS]),
  };
}

async function digestOf(folder: string, paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) {
    if (!existsSync(join(folder, path))) continue;
    const bytes = await readFile(join(folder, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex").slice(0, 16);
}

async function optionalJson(folder: string, path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (!existsSync(join(folder, path))) return undefined;
  try {
    return JSON.parse(await readFile(join(folder, path), "utf8")) as Readonly<Record<string, unknown>>;
  } catch {
    throw unusable(folder, `its ${path} is no JSON`);
  }
}

export const unusable = (folder: string, why: string): HeirloomError =>
  new HeirloomError("EMBEDDING_FAILED", `The model in ${folder} cannot be used: ${why}.`, { folder });
