import { constant, FUNCTION_TYPE, I32, OP, unsigned, VOID } from "../../src/build/wasmModule.ts";

/** How many cases a switch has here, each large enough that all together are split. */
export const CASES = 100;
const FILLER = Array.from({ length: 100 }, () => [...constant(1), OP.drop]).flat();
/** Of the function: the lexer, the state, the stack frame, and two more. */
export const LOCAL = { lexer: 0, state: 1, frame: 2, x: 3, y: 4 } as const;

export interface SwitchParts {
  /** The code of a case; by default it writes its number for the end and leaves. */
  readonly caseCode?: (index: number) => readonly number[] | undefined;
  /** Before the loop, in a block around it, and first in the loop. */
  readonly beforeLoop?: readonly number[];
  readonly firstInLoop?: readonly number[];
  /** What gives the value. */
  readonly value?: readonly number[];
  /** Where a value leads that is no case's. */
  readonly otherwise?: number;
  /** Behind the cases, up to the end of the function. */
  readonly behind?: readonly number[];
}

export const get = (local: number): readonly number[] => [OP.localGet, local];
export const set = (local: number, value: readonly number[]): readonly number[] => [...value, OP.localSet, local];
export const number = (value: number): readonly number[] => [...constant(value)];
export const load = (at: number): readonly number[] => [...get(LOCAL.frame), OP.i32Load, 2, at];
export const store = (at: number, value: readonly number[]): readonly number[] => [
  ...get(LOCAL.frame),
  ...value,
  0x36,
  2,
  at,
];
export const END = OP.end;
/** From a case: behind all of them, to the loop's next turn, and behind the block around the loop. */
export const leave = (index: number): readonly number[] => [OP.br, ...unsigned(CASES - index - 1)];
export const again = (index: number): readonly number[] => [OP.br, ...unsigned(CASES - index)];
export const out = (index: number): readonly number[] => [OP.br, ...unsigned(CASES - index + 1)];
/** Gives a value, and closes what is open. */
export const give = (value: readonly number[]): readonly number[] => [
  ...value,
  OP.return,
  END,
  END,
  END,
  ...number(63),
];

/** A module with a function `f(lexer, state)` as tree-sitter's lexers are compiled: its state in memory, a loop, a switch with a case a state. */
export function switchModule(parts: SwitchParts = {}): Uint8Array {
  const block = [OP.block, VOID];
  const code = [
    ...[OP.globalGet, 0, ...number(16), OP.i32Sub, OP.localSet, LOCAL.frame],
    ...store(0, get(LOCAL.state)),
    ...[...block, ...block, ...(parts.beforeLoop ?? []), OP.loop, VOID, ...(parts.firstInLoop ?? [])],
    ...Array.from({ length: CASES + 1 }, () => block).flat(),
    ...[...(parts.value ?? load(0)), OP.brTable, ...unsigned(CASES)],
    ...Array.from({ length: CASES }, (_, index) => [...unsigned(index)]).flat(),
    ...unsigned(parts.otherwise ?? CASES),
    ...Array.from({ length: CASES }, (_, index) => [
      ...[END, ...FILLER],
      ...(parts.caseCode?.(index) ?? [...store(4, number(index)), ...leave(index)]),
    ]).flat(),
    ...[END, ...(parts.behind ?? give(load(4))), END],
  ];
  const body = [1, 3, I32, ...code];
  const section = (id: number, ...bytes: readonly number[]): readonly number[] => [
    id,
    ...unsigned(bytes.length),
    ...bytes,
  ];
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, FUNCTION_TYPE, 2, I32, I32, 1, I32),
    ...section(3, 1, 0),
    ...section(5, 1, 0, 1),
    // The stack pointer, which nothing here changes.
    ...section(6, 1, I32, 1, ...number(1_024), END),
    ...section(7, 1, 1, 0x66, 0, 0),
    ...section(10, 1, ...unsigned(body.length), ...body),
  );
}

/** What `f` gives for states, or how it fails. */
export function answersOf(wasm: Uint8Array, states: readonly number[]): readonly (number | string)[] {
  return states.map((state) => {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(wasm)), {});
    try {
      return (exports["f"] as (lexer: number, state: number) => number)(0, state);
    } catch (error) {
      return String(error);
    }
  });
}
