import type { CodeIndex, IndexedFile } from "./codeIndex.ts";

/** Which files import which, as far as the text tells: relative paths by the folder, everything else by the end of the name. */
export class ImportGraph {
  readonly #index: CodeIndex;
  /** Paths that a file imports, as long as no file comes or goes. */
  readonly #known = new WeakMap<
    IndexedFile,
    { readonly generation: number; readonly files: ReadonlySet<IndexedFile> }
  >();

  constructor(index: CodeIndex) {
    this.#index = index;
  }

  importsOf(file: IndexedFile): readonly IndexedFile[] {
    return [...this.#importsOf(file)];
  }

  /** `narrowed` leaves out some of those that may import it, before each is looked at. */
  importersOf(
    file: IndexedFile,
    narrowed: (files: readonly IndexedFile[]) => readonly IndexedFile[] = (files) => files,
  ): readonly IndexedFile[] {
    return narrowed(this.#index.mayImport(file)).filter((one) => one !== file && this.#importsOf(one).has(file));
  }

  /** The line of an import that leads from one file to another; 1 where none does. */
  lineOf(from: IndexedFile, to: IndexedFile): number {
    const { modules } = this.#index;
    const found = from.imports.find(
      ({ module, names = [] }) =>
        modules.find(module, from).files.includes(to) || modules.parts(module, names, from).includes(to),
    );
    return found?.line ?? 1;
  }

  #importsOf(file: IndexedFile): ReadonlySet<IndexedFile> {
    const { modules } = this.#index;
    const { generation } = modules;
    const known = this.#known.get(file);
    if (known?.generation === generation) return known.files;
    const files = new Set<IndexedFile>();
    for (const { module, names = [] } of file.imports) {
      for (const target of modules.find(module, file).files) files.add(target);
      for (const target of modules.parts(module, names, file)) files.add(target);
    }
    files.delete(file);
    this.#known.set(file, { generation, files });
    return files;
  }
}
