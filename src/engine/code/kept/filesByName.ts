/** Stands for a list. */
const MANY = 0xffffffff;

/** Which files have a name, by the numbers of both, which begin with 0 and 1. Most names are in one file, and cost four bytes. */
export class FilesByName {
  /** By name, the only file; 0 where there is none. */
  #only = new Uint32Array(1 << 10);
  /** Of names that more than one file has, or had. */
  readonly #lists = new Map<number, number[]>();
  /** Names from here on have no file. */
  #end = 0;

  /** A file that was added later has a higher number. */
  add(name: number, file: number): void {
    if (name >= this.#only.length) this.#grow(name + 1);
    this.#end = Math.max(this.#end, name + 1);
    const known = this.#only[name] ?? 0;
    if (known === 0) this.#only[name] = file;
    else if (known !== MANY) {
      this.#only[name] = MANY;
      this.#lists.set(name, [known, file]);
    } else this.#lists.get(name)?.push(file);
  }

  remove(name: number, file: number): void {
    if (this.#only[name] === file) this.#only[name] = 0;
    const list = this.#lists.get(name);
    const at = list?.lastIndexOf(file) ?? -1;
    if (list === undefined || at < 0) return;
    list.splice(at, 1);
    if (list.length > 1) return;
    this.#only[name] = list[0] ?? 0;
    this.#lists.delete(name);
  }

  /** Those that some file has. */
  *names(): Iterable<number> {
    for (let name = 0; name < this.#end; name++) if (this.#only[name] !== 0) yield name;
  }

  of(name: number): readonly number[] {
    const known = this.#only[name] ?? 0;
    if (known === MANY) return this.#lists.get(name) ?? [];
    return known === 0 ? [] : [known];
  }

  #grow(least: number): void {
    const grown = new Uint32Array(Math.ceil(Math.max(least, 1.5 * this.#only.length)));
    grown.set(this.#only);
    this.#only = grown;
  }
}
