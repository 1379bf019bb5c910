/** https://webassembly.github.io/spec/js-api/#dictdef-memorydescriptor, in pages. */
interface MemoryDescriptor {
  readonly initial: number;
  readonly maximum?: number;
  readonly shared?: boolean;
}

const PAGE = 65_536;

/** No WebAssembly of this thread may take more memory from now on; one that has to fails in the middle of its work. */
export function limitWasmMemory(bytes: number): void {
  const most = Math.floor(bytes / PAGE);
  const api = globalThis.WebAssembly as unknown as { Memory: new (descriptor: MemoryDescriptor) => object };
  const { Memory } = api;
  api.Memory = class extends Memory {
    constructor(descriptor: MemoryDescriptor) {
      const maximum = Math.min(descriptor.maximum ?? most, most);
      super({ ...descriptor, initial: Math.min(descriptor.initial, maximum), maximum });
    }
  };
}
