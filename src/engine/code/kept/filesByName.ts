/** Which files have a name, by the numbers of both. Most names are in one file, and cost one slot. */
export class FilesByName {
  readonly #files: (number | number[] | undefined)[] = [];

  /** A file that was added later has a higher number. */
  add(name: number, file: number): void {
    while (this.#files.length <= name) this.#files.push(undefined);
    const known = this.#files[name];
    if (known === undefined) this.#files[name] = file;
    else if (typeof known === "number") this.#files[name] = [known, file];
    else known.push(file);
  }

  remove(name: number, file: number): void {
    const known = this.#files[name];
    if (known === file) this.#files[name] = undefined;
    if (typeof known !== "object") return;
    const at = known.lastIndexOf(file);
    if (at >= 0) known.splice(at, 1);
    if (known.length === 1) this.#files[name] = known[0];
  }

  /** Those that some file has. */
  *names(): Iterable<number> {
    for (let name = 0; name < this.#files.length; name++) if (this.of(name).length > 0) yield name;
  }

  of(name: number): readonly number[] {
    const known = this.#files[name];
    if (known === undefined) return [];
    return typeof known === "number" ? [known] : known;
  }
}
