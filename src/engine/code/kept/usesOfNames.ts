import { ModuleFiles } from "../graph/moduleFiles.ts";
import { FilesByName } from "./filesByName.ts";
import type { KeptFile } from "./keptFile.ts";
import { usesOfRecord } from "./packFile.ts";

/** Which files use a name, by its number, and how; and what names of modules lead to. */
export class UsesOfNames {
  readonly callers = new FilesByName();
  readonly heirs = new FilesByName();
  readonly importers = new FilesByName();
  /** By the ends of what is imported. */
  readonly moduleUsers = new FilesByName();
  readonly modules = new ModuleFiles();

  add(file: KeptFile): void {
    for (const [files, names] of this.#listsOf(file)) for (const name of names) files.add(name, file.id);
    this.modules.add(file);
  }

  remove(file: KeptFile): void {
    for (const [files, names] of this.#listsOf(file)) for (const name of names) files.remove(name, file.id);
    this.modules.remove(file);
  }

  #listsOf({ record }: KeptFile): readonly (readonly [FilesByName, readonly number[]])[] {
    const { called, bases, imported, modules } = usesOfRecord(record);
    return [
      [this.callers, called],
      [this.heirs, bases],
      [this.importers, imported],
      [this.moduleUsers, modules],
    ];
  }
}
