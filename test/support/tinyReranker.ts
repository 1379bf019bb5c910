import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FLOAT, floats, INT64, integers, node, onnxModel } from "./onnxFile.ts";
import { SPECIAL, writeConfiguration } from "./tinyModel.ts";

/** Which words a tiny reranker connects: those of a question, each with what answers it. */
export type Answers = Readonly<Record<string, string>>;

export interface TinyReranker {
  /** Scores for each pair of texts; a reranker has one. */
  readonly scores?: number;
  /** Multiplications of a large matrix that a token costs, to no effect but time: about 0.08 ms each. */
  readonly work?: number;
}

const WIDE = 1024;
/** The score of a pair without a connection, and what each connection adds. */
const UNRELATED = -4;
const RELATED = 8;

/**
 * Writes a cross-encoder as the hub has them into `folder`: an ONNX graph that counts by which words of the first text the second is connected, and a
 * WordPiece tokenizer. Its score is -4, and 8 more for each connection.
 */
export function writeTinyReranker(folder: string, answers: Answers, { scores = 1, work = 0 }: TinyReranker = {}): void {
  const pairs = Object.entries(answers);
  const words = [...new Set(pairs.flat())];
  const size = SPECIAL.length + words.length;
  const idOf = (word: string): number => SPECIAL.length + words.indexOf(word);
  const asks = new Float32Array(size * WIDE);
  const tells = new Float32Array(size * WIDE);
  for (const [at, [asked, answer]] of pairs.entries()) {
    asks[idOf(asked) * WIDE + at] = 1;
    tells[idOf(answer) * WIDE + at] = 1;
  }
  mkdirSync(join(folder, "onnx"), { recursive: true });
  writeFileSync(join(folder, "onnx/model_quantized.onnx"), pairGraph(size, asks, tells, { scores, work }));
  writeConfiguration(folder, words, {
    architectures: ["BertForSequenceClassification"],
    num_labels: scores,
    hidden_size: WIDE,
  });
}

/** logits = -4 + 8 (sum of asks over the tokens of the first text) . (sum of tells over those of the second) */
function pairGraph(
  size: number,
  asks: Float32Array,
  tells: Float32Array,
  { scores, work }: Required<TinyReranker>,
): Uint8Array {
  const worked = Array.from({ length: work }, (_, at) =>
    node("MatMul", [at === 0 ? "told" : `worked${at - 1}`, "same"], `worked${at}`),
  );
  const same = new Float32Array(work === 0 ? 0 : WIDE * WIDE);
  for (let at = 0; at < same.length; at += WIDE + 1) same[at] = 1;
  return onnxModel({
    nodes: [
      node("Cast", ["token_type_ids"], "types", { to: FLOAT }),
      node("Cast", ["attention_mask"], "mask", { to: FLOAT }),
      node("Mul", ["types", "mask"], "second"),
      node("Sub", ["mask", "second"], "first"),
      node("Unsqueeze", ["first", "middle"], "firstRow"),
      node("Unsqueeze", ["second", "middle"], "secondRow"),
      node("Gather", ["asks", "input_ids"], "asked"),
      node("Gather", ["tells", "input_ids"], "told"),
      ...worked,
      node("MatMul", ["firstRow", "asked"], "question"),
      node("MatMul", ["secondRow", work === 0 ? "told" : `worked${work - 1}`], "answer"),
      node("Mul", ["question", "answer"], "connections"),
      node("ReduceSum", ["connections", "last"], "connected", { keepdims: 0 }),
      node("Mul", ["connected", "related"], "gained"),
      node("Add", ["gained", "unrelated"], "logits"),
    ],
    tensors: [
      floats("asks", [size, WIDE], asks),
      floats("tells", [size, WIDE], tells),
      integers("middle", [1], [1]),
      integers("last", [1], [2]),
      floats("related", [scores], Array<number>(scores).fill(RELATED)),
      floats("unrelated", [1], [UNRELATED]),
      ...(work === 0 ? [] : [floats("same", [WIDE, WIDE], same)]),
    ],
    inputs: ["input_ids", "attention_mask", "token_type_ids"].map((name) => ({
      name,
      type: INT64,
      shape: ["batch", "sequence"],
    })),
    outputs: [{ name: "logits", type: FLOAT, shape: ["batch", scores] }],
  });
}
