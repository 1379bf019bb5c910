import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FLOAT, floats, INT64, node, onnxModel } from "./onnxFile.ts";

/** Which words a tiny model knows, and the vector of each. Unknown words have zeros. */
export type Vocabulary = Readonly<Record<string, readonly number[]>>;

/** Words that every tokenizer here begins with. */
export const SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];

/**
 * Writes a model as the hub has them into `folder`: an ONNX graph that looks each token up in a table, made here byte by byte, and a WordPiece
 * tokenizer. The vector of a text is the mean of those of its words, the two marks around it counted with `rest`.
 */
export function writeTinyModel(
  folder: string,
  vocabulary: Vocabulary,
  { rest = 0, file = "onnx/model_quantized.onnx" }: { readonly rest?: number; readonly file?: string } = {},
): void {
  const words = Object.keys(vocabulary);
  const dimensions = vocabulary[words[0] ?? ""]?.length ?? 0;
  const rows = [
    ...SPECIAL.map(() => Array<number>(dimensions).fill(rest)),
    ...words.map((word) => vocabulary[word] ?? []),
  ];
  mkdirSync(join(folder, file, ".."), { recursive: true });
  writeFileSync(join(folder, file), lookUpGraph(rows, dimensions));
  writeConfiguration(folder, words, { hidden_size: dimensions });
}

/** Everything but the network: `config` beside what all have, and a tokenizer that knows these words after the special ones. */
export function writeConfiguration(folder: string, words: readonly string[], config: object): void {
  const json = (name: string, value: object): void => writeFileSync(join(folder, name), JSON.stringify(value));
  json("config.json", { model_type: "bert", max_position_embeddings: 512, ...config });
  json("tokenizer_config.json", { tokenizer_class: "BertTokenizer", model_max_length: 512, do_lower_case: true });
  json("tokenizer.json", tokenizer([...SPECIAL, ...words]));
}

function tokenizer(vocabulary: readonly string[]): object {
  const special = (content: string): object => ({
    ...{ id: vocabulary.indexOf(content), content, special: true },
    ...{ single_word: false, lstrip: false, rstrip: false, normalized: false },
  });
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: SPECIAL.map(special),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: template("[CLS]", "A:0", "[SEP]"),
      pair: template("[CLS]", "A:0", "[SEP]", "B:1", "[SEP]:1"),
      special_tokens: Object.fromEntries(
        ["[CLS]", "[SEP]"].map((id) => [id, { id, ids: [vocabulary.indexOf(id)], tokens: [id] }]),
      ),
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      ...{ type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100 },
      vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])),
    },
  };
}

/** `NAME` or `NAME:TYPE`, where A and B are the texts. */
const template = (...parts: readonly string[]): readonly object[] =>
  parts.map((part) => {
    const [id = "", type = "0"] = part.split(":");
    return { [id.length === 1 ? "Sequence" : "SpecialToken"]: { id, type_id: Number(type) } };
  });

/** last_hidden_state = Gather(table, input_ids). */
function lookUpGraph(rows: readonly (readonly number[])[], dimensions: number): Uint8Array {
  return onnxModel({
    nodes: [node("Gather", ["table", "input_ids"], "last_hidden_state")],
    tensors: [floats("table", [rows.length, dimensions], rows.flat())],
    inputs: ["input_ids", "attention_mask"].map((name) => ({ name, type: INT64, shape: ["batch", "sequence"] })),
    outputs: [{ name: "last_hidden_state", type: FLOAT, shape: ["batch", "sequence", dimensions] }],
  });
}

/** Words of two meanings, water and its birds, and one of neither. */
export const PONDS: Vocabulary = {
  ducks: [1, 0.1, 0, 0],
  birds: [1, 0, 0.1, 0],
  pond: [0, 1, 0.1, 0],
  lake: [0.1, 1, 0, 0],
  header: [0, 0, 0, 1],
};
