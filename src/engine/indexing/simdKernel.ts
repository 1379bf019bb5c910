import { PlainKernel } from "./plainKernel.ts";
import type { SketchKernel, VectorKernel } from "./vectorKernel.ts";

/** How a kernel is made: with SIMD where the bytes of vectorScan.wasm are given and the machine can run them. */
export function kernelMaker(wasm: Uint8Array | undefined): (dimensions: number) => VectorKernel {
  if (wasm === undefined || !WebAssembly.validate(wasm)) return () => new PlainKernel();
  const module = new WebAssembly.Module(wasm);
  return (dimensions) => (dimensions % 16 === 0 ? new SimdKernel(module, dimensions) : new PlainKernel());
}

const PAGE = 65_536;
const GROWTH = 1 / 8;
type Exports = Pick<VectorKernel, "wanted" | "compare"> & SketchKernel & { readonly memory: WebAssembly.Memory };

/** The kernel in WebAssembly SIMD. */
export class SimdKernel implements VectorKernel {
  readonly wanted: VectorKernel["wanted"];
  readonly compare: VectorKernel["compare"];
  readonly sketches?: SketchKernel;
  readonly #memory: WebAssembly.Memory;

  constructor(module: WebAssembly.Module, dimensions: number) {
    const instance = new WebAssembly.Instance(module, { env: { abort: unreachable } });
    const exports = instance.exports as unknown as Exports;
    this.#memory = exports.memory;
    this.wanted = exports.wanted;
    this.compare = exports.compare;
    if (dimensions % 64 === 0) this.sketches = exports;
  }

  get buffer(): ArrayBuffer {
    return this.#memory.buffer;
  }

  reserve(bytes: number): void {
    const held = this.#memory.buffer.byteLength;
    // Every growth looks to the garbage collector as if all of it was allocated anew. What is not written to takes no memory.
    if (bytes > held) this.#memory.grow(Math.ceil(Math.max(bytes - held, GROWTH * held) / PAGE));
  }
}

function unreachable(): never {
  throw new Error("The vector scan aborted.");
}
