import {
  bodiesOfFunctions,
  branchTable,
  constant,
  countedOf,
  FUNCTION_TYPE,
  I32,
  importedFunctions,
  type Instruction,
  OP,
  opensBlock,
  readFunction,
  SECTION,
  sectionsOf,
  typesOfFunctions,
  unsigned,
  VOID,
  withSections,
} from "./wasmModule.ts";

/** Bytes of a function from which it is split, and of the cases that come together into one part: a larger case is a part by itself. */
const SPLIT_FROM = 20_000;
const PART_BYTES = 6_000;

/**
 * A grammar of tree-sitter with the same lexer in smaller functions.
 *
 * A lexer that tree-sitter generates is one function: a loop around a switch with a case a state. With many states its source forbids the compiler to
 * optimise it, so that all it knows lies in memory. V8's optimising compiler needs memory and time for it that grow with the square of its size: for that
 * of Bash 550 MB and 2 s, which 2 KB of shell scripts bring about. So the cases are moved, some at a time, into functions of their own, which get the
 * address of that memory and tell where the lexer goes on. A function of another shape is left as it is.
 */
export function splitLexers(grammar: Uint8Array): Uint8Array {
  const sections = sectionsOf(grammar);
  const bodyOf = (id: number): Uint8Array | undefined => sections.find((section) => section.id === id)?.body;
  const [types, functions, code] = [bodyOf(SECTION.type), bodyOf(SECTION.function), bodyOf(SECTION.code)];
  if (types === undefined || functions === undefined || code === undefined) return grammar;
  const declared = typesOfFunctions(functions);
  const firstPart = importedFunctions(bodyOf(SECTION.import)) + declared.length;
  const bodies: Uint8Array[] = [];
  const parts: Uint8Array[] = [];
  for (const body of bodiesOfFunctions(code)) {
    const split = body.length < SPLIT_FROM ? undefined : splitFunction(body, firstPart + parts.length);
    bodies.push(split?.body ?? body);
    parts.push(...(split?.parts ?? []));
  }
  if (parts.length === 0) return grammar;
  const { count: partType, rest } = countedOf(types);
  const written = new Map<number, Uint8Array>([
    [SECTION.type, Buffer.concat([unsigned(partType + 1), rest, Uint8Array.of(FUNCTION_TYPE, 2, I32, I32, 1, I32)])],
    [SECTION.function, counted([...declared, ...parts.map(() => partType)].map(unsigned))],
    [SECTION.code, counted([...bodies, ...parts].map((body) => Buffer.concat([unsigned(body.length), body])))],
  ]);
  return withSections(
    grammar,
    sections.map(({ id, body }) => ({ id, body: written.get(id) ?? body })),
  );
}

const counted = (items: readonly Uint8Array[]): Uint8Array => Buffer.concat([unsigned(items.length), ...items]);

interface Split {
  readonly body: Uint8Array;
  readonly parts: readonly Uint8Array[];
}

/** `first`: the index that the first part will have. undefined where the function has another shape. */
function splitFunction(code: Uint8Array, first: number): Split | undefined {
  const read = readFunction(code);
  if (read === undefined) return undefined;
  const { header, locals, instructions } = read;
  const found = findSwitch(instructions);
  const frame = found && frameOf(instructions, found.from);
  if (found === undefined || frame === undefined) return undefined;
  const { from, to, table, value, cases } = found;
  const loop = instructions.findIndex(({ op }, at) => at < from && op === OP.loop);
  const before = [...instructions.slice(loop, from), ...value];
  const all = [before, instructions.slice(to), ...cases.map(({ code: one }) => one)];
  if (loop < 0 || all.some((one) => !setsBeforeItReads(one, frame)) || !areApart(cases)) return undefined;

  const exits: number[] = [];
  const groups = grouped(cases);
  const parts = groups.map((group) => partOf(group, found, { frame, locals }, exits));
  /** A label that leaves the switch, as it is where `blocks` blocks are open and not one a case. */
  const behind = (label: number, blocks: number): number => label - cases.length + blocks;
  const groupOf = new Map(groups.flatMap((group, index) => group.map(({ label }) => [label, index])));
  const values = value.map(({ bytes }) => bytes);
  const body = [
    header,
    ...instructions.slice(0, from).map(({ bytes }) => bytes),
    ...Array.from({ length: groups.length + 1 }, () => BLOCK),
    ...values,
    branchTable(table.map((label) => groupOf.get(label) ?? behind(label, groups.length))),
    ...groups.flatMap((_, group) => [
      ...[END, Uint8Array.of(OP.localGet), unsigned(frame), ...values, Uint8Array.of(OP.call), unsigned(first + group)],
      branchTable(exits.map((label) => behind(label, groups.length - 1 - group))),
    ]),
    END,
    ...instructions.slice(to).map(({ bytes }) => bytes),
  ];
  return { body: Buffer.concat(body), parts };
}

