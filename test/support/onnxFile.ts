/** Writes ONNX files byte by byte. Numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */

export const FLOAT = 1;
export const INT64 = 7;

/** A TensorProto: row by row. */
export function floats(name: string, dims: readonly number[], values: ArrayLike<number>): Uint8Array {
  return tensor(name, FLOAT, dims, new Uint8Array(Float32Array.from(values).buffer));
}

export function integers(name: string, dims: readonly number[], values: readonly number[]): Uint8Array {
  return tensor(name, INT64, dims, new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer));
}

function tensor(name: string, type: number, dims: readonly number[], bytes: Uint8Array): Uint8Array {
  return message(...dims.map((size): Field => [1, size]), [2, type], [8, name], [9, bytes]);
}

/** A NodeProto; attributes are whole numbers. */
export function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, number>> = {},
): Uint8Array {
  return message(
    ...inputs.map((input): Field => [1, input]),
    [2, output],
    [3, output],
    [4, operator],
    ...Object.entries(attributes).map(([name, value]): Field => [5, message([1, name], [3, value], [20, 2])]),
  );
}

/** What goes in or comes out: a name in the shape is a size that is free. */
export interface Slot {
  readonly name: string;
  readonly type: number;
  readonly shape: readonly (string | number)[];
}

/** A ModelProto of operator set 13. */
export function onnxModel(graph: {
  readonly nodes: readonly Uint8Array[];
  readonly tensors: readonly Uint8Array[];
  readonly inputs: readonly Slot[];
  readonly outputs: readonly Slot[];
}): Uint8Array {
  const bytes = message(
    ...graph.nodes.map((one): Field => [1, one]),
    [2, "tiny"],
    ...graph.tensors.map((one): Field => [5, one]),
    ...graph.inputs.map((slot): Field => [11, valueInfo(slot)]),
    ...graph.outputs.map((slot): Field => [12, valueInfo(slot)]),
  );
  return message([1, 8], [8, message([1, ""], [2, 13])], [7, bytes]);
}

function valueInfo({ name, type, shape }: Slot): Uint8Array {
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
