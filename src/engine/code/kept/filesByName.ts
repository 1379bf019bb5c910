/** From here on a number stands for a list. */
const LISTS = 0x80000000;

/** Which files have a name, by the numbers of both, which begin with 0 and 1. Most names are in one file, and cost four bytes. */
export class FilesByName {
  /** By name, the only file, or LISTS and the place of its list; 0 where there is none. */
  #only = new Uint32Array(1 << 10);
  readonly #lists: number[][] = [];
  /** Places of lists that nobody uses. */
  readonly #free: number[] = [];
  /** Names from here on have no file. */
  #end = 0;

  /** A file that was added later has a higher number. */
  add(name: number, file: number): void {
    if (name >= this.#only.length) this.#grow(name + 1);
    this.#end = Math.max(this.#end, name + 1);
    const known = this.#only[name] ?? 0;
    if (known === 0) this.#only[name] = file;
    else if (known < LISTS) {
      const place = this.#free.pop() ?? this.#lists.length;
      this.#lists[place] = [known, file];
      this.#only[name] = LISTS + place;
    } else this.#lists[known - LISTS]?.push(file);
  }

  remove(name: number, file: number): void {
    const known = this.#only[name] ?? 0;
    if (known < LISTS) {
      if (known === file) this.#only[name] = 0;
      return;
    }
    const list = this.#lists[known - LISTS] ?? [];
    const at = list.lastIndexOf(file);
    if (at >= 0) list.splice(at, 1);
    if (list.length > 1) return;
    this.#only[name] = list[0] ?? 0;
    this.#lists[known - LISTS] = [];
    this.#free.push(known - LISTS);
  }

  /** Those that some file has. */
  *names(): Iterable<number> {
    for (let name = 0; name < this.#end; name++) if (this.#only[name] !== 0) yield name;
  }

  of(name: number): readonly number[] {
    const known = this.#only[name] ?? 0;
    if (known >= LISTS) return this.#lists[known - LISTS] ?? [];
    return known === 0 ? [] : [known];
  }

  #grow(least: number): void {
    const grown = new Uint32Array(Math.ceil(Math.max(least, 1.5 * this.#only.length)));
    grown.set(this.#only);
    this.#only = grown;
  }
}