const BLOCK = Uint8Array.of(OP.block, VOID);
const END = Uint8Array.of(OP.end);

/** The local that holds the address of the stack frame, which is the stack pointer less a constant: set once, before the switch. */
function frameOf(instructions: readonly Instruction[], from: number): number | undefined {
  const at = instructions.findIndex(
    ({ op }, index) =>
      op === OP.globalGet && instructions[index + 1]?.op === OP.i32Const && instructions[index + 2]?.op === OP.i32Sub,
  );
  const set = at < 0 || at + 3 >= from ? undefined : instructions[at + 3];
  const sets = instructions.filter(({ op, local }) => local === set?.local && op !== OP.localGet);
  return set?.local !== undefined && sets.length === 1 && sets[0] === set ? set.local : undefined;
}

interface Case {
  /** What the switch branches to for it: 0 is the first one, and as many as there are cases leads behind all of them. */
  readonly label: number;
  readonly code: readonly Instruction[];
}

interface Switch {
  /** The instructions from its first block to behind the end of the last one. */
  readonly from: number;
  readonly to: number;
  /** The label of each value, and of any other one. */
  readonly table: readonly number[];
  /** What gives the value. It may be asked again. */
  readonly value: readonly Instruction[];
  readonly cases: readonly Case[];
}

/** The switch with the most values: its cases stand one behind the other, each behind the end of a block and left by a branch. */
function findSwitch(instructions: readonly Instruction[]): Switch | undefined {
  let at = -1;
  let table: readonly number[] = [];
  for (const [index, { op, labels = [] }] of instructions.entries())
    if (op === OP.brTable && labels.length > table.length) [at, table] = [index, labels];
  const inner = 1 + instructions.findLastIndex((instruction, index) => index < at && !isPure(instruction));
  const before = instructions.findLastIndex(
    ({ op, bytes }, index) => index < inner && !(op === OP.block && bytes[1] === VOID),
  );
  const from = before + 1;
  const cases: Case[] = [];
  let depth = 0;
  let begin = at + 1;
  // The innermost block, whose end comes first, holds the switch alone; what stands behind the end of the outermost is no case.
  for (let index = at + 1; index < instructions.length; index++) {
    const { op } = instructions[index] as Instruction;
    if (opensBlock(op)) depth += 1;
    if (op !== OP.end || depth-- > 0) continue;
    depth = 0;
    if (begin > at + 1) cases.push({ label: cases.length, code: instructions.slice(begin, index) });
    else if (index > begin) return undefined;
    begin = index + 1;
    if (cases.length === inner - from - 1) break;
  }
  const isWhole = cases.length > 0 && cases.length === inner - from - 1;
  const last = cases.pop();
  if (!isWhole || last === undefined || cases.some(({ code }) => code.at(-1)?.op !== OP.br)) return undefined;
  const returns = [...cases, last].some(({ code }) => code.some(({ op }) => op === OP.return));
  // Of a value that no case is for a part would not know.
  if (returns || (table.at(-1) ?? 0) <= cases.length) return undefined;
  const value = instructions.slice(inner, at);
  if (value.reduce((left, { op }) => left + (PUSHES.has(op) ? 1 : COMPUTES.has(op) ? -1 : 0), 0) !== 1)
    return undefined;
  // The last one goes on behind the switch by itself.
  const leave = { op: OP.br, labels: [0], bytes: Uint8Array.of(OP.br, 0) };
  const all = [...cases, { ...last, code: [...last.code, leave] }];
  return { from, to: begin, table, value, cases: all };
}

/** Reads something, or computes it, and changes nothing. */
function isPure({ op }: Instruction): boolean {
  return PUSHES.has(op) || COMPUTES.has(op) || (op >= OP.i32Load && op <= OP.i32Load16u);
}
const PUSHES: ReadonlySet<number> = new Set([OP.localGet, OP.i32Const]);
/** One of two. */
const COMPUTES: ReadonlySet<number> = new Set([OP.i32Add, OP.i32Sub, OP.i32And]);

/**
 * Whether of all locals but the frame's only such are read as were set before in the same code, in a block that is still open: a part has locals of its
 * own, so that nothing may come to it, or from it, in one.
 */
function setsBeforeItReads(code: readonly Instruction[], frame: number): boolean {
  const open = [new Set<number>()];
  for (const { op, local } of code) {
    if (opensBlock(op)) open.push(new Set());
    else if (op === OP.else) open.splice(-1, 1, new Set());
    else if (op === OP.end) {
      open.pop();
      if (open.length === 0) open.push(new Set());
    } else if (op === OP.localGet && local !== frame && !open.some((set) => set.has(local ?? -1))) return false;
    else if (local !== undefined) open.at(-1)?.add(local);
  }
  return true;
}

