import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Which words a tiny model knows, and the vector of each. Unknown words have zeros. */
export type Vocabulary = Readonly<Record<string, readonly number[]>>;

const SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];

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
  const json = (name: string, value: object): void => writeFileSync(join(folder, name), JSON.stringify(value));
  json("config.json", { model_type: "bert", hidden_size: dimensions, max_position_embeddings: 512 });
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
      single: ["[CLS]", "A", "[SEP]"].map((id) =>
        id === "A" ? { Sequence: { id, type_id: 0 } } : { SpecialToken: { id, type_id: 0 } },
      ),
      pair: [],
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

/** Numbers of the fields of ONNX's messages: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const INT64 = 7;
const FLOAT = 1;

/** A ModelProto: last_hidden_state = Gather(table, input_ids). */
function lookUpGraph(rows: readonly (readonly number[])[], dimensions: number): Uint8Array {
  const values = new Float32Array(rows.length * dimensions);
  for (const [row, vector] of rows.entries()) values.set(vector, row * dimensions);
  const table = message(
    [1, rows.length],
    [1, dimensions],
    [2, FLOAT],
    [8, "table"],
    [9, new Uint8Array(values.buffer)],
  );
  const node = message([1, "table"], [1, "input_ids"], [2, "last_hidden_state"], [3, "look up"], [4, "Gather"]);
  const graph = message(
    [1, node],
    [2, "tiny"],
    [5, table],
    [11, tensorInfo("input_ids", INT64, ["batch", "sequence"])],
    [11, tensorInfo("attention_mask", INT64, ["batch", "sequence"])],
    [12, tensorInfo("last_hidden_state", FLOAT, ["batch", "sequence", dimensions])],
  );
  return message([1, 8], [8, message([1, ""], [2, 13])], [7, graph]);
}

function tensorInfo(name: string, type: number, shape: readonly (string | number)[]): Uint8Array {
  const dimensions = shape.map((size): Field => [1, message(typeof size === "number" ? [1, size] : [2, size])]);
  return message([1, name], [2, message([1, message([1, type], [2, message(...dimensions)])])]);
}

/** A number, or what is written with its length. */
type Field = readonly [number: number, value: number | string | Uint8Array];

function message(...fields: readonly Field[]): Uint8Array {
  const parts = fields.flatMap(([number, value]) => {
    if (typeof value === "number") return [varint(number << 3), varint(value)];
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
    return [varint((number << 3) | 2), varint(bytes.length), bytes];
  });
  return Buffer.concat(parts);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

/** Words of two meanings, water and its birds, and one of neither. */
export const PONDS: Vocabulary = {
  ducks: [1, 0.1, 0, 0],
  birds: [1, 0, 0.1, 0],
  pond: [0, 1, 0.1, 0],
  lake: [0.1, 1, 0, 0],
  header: [0, 0, 0, 1],
};
