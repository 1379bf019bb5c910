import { type IndexedFile, qualifiedName, CodeIndex } from "../../src/engine/code/codeIndex.ts";
import { isCode, type SymbolAt, symbolsOf } from "../../src/engine/code/graph/symbolAt.ts";
import { createTextIndex } from "../../src/engine/indexing/textIndex.ts";
import { fileParser } from "./parsedFile.ts";

/** Files that are written one after the other in one text, each after a line `=== path`. */
export function readTree(text: string): ReadonlyMap<string, string> {
  const files = text.split(/^=== (.+)\n/mu).slice(1);
  return new Map(files.flatMap((path, at) => (at % 2 === 0 ? [[path, files[at + 1] ?? ""] as const] : [])));
}

/** An index of files that are really parsed. */
export class CodeTree {
  readonly index = new CodeIndex({ createTextIndex });
  readonly #parser = fileParser();

  static async of(files: ReadonlyMap<string, string>): Promise<CodeTree> {
    const tree = new CodeTree();
    for (const [path, text] of files) await tree.write(path, text);
    return tree;
  }

  async write(path: string, text: string): Promise<void> {
    const parser = await this.#parser;
    this.index.add({ path, blob: text, text, parsed: await parser.parse({ path, text }) });
  }

  file(path: string): IndexedFile {
    const file = this.index.fileAt(path);
    if (file === undefined) throw new Error(`There is no ${path}.`);
    return file;
  }

  /** `src/store.ts#Store.load` */
  symbol(name: string): SymbolAt {
    const [path = "", wanted] = name.split("#");
    const found = symbolsOf(this.file(path)).find((one) => isCode(one) && qualifiedName(one.symbol) === wanted);
    if (found === undefined) throw new Error(`There is no ${name}.`);
    return found;
  }
}