/** Each instruction of a case, and where a label of it leads, as a label of the switch: one up to the case's own is a block inside it. */
function* targetsOf({
  label,
  code,
}: Case): Iterable<{ readonly instruction: Instruction; readonly targetOf: (wanted: number) => number }> {
  let depth = 0;
  for (const instruction of code) {
    if (opensBlock(instruction.op)) depth += 1;
    if (instruction.op === OP.end) depth -= 1;
    const around = depth;
    yield { instruction, targetOf: (wanted) => label + 1 + wanted - around };
  }
}

/** Whether no case leads into another one. */
function areApart(cases: readonly Case[]): boolean {
  const isApart = (target: number, label: number): boolean => target <= label || target >= cases.length;
  return cases.every((one) => {
    for (const { instruction, targetOf } of targetsOf(one))
      if (instruction.labels?.every((wanted) => isApart(targetOf(wanted), one.label)) === false) return false;
    return true;
  });
}

function grouped(cases: readonly Case[]): readonly (readonly Case[])[] {
  const groups: Case[][] = [];
  let bytes = Infinity;
  for (const one of cases) {
    const size = one.code.reduce((sum, { bytes: { length } }) => sum + length, 0);
    if (bytes + size > PART_BYTES) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(one);
    bytes += size;
  }
  return groups;
}

/** Its own two parameters: the address of the frame, and the value of the switch. */
const [FRAME, VALUE] = [0, 1];
const PARAMETERS = 2;

/** A function that does some cases and gives which of `exits`, labels where the switch began, comes next; those that it needs are added. */
function partOf(
  group: readonly Case[],
  { table }: Switch,
  { frame, locals }: { readonly frame: number; readonly locals: number },
  exits: number[],
): Uint8Array {
  const [low, high] = [group[0]?.label ?? 0, group.at(-1)?.label ?? 0];
  const isMine = (label: number): boolean => label >= low && label <= high;
  const spare = PARAMETERS + locals;
  const leave = (exit: number): readonly Uint8Array[] => {
    if (!exits.includes(exit)) exits.push(exit);
    return [constant(exits.indexOf(exit)), Uint8Array.of(OP.return)];
  };
  const rewritten = (
    instruction: Instruction,
    exitOf: (label: number) => number | undefined,
  ): readonly Uint8Array[] => {
    const { op, bytes, local, labels = [] } = instruction;
    if (local !== undefined) return [bytes.subarray(0, 1), unsigned(local === frame ? FRAME : PARAMETERS + local)];
    const mine = [...new Set(labels.flatMap((label) => exitOf(label) ?? []))];
    const [exit] = mine;
    if (exit === undefined) return [bytes];
    if (op === OP.br) return leave(exit);
    if (op === OP.brIf) return [Uint8Array.of(OP.if, VOID), ...leave(exit), END];
    // Its value waits in a local while the blocks begin behind which each exit is.
    const inside = labels.map((label) => {
      const out = exitOf(label);
      return out === undefined ? label + mine.length : mine.indexOf(out);
    });
    return [
      ...[Uint8Array.of(OP.localSet), unsigned(spare), ...mine.map(() => BLOCK)],
      ...[Uint8Array.of(OP.localGet), unsigned(spare), branchTable(inside)],
      ...mine.flatMap((one) => [END, ...leave(one)]),
    ];
  };
  const values = table.slice(0, -1).flatMap((label, value) => (isMine(label) ? [value] : []));
  const [least, most] = [values[0] ?? 0, values.at(-1) ?? 0];
  // Any other value is asked of another part.
  const other = group.length;
  const own = table.slice(least, most + 1).map((label) => (isMine(label) ? label - low : other));
  const body = [
    ...[Uint8Array.of(1), unsigned(locals + 1), Uint8Array.of(I32)],
    ...Array.from({ length: group.length + 1 }, () => BLOCK),
    ...[Uint8Array.of(OP.localGet, VALUE), constant(least), Uint8Array.of(OP.i32Sub), branchTable([...own, other])],
  ];
  for (const one of group) {
    body.push(END);
    for (const { instruction, targetOf } of targetsOf(one)) {
      /** Where a branch leads that leaves the part. */
      const exitOf = (wanted: number): number | undefined => {
        const target = targetOf(wanted);
        return target > high ? target : undefined;
      };
      body.push(...rewritten(instruction, exitOf));
    }
  }
  return Buffer.concat([...body, END, Uint8Array.of(OP.unreachable, OP.end)]);
}
