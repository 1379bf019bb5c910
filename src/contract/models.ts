/** A file of a model, as it was pinned. */
export interface PinnedFile {
  /** Below the model's folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** What a model is for: it makes a vector of a text, or reads a question and a passage together. */
export type ModelTask = "embedding" | "reranking";

/** A model of the hub that is offered by name. Its files are pinned: what is downloaded is what was chosen, or nothing. */
export interface ModelPreset {
  readonly about: string;
  readonly task: ModelTask;
  /** SPDX. */
  readonly licence: string;
  /** Of its vectors, where it embeds. */
  readonly dimensions?: number;
  /** Commit on the hub. */
  readonly revision: string;
  readonly files: readonly PinnedFile[];
}

/**
 * By their ids on the hub. Sizes and digests are those that the hub tells of these commits; those of the reranker are as several public programs that pin the
 * same commit have them, who agree.
 */
export const MODEL_PRESETS = {
  "Xenova/all-MiniLM-L6-v2": {
    about: "English text; small and quick",
    task: "embedding",
    licence: "Apache-2.0",
    dimensions: 384,
    revision: "751bff37182d3f1213fa05d7196b954e230abad9",
    files: [
      {
        path: "config.json",
        bytes: 650,
        sha256: "7135149f7cffa1a573466c6e4d8423ed73b62fd2332c575bf738a0d033f70df7",
      },
      {
        path: "tokenizer.json",
        bytes: 711_661,
        sha256: "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0",
      },
      {
        path: "tokenizer_config.json",
        bytes: 366,
        sha256: "9261e7d79b44c8195c1cada2b453e55b00aeb81e907a6664974b4d7776172ab3",
      },
      {
        path: "onnx/model_quantized.onnx",
        bytes: 22_972_370,
        sha256: "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1",
      },
    ],
  },
  "jinaai/jina-embeddings-v2-base-code": {
    about: "English text and code in 30 languages; slower",
    task: "embedding",
    licence: "Apache-2.0",
    dimensions: 768,
    revision: "516f4baf13dec4ddddda8631e019b5737c8bc250",
    files: [
      {
        path: "config.json",
        bytes: 1_216,
        sha256: "e426aa684c7f9a95c5f020aa855faf93a24f065f5fad0c9e17b124670cabdea6",
      },
      {
        path: "tokenizer.json",
        bytes: 2_561_316,
        sha256: "b01c78a902aa4facb2f47f95449f48e2f7bbfea5d2472ee2f6ce92323c6f86e5",
      },
      {
        path: "tokenizer_config.json",
        bytes: 493,
        sha256: "f477aeb15ff9f78d3c1ddf2361d2b0b8b20cf55220f839f29a37f3a18efddd89",
      },
      {
        path: "onnx/model_quantized.onnx",
        bytes: 161_895_621,
        sha256: "ed45870251c9f0cf656e78aab0d37a23489066df8a222bb1c8caf8a45f2cb16d",
      },
    ],
  },
  "Xenova/ms-marco-MiniLM-L-6-v2": {
    about: "Reranker for English text; small",
    task: "reranking",
    licence: "Apache-2.0",
    revision: "a09144355adeed5f58c8ed011d209bf8ee5a1fec",
    files: [
      {
        path: "config.json",
        bytes: 824,
        sha256: "d827779a72d27ae68cf878a6fc2e954542663fe21ca515d9f4783fc96be2d37e",
      },
      {
        path: "tokenizer.json",
        bytes: 711_396,
        sha256: "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
      },
      {
        path: "tokenizer_config.json",
        bytes: 1_242,
        sha256: "0b29c7bfc889e53b36d9dd3e686dd4300f6525110eaa98c76a5dafceb2029f53",
      },
      {
        path: "onnx/model_quantized.onnx",
        bytes: 23_143_499,
        sha256: "e9d8ebf845c413e981c175bfe49a3bfa9b3dcce2a3ba54875ee5df5a58639fbe",
      },
    ],
  },
} as const satisfies Readonly<Record<string, ModelPreset>>;
export type PresetId = keyof typeof MODEL_PRESETS;

export const DEFAULT_MODEL: PresetId = "Xenova/all-MiniLM-L6-v2";

/** Undefined for a model that is no preset. */
export const presetOf = (id: string): ModelPreset | undefined =>
  id in MODEL_PRESETS ? MODEL_PRESETS[id as PresetId] : undefined;

/** Of what is downloaded. */
export const presetMegabytes = ({ files }: ModelPreset): number =>
  Math.round(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1_000_000);

const HUB_ID = /^[\w-][\w.-]{0,95}\/[\w-][\w.-]{0,95}$/u;
const ABSOLUTE_PATH = /^(?:\/|\\\\|~[\\/]|[A-Za-z]:[\\/])/u;

/** OWNER/NAME, as the hub writes it. */
export const isHubId = (text: string): boolean => HUB_ID.test(text) && !text.includes("..");

/** What the setting `embeddingModel` may be. */
export const isModelName = (text: string): boolean => isHubId(text) || ABSOLUTE_PATH.test(text);

/** What the setting `reranker` may be: empty for none. */
export const isRerankerName = (text: string): boolean => text === "" || isModelName(text);
