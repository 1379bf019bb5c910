/** Numbers of one width, as many as come. */
export class Growing {
  #values: Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
  #length = 0;
  readonly #make: Uint16ArrayConstructor | Uint32ArrayConstructor;

  constructor(make: Uint16ArrayConstructor | Uint32ArrayConstructor) {
    this.#make = make;
    this.#values = new make(1 << 16);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new this.#make(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  values(): Uint16Array | Uint32Array {
    return this.#values.subarray(0, this.#length);
  }
}
