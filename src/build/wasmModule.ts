/** WebAssembly modules as bytes (https://webassembly.github.io/spec/core/binary): as much of the format as `splitLexers.ts` needs. */

export interface Section {
  readonly id: number;
  readonly body: Uint8Array;
}

export interface Instruction {
  readonly op: number;
  readonly bytes: Uint8Array;
  /** Of a branch: how many blocks it leaves, that of any other value last. */
  readonly labels?: readonly number[];
  /** That is read or set. */
  readonly local?: number;
}

export interface FunctionBody {
  /** What is declared before the first instruction. */
  readonly header: Uint8Array;
  /** One more than the highest that is used. */
  readonly locals: number;
  readonly instructions: readonly Instruction[];
}

export const SECTION = { type: 1, import: 2, function: 3, code: 10 } as const;
export const OP = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Load: 0x28,
  /** The last of those that read memory for an i32. */
  i32Load16u: 0x2f,
  /** The last of those that read or write memory. */
  i64Store32: 0x3e,
  i32Const: 0x41,
  i64Const: 0x42,
  /** The first and the last of those that compute, and have nothing behind them. */
  i32Eqz: 0x45,
  i64Extend32s: 0xc4,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32And: 0x71,
} as const;
export const I32 = 0x7f;
/** The type of a block that leaves nothing on the stack. */
export const VOID = 0x40;
export const FUNCTION_TYPE = 0x60;
const HEADER_BYTES = 8;

export function opensBlock(op: number): boolean {
  return op === OP.block || op === OP.loop || op === OP.if;
}

export function sectionsOf(wasm: Uint8Array): readonly Section[] {
  const reader = new Reader(wasm, HEADER_BYTES);
  const sections: Section[] = [];
  while (!reader.isAtEnd) sections.push({ id: reader.byte(), body: reader.take(reader.unsigned()) });
  return sections;
}

/** The module with these sections instead of its own. */
export function withSections(wasm: Uint8Array, sections: readonly Section[]): Uint8Array {
  const written = sections.flatMap(({ id, body }) => [Uint8Array.of(id), unsigned(body.length), body]);
  return Buffer.concat([wasm.subarray(0, HEADER_BYTES), ...written]);
}

/** How many things a section holds, and the bytes of them. */
export function countedOf(body: Uint8Array): { readonly count: number; readonly rest: Uint8Array } {
  const reader = new Reader(body);
  const count = reader.unsigned();
  return { count, rest: body.subarray(reader.at) };
}

/** The type of each function of the module itself, as an index: the section of functions. */
export function typesOfFunctions(body: Uint8Array): readonly number[] {
  const reader = new Reader(body);
  return Array.from({ length: reader.unsigned() }, () => reader.unsigned());
}

export function bodiesOfFunctions(body: Uint8Array): readonly Uint8Array[] {
  const reader = new Reader(body);
  return Array.from({ length: reader.unsigned() }, () => reader.take(reader.unsigned()));
}

/** How many functions the section of imports names: they are counted before those of the module itself. */
export function importedFunctions(body: Uint8Array | undefined): number {
  if (body === undefined) return 0;
  const reader = new Reader(body);
  let count = 0;
  for (let left = reader.unsigned(); left > 0; left--) {
    // Of a module, and what it is called there.
    reader.take(reader.unsigned());
    reader.take(reader.unsigned());
    const kind = IMPORTS[reader.byte()];
    if (kind === "global" || kind === "tag") reader.take(2);
    else if (kind === "function") {
      count += 1;
      reader.unsigned();
    } else {
      if (kind === undefined) throw new Error("The module imports something of an unknown kind.");
      if (kind === "table") reader.byte();
      const hasMaximum = (reader.byte() & 1) === 1;
      reader.skipNumbers(hasMaximum ? 2 : 1);
    }
  }
  return count;
}
const IMPORTS = ["function", "table", "memory", "global", "tag"] as const;

/** The instructions of a function that has no locals but i32; undefined where it has others, or an instruction that is not known here. */
export function readFunction(code: Uint8Array): FunctionBody | undefined {
  const reader = new Reader(code);
  for (let groups = reader.unsigned(); groups > 0; groups--) {
    reader.unsigned();
    if (reader.byte() !== I32) return undefined;
  }
  const header = code.subarray(0, reader.at);
  const instructions: Instruction[] = [];
  let locals = 0;
  while (!reader.isAtEnd) {
    const from = reader.at;
    const op = reader.byte();
    const operands = operandsOf(op, reader);
    if (operands === undefined) return undefined;
    locals = Math.max(locals, (operands.local ?? -1) + 1);
    instructions.push({ op, ...operands, bytes: code.subarray(from, reader.at) });
  }
  return { header, locals, instructions };
}

function operandsOf(op: number, reader: Reader): Pick<Instruction, "labels" | "local"> | undefined {
  if (opensBlock(op)) reader.skipNumbers(1);
  else if (op === OP.br || op === OP.brIf) return { labels: [reader.unsigned()] };
  else if (op === OP.brTable) return { labels: Array.from({ length: reader.unsigned() + 1 }, () => reader.unsigned()) };
  else if (op >= OP.localGet && op <= OP.localTee) return { local: reader.unsigned() };
  else if (ONE_NUMBER.has(op)) reader.unsigned();
  else if (op === OP.callIndirect) reader.skipNumbers(2);
  else if (op >= OP.i32Load && op <= OP.i64Store32) {
    // With several memories a third number would follow.
    if (reader.unsigned() >= SEVERAL_MEMORIES) return undefined;
    reader.unsigned();
  } else if (!NOTHING.has(op) && (op < OP.i32Eqz || op > OP.i64Extend32s)) return undefined;
  return {};
}
const SEVERAL_MEMORIES = 0x40;
const ONE_NUMBER: ReadonlySet<number> = new Set([OP.call, OP.globalGet, OP.globalSet, OP.i32Const, OP.i64Const]);
const NOTHING: ReadonlySet<number> = new Set([
  ...[OP.unreachable, OP.nop, OP.else, OP.end, OP.return, OP.drop, OP.select],
]);

/** A count or an index, in LEB128. */
export function unsigned(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left >>>= 7) bytes.push((left & 0x7f) | 0x80);
  return Uint8Array.of(...bytes, left);
}

/** An instruction that pushes a number from 0 on. */
export function constant(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  // One bit more than the number has: it is read as one with a sign.
  for (; left >= 0x40; left >>>= 7) bytes.push((left & 0x7f) | 0x80);
  return Uint8Array.of(OP.i32Const, ...bytes, left);
}

export function branchTable(labels: readonly number[]): Uint8Array {
  return Buffer.concat([Uint8Array.of(OP.brTable), unsigned(labels.length - 1), ...labels.map(unsigned)]);
}

class Reader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw new Error("The module is cut off.");
    return byte;
  }

  take(count: number): Uint8Array {
    const taken = this.#bytes.subarray(this.at, this.at + count);
    if (taken.length < count) throw new Error("The module is cut off.");
    this.at += count;
    return taken;
  }

  skipNumbers(count: number): void {
    for (let left = count; left > 0; left--) this.unsigned();
  }

  /** LEB128 of at most 64 bits. Of a signed one only the length is right. */
  unsigned(): number {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }
}
